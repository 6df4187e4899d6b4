"""What of the lessons was planned and done, and what that adds up to: methods, skills, who works with whom.

A lesson taught whole counts as one; only where single steps were recorded is it looked into.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from eduprog.curriculum.checks.people import COUNTED
from eduprog.curriculum.schema import Lesson, LessonModule, Step
from eduprog.curriculum.vocabulary import Grouping, Message, Method, Skill, Strand, YearGroup

K = TypeVar("K", bound=Hashable)
LessonKey = tuple[str, int]
RELATIONSHIP_STRANDS = (Strand.RESPECT, Strand.CONSENT)
"""Lessons that build relationship skills; those of the other strands are about safety."""
WITH_EACH_OTHER = (Grouping.PAIRS, Grouping.SMALL_GROUPS)


class Parts(NamedTuple):
    """What a lesson or one step of it holds: its minutes, all and by what they are spent on, its messages and its people."""

    minutes: int
    methods: Mapping[Method, int]
    skills: Mapping[Skill, int]
    together: Mapping[bool, int]
    """In pairs and small groups (True), and otherwise."""
    relationship: Mapping[bool, int]
    """In respect and consent lessons (True), and in those of the safety strands."""
    messages: tuple[Message, ...]
    groups: frozenset[str]
    """The groups whose characters stand in its scenarios."""


class LessonParts(NamedTuple):
    """A lesson as boards count it, whole and by the numbers of its steps; it hangs on the curriculum alone."""

    module: LessonModule
    whole: Parts
    steps: Mapping[int, Parts]


class LessonCount(NamedTuple):
    """One lesson in a year group: in how many plans of classes it stands, how many records say that it was taught whole.

    `steps` says by number of a step how many more say that this one was done.
    """

    year_group: YearGroup
    lesson: LessonParts
    planned: int
    whole: int
    steps: Mapping[int, int]

    @property
    def begun(self) -> int:
        """Give how many times its first step was done."""
        return self.whole + self.steps.get(1, 0)

    def done(self) -> Iterator[tuple[int, Parts]]:
        """Give what of it was done how many times."""
        if self.whole:
            yield self.whole, self.lesson.whole
        for number, times in self.steps.items():
            yield times, self.lesson.steps[number]


class Share(NamedTuple):
    """Minutes done of minutes planned."""

    done: int = 0
    planned: int = 0


def parts_of(module: LessonModule, lesson: Lesson) -> LessonParts:
    """Give what a lesson holds."""
    return LessonParts(
        module, _parts(module, lesson, lesson.steps), {step.number: _parts(module, lesson, [step]) for step in lesson.steps}
    )


def _parts(module: LessonModule, lesson: Lesson, steps: Iterable[Step]) -> Parts:
    methods, skills, together, groups = Counter[Method](), Counter[Skill](), Counter[bool](), set[str]()
    for step in steps:
        methods[step.method] += step.minutes
        together[step.grouping in WITH_EACH_OTHER] += step.minutes
        for skill in step.skills:
            skills[skill] += step.minutes
        if step.scenario is not None:
            groups |= _groups_of(person.tags for person in lesson.scenario(step.scenario).people)
    minutes = together.total()
    relationship = {module.strand in RELATIONSHIP_STRANDS: minutes}
    return Parts(minutes, methods, skills, together, relationship, tuple(module.messages), frozenset(groups))


def _groups_of(people: Iterable[Iterable[str]]) -> set[str]:
    tags = [frozenset(one) for one in people]
    return {group for group, needed in COUNTED.items() for one in tags if all(some & one for some in needed)}


def lesson_counts(
    planned: Mapping[YearGroup, Mapping[LessonKey, int]],
    done: Mapping[YearGroup, Mapping[tuple[LessonKey, int], int]],
    known: Mapping[LessonKey, LessonParts],
) -> list[LessonCount]:
    """Give every lesson planned or taught, youngest year group first, then by module. Lessons no longer known are left out.

    `planned` counts classes; `done` counts records by lesson and number of a step, 0 for those of the whole lesson.
    """
    found: list[LessonCount] = []
    for year in sorted({*planned, *done}, key=lambda year: year.number):
        plans, records = planned.get(year, {}), dict[LessonKey, dict[int, int]]()
        for (lesson, step), times in done.get(year, {}).items():
            records.setdefault(lesson, {})[step] = times
        for key in sorted({*plans, *records} & known.keys()):
            parts, given = known[key], records.get(key, {})
            steps = {number: times for number, times in given.items() if number in parts.steps}
            found.append(LessonCount(year, parts, plans.get(key, 0), given.get(0, 0), steps))
    return found


def _shares(counts: Iterable[LessonCount], of: Callable[[Parts], Mapping[K, int]]) -> dict[tuple[YearGroup, K], Share]:
    """Add up minutes done and planned by year group and whatever they are given by."""
    sums: dict[YearGroup, tuple[dict[K, int], dict[K, int]]] = {}
    for year, lesson, times_planned, times_whole, steps in counts:
        done, planned = sums.setdefault(year, ({}, {}))
        for key, minutes in of(lesson.whole).items():
            done[key] = done.get(key, 0) + times_whole * minutes
            planned[key] = planned.get(key, 0) + times_planned * minutes
        for number, times in steps.items():
            for key, minutes in of(lesson.steps[number]).items():
                done[key] += times * minutes
    return {(year, key): Share(done[key], planned[key]) for year, (done, planned) in sums.items() for key in planned}


def by_method(counts: Iterable[LessonCount]) -> dict[tuple[YearGroup, Method], Share]:
    """Give the minutes of each method by year group."""
    return _shares(counts, lambda one: one.methods)


def by_skill(counts: Iterable[LessonCount]) -> dict[tuple[YearGroup, Skill], Share]:
    """Give the minutes in which each skill is practised, by year group; a step that names two counts for both."""
    return _shares(counts, lambda one: one.skills)


def by_grouping(counts: Iterable[LessonCount]) -> dict[tuple[YearGroup, bool], Share]:
    """Give the minutes in pairs and small groups (True) and the others, by year group."""
    return _shares(counts, lambda one: one.together)


def by_purpose(counts: Iterable[LessonCount]) -> dict[tuple[YearGroup, bool], Share]:
    """Give the minutes of respect and consent lessons (True) and of the safety strands, by year group."""
    return _shares(counts, lambda one: one.relationship)
