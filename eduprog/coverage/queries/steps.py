"""How often each lesson was planned and each of its steps done, by year group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from eduprog.coverage.queries.classes import ClassRow, classes_of
from eduprog.coverage.queries.lessons_of_classes import STEP, lesson_of, planned_words, taught_words
from eduprog.coverage.rules.steps import DoneCount, LessonCount, StepCount, step_counts
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup


def steps_of_year(academic_year_id: int) -> list[StepCount]:
    """Give every step of a year's lessons with how often it was planned and done, youngest first. Three statements.

    A class of several year groups counts in each. A lesson taught in parts is planned once.
    """
    classes = classes_of(academic_year_id)
    ids = [one.id for one in classes]
    planned = [
        LessonCount(year, *lesson_of(words), number)
        for (year, words), number in _by_year_group(classes, planned_words(ids)).items()
    ]
    done = []
    for (year, words), number in _by_year_group(classes, taught_words(ids)).items():
        lesson, _, step = words.partition(STEP)
        done.append(DoneCount(year, *lesson_of(lesson), int(step or 0), number))
    return step_counts(planned, done, catalogue.current().modules)


def _by_year_group(classes: Iterable[ClassRow], words: Mapping[int, list[str]]) -> dict[tuple[YearGroup, str], int]:
    """Count words over the classes of each year group."""
    counted: dict[YearGroup, Counter[str]] = {}
    for one in classes:
        for year in one.year_groups:
            counted.setdefault(year, Counter()).update(words.get(one.id, ()))
    return {(year, word): number for year, several in counted.items() for word, number in several.items()}
