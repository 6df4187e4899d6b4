"""Who leads which class, and when it meets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time

from eduprog.demo.rules.trust import ClassSketch, SchoolSketch, Timetable, classes_of
from eduprog.school.rules import SlotKind, WeekLetter

_PRIMARY_TIMES = (time(9, 10), time(10, 50), time(13, 15), time(14, 10))
_PERIODS = (time(9, 0), time(10, 0), time(11, 20), time(12, 20), time(14, 10))
_TUTOR_TIME = time(8, 40)
_FIRST_TUTOR_YEAR = 10


@dataclass(frozen=True)
class Meeting:
    """When a class meets; `week` is None for every week."""

    weekday: int
    starts_at: time
    minutes: int
    kind: SlotKind
    week: WeekLetter | None = None


@dataclass(frozen=True)
class Staffed:
    """A class with the number of its teacher and its meeting."""

    sketch: ClassSketch
    teacher: int
    meeting: Meeting


def staffed_classes(school: SchoolSketch) -> list[Staffed]:
    """Give the classes of a school with teachers numbered from 0: the specialists first, then one for each other class."""
    return list(_staffed(school))


def teachers_needed(classes: Sequence[Staffed]) -> int:
    """Give how many teachers these classes have between them."""
    return max(one.teacher for one in classes) + 1


def head_of_pshe(classes: Sequence[Staffed]) -> int:
    """Give the number of the teacher who leads PSHE: a specialist, or in a primary school the teacher of one of the oldest."""
    specialists = [one.teacher for one in classes if one.sketch.timetable is Timetable.FORTNIGHTLY]
    return min(specialists) if specialists else classes[-2].teacher


def _staffed(school: SchoolSketch) -> Iterator[Staffed]:
    next_teacher, taught = school.specialists, 0
    for number, sketch in enumerate(classes_of(school)):
        if sketch.timetable is Timetable.FORTNIGHTLY:
            yield Staffed(sketch, taught % school.specialists, _lesson(taught % school.specialists, taught // school.specialists))
            taught += 1
        else:
            yield Staffed(sketch, next_teacher, _with_own_teacher(sketch, number))
            next_teacher += 1


def _lesson(specialist: int, number: int) -> Meeting:
    """Give the meeting of a specialist's class: no two of one specialist on the same day of the two weeks, up to ten classes."""
    day = (number * 3 + specialist) % 10
    week = WeekLetter.A if day < 5 else WeekLetter.B
    return Meeting(day % 5, _PERIODS[(specialist + number) % len(_PERIODS)], 60, SlotKind.PSHE, week)


def _with_own_teacher(sketch: ClassSketch, number: int) -> Meeting:
    if sketch.timetable is Timetable.TUTOR_TIME:
        weekday = 1 + (sketch.years[0].number - _FIRST_TUTOR_YEAR) % 4
        return Meeting(weekday, _TUTOR_TIME, 30, SlotKind.TUTOR)
    weekday = (number * 2 + sketch.years[0].number) % 5
    minutes = 30 if sketch.years[0].number == 0 else 50
    return Meeting(weekday, _PRIMARY_TIMES[number % len(_PRIMARY_TIMES)], minutes, SlotKind.PSHE)
