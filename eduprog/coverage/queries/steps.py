"""How often each lesson was planned and done, whole or by steps, by year group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import lru_cache
from typing import TypeVar

from eduprog.coverage.queries.classes import ClassRow, classes_of
from eduprog.coverage.queries.lessons_of_classes import done_of, lesson_of, lesson_words
from eduprog.coverage.rules.steps import LessonKey, LessonParts, LessonsOfYear, parts_of
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup

_Read = TypeVar("_Read", bound=Hashable)


def lessons_of_year(academic_year_id: int) -> LessonsOfYear:
    """Give the lessons of a year with how often each was planned and done. Two statements.

    A class of several year groups counts in each. A lesson taught in parts is planned once.
    """
    classes = classes_of(academic_year_id)
    planned, taught = lesson_words(academic_year_id)
    known = _parts(catalogue.current().content_hash)
    return LessonsOfYear(_by_year_group(classes, planned, lesson_of), _by_year_group(classes, taught, done_of), known)


@lru_cache(maxsize=8)
def _parts(_content_hash: str) -> Mapping[LessonKey, LessonParts]:
    """Give what every lesson of a curriculum holds, worked out once for it."""
    modules = catalogue.current().modules.values()
    return {(module.id, lesson.number): parts_of(module, lesson) for module in modules for lesson in module.lessons}


def _by_year_group(
    classes: Iterable[ClassRow], words: Mapping[int, list[str]], read: Callable[[str], _Read]
) -> dict[YearGroup, dict[_Read, int]]:
    """Count words over the classes of each year group, then read them."""
    counted: dict[YearGroup, Counter[str]] = {}
    for one in classes:
        for year in one.year_groups:
            counted.setdefault(year, Counter()).update(words.get(one.id, ()))
    return {year: {read(word): number for word, number in several.items()} for year, several in counted.items()}
