"""What the help page of a school says to the pupils of a stage: the same words and services as its poster and pocket card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from eduprog.core.errors import NotHere
from eduprog.curriculum import catalogue
from eduprog.curriculum.help_sources import HelpAudience
from eduprog.curriculum.schema.acts import Act
from eduprog.curriculum.vocabulary import ActKind, Stage
from eduprog.library.queries.contents import HelpPart, filler, services
from eduprog.organisations import queries as organisations


@dataclass(frozen=True)
class PupilsHelp:
    """A school's help for the pupils of a stage: three doors, then people, services and what happens next."""

    school: str
    deputies: str
    stage: Stage
    doors: tuple[HelpPart, ...]
    parts: tuple[HelpPart, ...]


def door_act(stage: Stage, kind: ActKind) -> Act:
    """Give the help poster or pocket card of a stage. Raises NotHere."""
    for act in catalogue.current().acts_for(stage):
        if act.kind is kind and act.help_doors is not None:
            return act
    raise NotHere


def pupils_help(stage: Stage, today: date) -> PupilsHelp:
    """Give the help page of the current school for a stage, with the services that may be shown today. Raises NotHere."""
    card = door_act(stage, ActKind.HELP_POSTER).help_doors
    assert card is not None
    words = filler(today)
    school, chosen = organisations.current_school(), organisations.school_settings()
    known = services(card.sources, HelpAudience.PUPIL, today)
    doors = [
        HelpPart(
            door.title, words(door.text), tuple(s for s in services(door.sources, HelpAudience.PUPIL, today) if s not in known)
        )
        for door in card.doors
    ]
    parts = (
        HelpPart("In school", words(card.people)),
        HelpPart("Someone to ring or write to", words(card.source_note), known),
        HelpPart("What happens next", words(card.what_happens_next)),
        HelpPart("Not your fault", words(card.not_your_fault)),
    )
    return PupilsHelp(school.name, chosen.dsl_deputies, stage, tuple(doors), parts)
