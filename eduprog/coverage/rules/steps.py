"""What of the lessons was planned and done, step by step, and what that adds up to: methods, skills, who works with whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import NamedTuple, TypeVar

from eduprog.curriculum.schema import LessonModule, Step
from eduprog.curriculum.vocabulary import Grouping, Method, Skill, Strand, YearGroup

K = TypeVar("K", bound=Hashable)
RELATIONSHIP_STRANDS = (Strand.RESPECT, Strand.CONSENT)
"""Lessons that build relationship skills; those of the other strands are about safety."""
WITH_EACH_OTHER = (Grouping.PAIRS, Grouping.SMALL_GROUPS)


class LessonCount(NamedTuple):
    """In how many classes of a year group a lesson stands in the plan."""

    year_group: YearGroup
    module_id: str
    lesson_number: int
    classes: int


class DoneCount(NamedTuple):
    """How many records say that a lesson was taught whole (`step` 0) or that one of its steps was done."""

    year_group: YearGroup
    module_id: str
    lesson_number: int
    step: int
    records: int


class StepCount(NamedTuple):
    """One step of one lesson in a year group: how many times it was planned and done."""

    year_group: YearGroup
    module: LessonModule
    step: Step
    planned: int
    done: int
    lesson_number: int = 0


class Share(NamedTuple):
    """Minutes done of minutes planned."""

    done: int = 0
    planned: int = 0


def step_counts(
    planned: Iterable[LessonCount], done: Iterable[DoneCount], modules: Mapping[str, LessonModule]
) -> list[StepCount]:
    """Give every step of every lesson planned or taught, by year group. Lessons no longer known are left out."""
    plans: Counter[tuple[YearGroup, str, int]] = Counter()
    for year, module_id, number, classes in planned:
        plans[year, module_id, number] += classes
    records: dict[tuple[YearGroup, str, int], dict[int, int]] = defaultdict(dict)
    for one in done:
        given = records[one.year_group, one.module_id, one.lesson_number]
        given[one.step] = given.get(one.step, 0) + one.records
    found: list[StepCount] = []
    for year, module_id, number in sorted({*plans, *records}, key=lambda key: (key[0].number, key[1], key[2])):
        module = modules.get(module_id)
        if module is None or number > len(module.lessons):
            continue
        times, given = plans[year, module_id, number], records.get((year, module_id, number), {})
        whole = given.get(0, 0)
        found += [
            StepCount(year, module, step, times, whole + given.get(step.number, 0), number)
            for step in module.lessons[number - 1].steps
        ]
    return found


def minutes_by(counts: Iterable[StepCount], keys: Callable[[StepCount], Iterable[K]]) -> dict[tuple[YearGroup, K], Share]:
    """Add up minutes done and planned by year group and whatever the key names; a step with several keys counts for each."""
    sums: dict[tuple[YearGroup, K], list[int]] = {}
    for one in counts:
        year, _module, step, planned, done, _number = one
        minutes = step.minutes
        for key in keys(one):
            both = sums.get((year, key))
            if both is None:
                both = sums[year, key] = [0, 0]
            both[0] += done * minutes
            both[1] += planned * minutes
    return {place: Share(*both) for place, both in sums.items()}


def by_method(counts: Iterable[StepCount]) -> dict[tuple[YearGroup, Method], Share]:
    """Give the minutes of each method by year group."""
    return minutes_by(counts, lambda one: (one.step.method,))


def by_skill(counts: Iterable[StepCount]) -> dict[tuple[YearGroup, Skill], Share]:
    """Give the minutes in which each skill is practised, by year group; a step that names two counts for both."""
    return minutes_by(counts, lambda one: one.step.skills)


def by_grouping(counts: Iterable[StepCount]) -> dict[tuple[YearGroup, bool], Share]:
    """Give the minutes in pairs and small groups (True) and the others, by year group."""
    return minutes_by(counts, lambda one: (one.step.grouping in WITH_EACH_OTHER,))


def by_purpose(counts: Iterable[StepCount]) -> dict[tuple[YearGroup, bool], Share]:
    """Give the minutes of respect and consent lessons (True) and of the safety strands, by year group."""
    return minutes_by(counts, lambda one: (one.module.strand in RELATIONSHIP_STRANDS,))
