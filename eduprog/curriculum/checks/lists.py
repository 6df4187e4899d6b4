"""Checks of the closed lists themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from eduprog.curriculum.checks.context import Context
from eduprog.curriculum.frameworks import Framework
from eduprog.curriculum.programme import ProgrammeEntry
from eduprog.curriculum.reading import Reading
from eduprog.curriculum.text.places import Path, Places
from eduprog.curriculum.vocabulary import (
    ActKind,
    Aspect,
    EvidenceTag,
    FollowUpPoint,
    Gate,
    Grouping,
    Message,
    Method,
    Purpose,
    Skill,
    Stage,
    Strand,
    YearGroup,
)

_NAMED: dict[str, type[StrEnum]] = {
    "strands": Strand,
    "skills": Skill,
    "messages": Message,
    "methods": Method,
    "gates": Gate,
    "evidence": EvidenceTag,
    "groupings": Grouping,
    "purposes": Purpose,
    "aspects": Aspect,
    "acts": ActKind,
}


def check_lists(reading: Reading, context: Context) -> None:
    """Note what is missing from or repeated in vocabulary, programme, help sources and frameworks."""
    if context.vocabulary:
        for name, members in _NAMED.items():
            for member in members:
                if member not in getattr(context.vocabulary, name):
                    reading.vocabulary.places.fault_at((name,), f'"{member}" has no label in {name}; add it.')
    if reading.help_sources.value:
        ids = [source.id for source in reading.help_sources.value.sources]
        repeated(ids, ("sources",), reading.help_sources.places, "help source")
        for index, source in enumerate(reading.help_sources.value.sources):
            if source.expires_on <= source.verified_on:
                path = ("sources", index, "expires_on")
                reading.help_sources.places.fault_at(path, f"{source.id} expires before it was verified; mend the dates.")
    _check_programme(reading)
    _check_frameworks(reading)


def repeated(ids: Iterable[str], path: tuple[str | int, ...], places: Places, what: str) -> None:
    """Note every id of a list that stands there a second time."""
    seen: set[str] = set()
    for index, one in enumerate(ids):
        if one in seen:
            places.fault_at((*path, index), f'The {what} "{one}" stands here a second time; ids are used once.')
        seen.add(one)


def _check_programme(reading: Reading) -> None:
    programme, places = reading.programme.value, reading.programme.places
    if programme is None:
        return
    if reading.framework is None:
        places.fault_at(("framework",), f'"{programme.framework}" is no framework that could be read.')
    for point in FollowUpPoint:
        if point not in programme.follow_ups:
            places.fault_at(("follow_ups",), f"The default window of {point} is missing; add it.")
    if [stage.id for stage in programme.stages] != list(Stage):
        places.fault_at(("stages",), f"The stages must be {', '.join(Stage)}, each once and in this order.")
    seen: set[str] = set()
    for index, stage in enumerate(programme.stages):
        for number, entry in enumerate(stage.modules):
            _check_entry(entry, stage.id, seen, ("stages", index, "modules", number), places)


def _check_entry(entry: ProgrammeEntry, stage: Stage, seen: set[str], path: Path, places: Places) -> None:
    if entry.id in seen:
        places.fault_at(path, f"{entry.id} stands here a second time; a module has one place in the programme.")
    seen.add(entry.id)
    outside = [year for year in entry.years if year not in stage.years]
    if outside:
        places.fault_at(path, f"{outside[0].label} is not a year group of {stage}.")
    early = entry.first_lesson_from
    if early is not None and (early not in stage.years or not _is_younger(early, entry.years)):
        places.fault_at(path, f"first_lesson_from of {entry.id} must be a year group of {stage} younger than its own.")
    if any(first > last for first, last in entry.follow_ups.values()):
        places.fault_at(path, f"A follow-up window of {entry.id} ends before it begins.")


def _is_younger(early: YearGroup, years: Sequence[YearGroup]) -> bool:
    order = list(YearGroup)
    return order.index(early) < min(map(order.index, years))


def _check_frameworks(reading: Reading) -> None:
    for part in reading.frameworks:
        if part.value is not None:
            repeated([one.id for one in part.value.written], ("statements",), part.places, "statement")
            _check_totals(part.value, part.places)
            _check_clause_ids(part.value, part.places)


def _check_totals(framework: Framework, places: Places) -> None:
    for index, heading in enumerate(framework.headings):
        ours = sum(one.heading == heading.id and one.in_pack for one in framework.statements)
        if ours != heading.in_pack:
            sentence = f"{heading.id} says {heading.in_pack} items are in the pack, but {ours} are marked so."
            places.fault_at(("headings", index), sentence)
        listed = sum(one.heading == heading.id for one in framework.statements)
        if framework.is_complete and listed != heading.items:
            sentence = f"{heading.id} has {heading.items} items but {listed} are listed; list all or write another `state`."
            places.fault_at(("headings", index), sentence)
    if not framework.is_complete and not framework.note:
        places.fault_at(("state",), "A framework that is not complete says in `note` what is missing and what was not verified.")
    for index, phase in enumerate(framework.phases):
        items = sum(heading.items for heading in framework.headings if heading.phase == phase.id)
        if items != phase.items:
            places.fault_at(("phases", index), f"{phase.label} says {phase.items} items, but its headings have {items}.")


def _check_clause_ids(framework: Framework, places: Places) -> None:
    for index, written in enumerate(framework.written):
        for number, clause in enumerate(written.clauses):
            if clause.id.rstrip("abcdefgh") != written.id:
                path = ("statements", index, "clauses", number)
                places.fault_at(path, f"{clause.id} is not a clause of {written.id}; mend its id.")
