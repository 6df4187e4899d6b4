"""Checks of help cards and of every help source a module names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from eduprog.curriculum.checks.context import BOUNDS, Context
from eduprog.curriculum.help_sources import HelpAudience, HelpSource
from eduprog.curriculum.reading import ModuleFiles
from eduprog.curriculum.schema import HelpCard, ModuleHead
from eduprog.curriculum.text.places import Path, Places
from eduprog.curriculum.vocabulary import Stage

SAID_ON_EVERY_CARD = {
    "not your fault": re.compile(r"not (?:\w+ )?your fault|n[o']t your fault|never your fault", re.IGNORECASE),
    "not in trouble": re.compile(
        r"not (?:be )?in (?:any )?trouble|n't (?:be )?in (?:any )?trouble|not get (?:you )?into trouble", re.I
    ),
}


def check_help_sources(files: ModuleFiles, context: Context) -> None:
    """Note unknown help sources, those for other ages or readers, and what a help card leaves unsaid."""
    head = files.head.value
    if head is None:
        return
    _check_card(head.help_card, head, files.head.places)
    if context.help_sources is None:
        return
    card_path = ("help_card", "sources")
    known = known_sources(head.help_card.sources, card_path, HelpAudience.PUPIL, files.head.places, context.help_sources)
    _check_ages(known, card_path, head.stage, files.head.places)
    if files.home_activity.value is not None:
        named = files.home_activity.value.help_sources
        path = ("help_sources",)
        if not named:
            files.home_activity.places.fault_at(path, "No help source is named; add one such as `- source: nspcc-helpline`.")
        known_sources(named, path, HelpAudience.PARENT, files.home_activity.places, context.help_sources)


def known_sources(
    named: Sequence[str], path: Path, audience: HelpAudience, places: Places, sources: Mapping[str, HelpSource]
) -> list[tuple[int, HelpSource]]:
    """Return the help sources named, with their places in the list; note those unknown or for other readers."""
    known = []
    for index, source_id in enumerate(named):
        source = sources.get(source_id)
        if source is None:
            places.fault_at((*path, index), f'"{source_id}" is not in help-sources.yaml; check its id or add it there.')
        elif audience not in source.audience:
            readers = ", ".join(source.audience)
            places.fault_at((*path, index), f"{source.name} is for {readers}; name one that is for a {audience}.")
        else:
            known.append((index, source))
    return known


def _check_ages(known: list[tuple[int, HelpSource]], path: Path, stage: Stage, places: Places) -> None:
    first, last = BOUNDS[stage].ages
    for index, source in known:
        if source.ages.last < first or source.ages.first > last:
            sentence = f"{source.name} is shown to ages {source.ages.first} to {source.ages.last}; {stage} is {first} to {last}."
            places.fault_at((*path, index), sentence)
    if known and not any(source.serves(first_age=first, last_age=last) for _, source in known):
        places.fault_at(path, f"No source here serves all ages {first} to {last}; add one that does, such as childline.")


def _check_card(card: HelpCard, head: ModuleHead, places: Places) -> None:
    for words, pattern in SAID_ON_EVERY_CARD.items():
        if not pattern.search(card.not_your_fault):
            places.fault_at(("help_card", "not_your_fault"), f'This part of the help card must say "{words}".')
    if not head.stage.is_primary and not card.worried_about_something_i_did:
        sentence = 'From K3 the help card has a part "Worried about something I did"; add it.'
        places.fault_at(("help_card",), sentence)
