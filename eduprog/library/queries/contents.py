"""What the library's pages show: the curriculum with this school's own words and help card in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from eduprog.core.errors import NotHere
from eduprog.core.tenancy import has_current_school
from eduprog.curriculum import catalogue
from eduprog.curriculum.catalogue import ActIsClosed, UnknownAct, UnknownModule
from eduprog.curriculum.help_sources import HelpAudience, HelpSource
from eduprog.curriculum.placeholders import Placeholder, fill
from eduprog.curriculum.schema import Lesson, LessonModule
from eduprog.curriculum.schema.acts import Act
from eduprog.curriculum.vocabulary import ActKind, Stage
from eduprog.gates import queries as gates
from eduprog.organisations import queries as organisations


@dataclass(frozen=True)
class HelpPart:
    """One part of a help card: a title and Markdown, or services and how to reach them."""

    title: str
    text: str = ""
    services: tuple[tuple[str, tuple[str, ...]], ...] = ()


def module(module_id: str) -> LessonModule:
    """Give a module. Raises NotHere, for a closed one (gate G2) too: no sign-off that would open it can be recorded yet."""
    try:
        found = catalogue.current().module(module_id)
    except UnknownModule:
        raise NotHere from None
    if found.is_closed:
        raise NotHere
    return found


def act(act_id: str) -> Act:
    """Give an open act. Raises NotHere, for one of a closed pack too."""
    try:
        return catalogue.current().act(act_id)
    except (UnknownAct, ActIsClosed):
        raise NotHere from None


def acts() -> list[tuple[ActKind, list[Act]]]:
    """Give the live open acts by kind, in the order of the kinds and within one by stage."""
    order = list(Stage)
    live = [one for one in catalogue.current().acts.values() if one.is_live]
    live.sort(key=lambda one: (order.index(one.stages[0]) if one.stages else -1, one.id))
    by_kind = [(kind, [one for one in live if one.kind is kind]) for kind in ActKind]
    return [(kind, found) for kind, found in by_kind if found]


def lesson(module_id: str, number: int) -> tuple[LessonModule, Lesson]:
    """Give a module and one of its lessons. Raises NotHere."""
    found = module(module_id)
    if not 1 <= number <= len(found.lessons):
        raise NotHere
    return found, found.lessons[number - 1]


def filler(on: date | None = None) -> Callable[[str], str]:
    """Give what fills the placeholders of lesson text with the current school's words, or generic ones without a school.

    With a day the words are for a screen on that day: a deputy who stands in then is named in the place of the DSL.
    """
    words = dict(school_words())
    standing_in = gates.lead_on(on) if on is not None and words else None
    if standing_in is not None and standing_in.until is not None:
        words[Placeholder.DSL] = standing_in.name
        if standing_in.place:
            words[Placeholder.TRUSTED_ADULT_PLACE] = standing_in.place
    return partial(fill, values=words)


def school_words() -> Mapping[Placeholder, str]:
    """Give the current school's words for the placeholders; those it has not chosen are left to the generic ones."""
    if not has_current_school():
        return {}
    school, chosen = organisations.current_school(), organisations.school_settings()
    words = {
        Placeholder.SCHOOL: school.name,
        Placeholder.DSL: chosen.dsl_name,
        Placeholder.TRUSTED_ADULT_PLACE: chosen.dsl_place,
        Placeholder.QUESTION_BOX_READER: chosen.question_box_reader,
    }
    return {placeholder: text for placeholder, text in words.items() if text}


def help_parts(of: LessonModule, today: date, words: Callable[[str], str] | None = None) -> list[HelpPart]:
    """Give a module's help card with this school's people (or those `words` fill in) and the services that may be shown today."""
    words = words or filler(today)
    card = of.help_card
    parts = [
        HelpPart("In school", words(card.people)),
        HelpPart("Someone to ring or write to", words(card.source_note), services(card.sources, HelpAudience.PUPIL, today)),
        HelpPart("What happens next", words(card.what_happens_next)),
        HelpPart("Not your fault", words(card.not_your_fault)),
    ]
    if card.worried_about_something_i_did:
        parts.append(HelpPart("Worried about something I did", words(card.worried_about_something_i_did)))
    return parts


def services(ids: tuple[str, ...], audience: HelpAudience, today: date) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Give names and ways to reach help sources, leaving out those that must be checked again before anyone sees them."""
    known = catalogue.current().help_sources
    chosen = [known[one] for one in ids if one in known]
    return tuple((one.name, ways_to_reach(one)) for one in chosen if one.shown_on(today) and audience in one.audience)


def ways_to_reach(source: HelpSource) -> tuple[str, ...]:
    """Give how to reach a help source, a line each."""
    verbs = {"ring": "Ring", "text": "Text", "web": "Visit", "email": "Write to", "find": ""}
    return tuple(
        f"{verbs[way.kind.value]} {way.value}{' (' + way.note + ')' if way.note else ''}".strip() for way in source.contact
    )
