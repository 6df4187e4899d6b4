"""What of the lessons was planned and done, and what that adds up to: methods, skills, who works with whom.

A lesson taught whole counts as one; only where single steps were recorded is it looked into.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from eduprog.curriculum.checks.people import COUNTED
from eduprog.curriculum.schema import Lesson, LessonModule, Step
from eduprog.curriculum.vocabulary import Grouping, Message, Method, Skill, Stage, Strand, YearGroup

K = TypeVar("K", bound=Hashable)
LessonKey = tuple[str, int]
RELATIONSHIP_STRANDS = (Strand.RESPECT, Strand.CONSENT)
"""Lessons that build relationship skills; those of the other strands are about safety."""
WITH_EACH_OTHER = (Grouping.PAIRS, Grouping.SMALL_GROUPS)


class Sums(NamedTuple):
    """What lessons or their steps hold, added up; what adds up to nothing is left out."""

    methods: Mapping[Method, int]
    """Minutes of each, as those that follow."""
    skills: Mapping[Skill, int]
    together: Mapping[bool, int]
    """In pairs and small groups (True), and otherwise."""
    relationship: Mapping[bool, int]
    """In respect and consent lessons (True), and in those of the safety strands."""
    messages: Mapping[Message, int]
    """How many times each stood in them."""
    groups: Mapping[str, int]
    """How many times characters of a group stood in their scenarios."""
    begun: Mapping[Stage, int]
    """How many times a lesson of a stage was begun: its first step is among them."""


NOTHING = Sums({}, {}, {}, {}, {}, {}, {})
_KINDS: tuple[tuple[Any, ...], ...] = (
    tuple(Method), tuple(Skill), (True, False), (True, False), tuple(Message), tuple(COUNTED), tuple(Stage),
)  # fmt: skip
_LANE = 32
"""Bits in which each thing is added up: a lesson is also one number, so that all it holds is added at once."""
_PLACES = {
    place: number * _LANE
    for number, place in enumerate((kind, member) for kind, members in enumerate(_KINDS) for member in members)
}
_LANES = struct.Struct(f"<{len(_PLACES)}I")


def _sums_in(total: int) -> Sums:
    """Read a sum of what lessons hold."""
    figures = iter(_LANES.unpack(total.to_bytes(_LANES.size, "little")))
    return Sums(*({member: found for member in members if (found := next(figures))} for members in _KINDS))


class LessonParts(NamedTuple):
    """A lesson as boards count it, whole and by the numbers of its steps; it hangs on the curriculum alone."""

    module: LessonModule
    whole: int
    """All it holds, as the number that is added up, and below what each of its steps holds."""
    steps: Mapping[int, int]


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


class Share(NamedTuple):
    """Minutes done of minutes planned."""

    done: int = 0
    planned: int = 0


class YearSums(NamedTuple):
    """What was planned and what was done in a year group."""

    planned: Sums
    done: Sums


@dataclass(frozen=True)
class LessonsOfYear:
    """The lessons of an academic year by year group: in how many plans of classes each stands, and what records say of it.

    Records are counted by lesson and number of a step, 0 for those of the whole lesson. Lessons and steps no longer known are
    left out.
    """

    planned: Mapping[YearGroup, Mapping[LessonKey, int]]
    done: Mapping[YearGroup, Mapping[tuple[LessonKey, int], int]]
    known: Mapping[LessonKey, LessonParts]

    @cached_property
    def counts(self) -> list[LessonCount]:
        """Give every lesson planned or taught, youngest year group first, then by module."""
        return _lesson_counts(self.planned, self.done, self.known)

    @cached_property
    def sums(self) -> dict[YearGroup, YearSums]:
        """Give what adds up in every year group with a lesson planned or taught, youngest first."""
        found: dict[YearGroup, YearSums] = {}
        for year in sorted({*self.planned, *self.done}, key=lambda year: year.number):
            plans, records = self.planned.get(year, {}), self.done.get(year, {})
            if not self.known.keys().isdisjoint(plans) or any(lesson in self.known for lesson, _step in records):
                found[year] = YearSums(_sums_in(self._all_planned(plans)), _sums_in(self._all_done(records)))
        return found

    def _all_planned(self, plans: Mapping[LessonKey, int]) -> int:
        return sum(times * self.known[lesson].whole for lesson, times in plans.items() if lesson in self.known)

    def _all_done(self, records: Mapping[tuple[LessonKey, int], int]) -> int:
        total = 0
        for (lesson, step), times in records.items():
            if lesson in self.known:
                parts = self.known[lesson]
                total += times * (parts.steps.get(step, 0) if step else parts.whole)
        return total


NO_LESSONS = LessonsOfYear({}, {}, {})


def parts_of(module: LessonModule, lesson: Lesson) -> LessonParts:
    """Give what a lesson holds."""
    steps = {step.number: _held(module, lesson, [step]) for step in lesson.steps}
    return LessonParts(module, _held(module, lesson, lesson.steps), steps)


def _held(module: LessonModule, lesson: Lesson, steps: Iterable[Step]) -> int:
    """Give as one number what steps hold together; messages, groups and a beginning count once."""
    methods, skills, together, relationship, messages, groups, begun = range(len(_KINDS))
    minutes, once = list[tuple[int, Any, int]](), set[tuple[int, Any]]()
    for step in steps:
        minutes += [(methods, step.method, step.minutes), (together, step.grouping in WITH_EACH_OTHER, step.minutes)]
        minutes += [(relationship, module.strand in RELATIONSHIP_STRANDS, step.minutes)]
        minutes += [(skills, skill, step.minutes) for skill in step.skills]
        once |= {(messages, message) for message in module.messages}
        if step.number == 1:
            once.add((begun, module.stage))
        if step.scenario is not None:
            once |= {(groups, one) for one in _groups_of(person.tags for person in lesson.scenario(step.scenario).people)}
    return sum(many << _PLACES[kind, what] for kind, what, many in [*minutes, *((kind, what, 1) for kind, what in once)])


def _groups_of(people: Iterable[Iterable[str]]) -> set[str]:
    tags = [frozenset(one) for one in people]
    return {group for group, needed in COUNTED.items() for one in tags if all(some & one for some in needed)}


def _lesson_counts(
    planned: Mapping[YearGroup, Mapping[LessonKey, int]],
    done: Mapping[YearGroup, Mapping[tuple[LessonKey, int], int]],
    known: Mapping[LessonKey, LessonParts],
) -> list[LessonCount]:
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


def _shares(lessons: LessonsOfYear, of: Callable[[Sums], Mapping[K, int]]) -> dict[tuple[YearGroup, K], Share]:
    """Give minutes done and planned by year group and whatever they are given by."""
    found: dict[tuple[YearGroup, K], Share] = {}
    for year, sums in lessons.sums.items():
        planned, done = of(sums.planned), of(sums.done)
        found.update({(year, key): Share(done.get(key, 0), planned.get(key, 0)) for key in {**planned, **done}})
    return found


def by_method(lessons: LessonsOfYear) -> dict[tuple[YearGroup, Method], Share]:
    """Give the minutes of each method by year group."""
    return _shares(lessons, lambda one: one.methods)


def by_skill(lessons: LessonsOfYear) -> dict[tuple[YearGroup, Skill], Share]:
    """Give the minutes in which each skill is practised, by year group; a step that names two counts for both."""
    return _shares(lessons, lambda one: one.skills)


def by_grouping(lessons: LessonsOfYear) -> dict[tuple[YearGroup, bool], Share]:
    """Give the minutes in pairs and small groups (True) and the others, by year group."""
    return _shares(lessons, lambda one: one.together)


def by_purpose(lessons: LessonsOfYear) -> dict[tuple[YearGroup, bool], Share]:
    """Give the minutes of respect and consent lessons (True) and of the safety strands, by year group."""
    return _shares(lessons, lambda one: one.relationship)
