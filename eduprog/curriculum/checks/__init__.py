"""The checks of docs/lesson-format.md that need to know what a file means. Each notes faults where the text stands."""

from __future__ import annotations

from eduprog.curriculum.checks import (
    companions,
    coverage,
    head,
    help_cards,
    identity,
    lesson,
    lists,
    parts,
    reading_level,
    wording,
)
from eduprog.curriculum.checks.context import Context
from eduprog.curriculum.reading import Reading

__all__ = ["check_reading"]


def check_reading(reading: Reading, *, wording_too: bool = True) -> None:
    """Note every fault of meaning in the places of the file it stands in. Faults of form are there already.

    Without `wording_too` the style of the texts (reading age, language, names of products) is passed over: a program
    that starts must know that lessons are whole and safe to show, authors and CI that they are well written.
    """
    context = Context(
        vocabulary=reading.vocabulary.value,
        programme=reading.programme.value,
        framework=reading.framework,
        help_sources=reading.help_sources.value.by_id() if reading.help_sources.value else None,
        module_ids=frozenset(files.head.value.id for files in reading.modules if files.head.value),
    )
    lists.check_lists(reading, context)
    identity.check_identities(reading, context)
    for files in reading.modules:
        for places in files.places:
            wording.check_lines(places)
        if files.head.value is None:
            continue
        head.check_head(files.head.value, files.head.places, context)
        help_cards.check_help_sources(files, context)
        for part in files.lessons:
            if part.value is not None:
                lesson.check_lesson(part.value, part.places, files.head.value, context)
                parts.check_parts(part.value, part.places, files.head.value)
        companions.check_companions(files)
        coverage.check_coverage(files, context)
        if wording_too:
            wording.check_wording(files, context)
            reading_level.check_reading_level(files)
