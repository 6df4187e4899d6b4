"""Which day each lesson of a year gets: arithmetic on the days a class meets, without a database or a clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from eduprog.school.rules import HalfTermBlock, MeetingPattern, SchoolCalendar


class PlanState(StrEnum):
    """Where an intention stands. Taught or not is the delivery's to say."""

    PLANNED = "planned"
    UNPLACED = "unplaced"
    WITHDRAWN = "withdrawn"


class WhyUnplaced(StrEnum):
    """Why a lesson has no day."""

    NO_MEETING_DAY = "no_meeting_day"
    YEAR_IS_FULL = "year_is_full"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A lesson that wants a day, in teaching order; `sensitive` ones keep clear of the end of a week and of a block."""

    module_id: str
    lesson_number: int
    block: HalfTermBlock
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """The day a lesson gets, or why it gets none. `late` says it did not fit in its own half-term."""

    wanted: Wanted
    day: date | None
    block: HalfTermBlock
    why: WhyUnplaced | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class MeetingDay:
    """A day on which a class meets; a calm one is far from the end of its week and of its half-term."""

    day: date
    block: HalfTermBlock
    calm: bool


def meeting_days(calendar: SchoolCalendar, meets: MeetingPattern, first: date, last: date) -> list[MeetingDay]:
    """Give the days on which a class meets in a span; Fridays and the last two open days before a break are not calm."""
    days: list[MeetingDay] = []
    for span in sorted(calendar.half_terms, key=lambda half_term: half_term.first):
        if span.last < first or span.first > last:
            continue
        inside = list(calendar.meeting_days(meets, max(span.first, first), min(span.last, last)))
        closing = set(list(calendar.open_days(span.first, span.last))[-2:])
        days += [MeetingDay(day, span.block, day not in closing and day.weekday() != 4) for day in inside]
    return days


def place_lessons(wanted: Sequence[Wanted], days: Sequence[MeetingDay], taken: frozenset[date] = frozenset()) -> list[Place]:
    """Give every lesson a day of its half-term, in order, the lessons of a module in consecutive meetings.

    Modules are spread evenly over their half-term, so that a lesson that slips has room. What does not fit goes to the next
    half-term and is marked late; after the last one it stays without a day. A sensitive lesson takes a calm day if its
    half-term has one left; if not, any day, rather than none.
    """
    free = [day for day in days if day.day not in taken]
    places: list[Place] = []
    cursor = 0
    blocks = [block for block, _ in groupby(free, key=lambda day: day.block)]
    waiting = list(wanted)
    for block in blocks:
        end = max(index for index, day in enumerate(free) if day.block is block) + 1
        start = max(cursor, next(index for index, day in enumerate(free) if day.block is block))
        due = _due_by(waiting, block)
        taken_here, cursor = _fill(due, free[start:end], start)
        places += taken_here
        waiting = waiting[len(taken_here) :]
    why = WhyUnplaced.YEAR_IS_FULL if free else WhyUnplaced.NO_MEETING_DAY
    return places + [Place(lesson, None, lesson.block, why) for lesson in waiting]


def _due_by(waiting: Sequence[Wanted], block: HalfTermBlock) -> list[Wanted]:
    order = list(HalfTermBlock)
    reached = order.index(block)
    due: list[Wanted] = []
    for lesson in waiting:
        if order.index(lesson.block) > reached:
            break
        due.append(lesson)
    return due


def _fill(due: Sequence[Wanted], days: Sequence[MeetingDay], offset: int) -> tuple[list[Place], int]:
    """Place as many lessons as there are days; give them and the position after the last day used."""
    fitting = list(due[: len(days)])
    modules = [list(lessons) for _, lessons in groupby(fitting, key=lambda lesson: lesson.module_id)]
    places: list[Place] = []
    position = 0
    left = len(fitting)
    for number, lessons in enumerate(modules):
        ideal = len(days) * number // max(len(modules), 1)
        position = min(max(position, ideal), len(days) - left)
        for lesson in lessons:
            position = _calm(lesson, days, position, len(days) - left)
            day = days[position]
            places.append(Place(lesson, day.day, day.block, late=day.block is not lesson.block))
            position, left = position + 1, left - 1
    return places, offset + position


def _calm(lesson: Wanted, days: Sequence[MeetingDay], position: int, latest: int) -> int:
    if not lesson.sensitive:
        return position
    return next((index for index in range(position, latest + 1) if days[index].calm), position)


def next_free_day(days: Sequence[MeetingDay], after: date, taken: frozenset[date]) -> tuple[date, HalfTermBlock] | None:
    """Give the first meeting day after a day that holds no lesson of the class, with its block; None if the year has none."""
    return next(((day.day, day.block) for day in days if day.day > after and day.day not in taken), None)


def scheme_year(cycle: Sequence[str], starting: int) -> str:
    """Give the year group whose scheme a mixed-age class follows this year: in turn, so that in two years it meets both."""
    return cycle[starting % len(cycle)]
