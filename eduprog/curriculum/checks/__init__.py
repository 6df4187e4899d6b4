"""The checks of docs/lesson-format.md that need to know what a file means. Each notes faults where the text stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eduprog.curriculum.checks import (
    acts,
    companions,
    coverage,
    head,
    help_cards,
    identity,
    lesson,
    lists,
    parts,
    people,
    plan,
    reading_level,
    wording,
)
from eduprog.curriculum.checks.context import Context
from eduprog.curriculum.checks.readable import readable_files
from eduprog.curriculum.checks.reading_level import Reader
from eduprog.curriculum.language import Judge
from eduprog.curriculum.reading import ModuleFiles, Reading

__all__ = ["Measured", "check_module", "check_reading", "check_style", "check_whole"]


@dataclass(frozen=True)
class Measured:
    """What the checks of style measured; `language_findings` counts wording kept without need as well."""

    grades: Mapping[Reader, float]
    language_findings: int


def check_reading(reading: Reading) -> None:
    """Note what is missing, contradictory or unsafe to show. A program that starts needs no more than this."""
    context = _context(reading)
    lists.check_lists(reading, context)
    identity.check_identities(reading, context)
    for files in reading.modules:
        check_module(files, context)
    for act in reading.acts:
        wording.check_lines(act.places)
    acts.check_acts(reading, context)


def check_module(files: ModuleFiles, context: Context) -> None:
    """Note what is missing, contradictory or unsafe to show in the files of one module."""
    for places in files.places:
        wording.check_lines(places)
    if files.head.value is None:
        return
    head.check_head(files.head.value, files.head.places, context)
    help_cards.check_help_sources(files, context)
    for part in files.lessons:
        if part.value is not None:
            lesson.check_lesson(part.value, part.places, files.head.value, context)
            parts.check_parts(part.value, part.places, files.head.value)
    companions.check_companions(files)
    coverage.check_coverage(files, context)


def check_style(reading: Reading, judge: Judge | None) -> Measured:
    """Note texts too hard for their readers, names of products, and what the language rules find; for authors and CI.

    Returns the highest reading grade of any file for each reader, and how many times the language rules found something.
    """
    context = _context(reading)
    grades: dict[Reader, float] = {}
    findings = 0
    files = list(readable_files(reading))
    found = judge.findings(wording.asked_of(files)) if judge else {}
    for file in files:
        wording.check_names(file, context)
        before = len(file.places.faults)
        if judge is not None:
            wording.check_language(file, found)
        findings += len(file.places.faults) - before
        for reader, reached in reading_level.check_reading_level(file).items():
            grades[reader] = max(grades.get(reader, 0.0), reached)
    return Measured(grades, findings)


def check_whole(reading: Reading) -> None:
    """Note what the written stages as a whole lack: planned clauses, skills and messages, and who appears in them."""
    plan.check_plan(reading)
    people.check_people(reading)


def _context(reading: Reading) -> Context:
    return Context(
        vocabulary=reading.vocabulary.value,
        programme=reading.programme.value,
        framework=reading.framework,
        help_sources=reading.help_sources.value.by_id() if reading.help_sources.value else None,
        module_ids=frozenset(files.head.value.id for files in reading.modules if files.head.value),
    )
