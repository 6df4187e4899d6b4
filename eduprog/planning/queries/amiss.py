"""Which lessons to come stand where they cannot be: their class does not meet then, or their teacher has another one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import NamedTuple, cast

from sqlalchemy import Table, bindparam, false, select

from eduprog.core.db import session
from eduprog.core.tenancy import current_school_id
from eduprog.planning.models import PlannedLesson
from eduprog.planning.queries.room import timetable_of
from eduprog.planning.rules import PlanState, joint_name, minute_of
from eduprog.school.models import TeachingGroup
from eduprog.school.queries import AnyClass, AnyYear
from eduprog.school.rules import SlotKind


class LessonAhead(NamedTuple):
    """A lesson still to be taught that has its day and time."""

    id: int
    group_id: int
    module_id: str
    lesson_number: int
    part: int
    day: date
    starts_at: time
    minutes: int | None
    moved_by_hand: bool
    covered_by: int | None


@dataclass(frozen=True, slots=True)
class Clash:
    """Lessons that one person is to teach at the same time."""

    person_id: int
    day: date
    lessons: tuple[LessonAhead, ...]


@dataclass(frozen=True, slots=True)
class Amiss:
    """Lessons whose class no longer meets when they stand, and those of one person that overlap; both in order of time."""

    off_timetable: tuple[LessonAhead, ...] = ()
    clashes: tuple[Clash, ...] = ()


def lessons_amiss(academic_year: AnyYear, groups: Sequence[AnyClass], *, today: date) -> Amiss:
    """Give what is amiss among the lessons still to be taught of an academic year (all its classes, loaded), from a day on.

    What somebody put outside the timetable by hand stands where they want it. Four statements at most.
    """
    session().flush()  # what waits to be written is read too
    of_year = {"school": current_school_id(), "year": academic_year.id, "today": today}
    ahead = [LessonAhead._make(row) for row in session().execute(_AHEAD, of_year)]
    timetable = timetable_of(academic_year)
    moments = {group.id: {(one.day, one.starts_at) for one in timetable.meetings(group)} for group in groups}
    off = [row for row in ahead if not row.moved_by_hand and (row.day, row.starts_at) not in moments.get(row.group_id, ())]
    return Amiss(tuple(off), tuple(_clashes(ahead, {group.id: group.lead_teacher_id for group in groups}, _assemblies(groups))))


_LESSONS, _GROUPS = cast(Table, PlannedLesson.__table__).c, cast(Table, TeachingGroup.__table__).c
_AHEAD = (
    select(
        _LESSONS.id, _LESSONS.teaching_group_id, _LESSONS.module_id, _LESSONS.lesson_number, _LESSONS.part, _LESSONS.planned_on,
        _LESSONS.starts_at, _LESSONS.minutes, _LESSONS.moved_by_hand, _LESSONS.covered_by,
    )
    .where(
        _LESSONS.school_id == bindparam("school"), _GROUPS.school_id == bindparam("school"),
        _GROUPS.id == _LESSONS.teaching_group_id, _GROUPS.academic_year_id == bindparam("year"),
        _LESSONS.state == PlanState.PLANNED, _LESSONS.recorded == false(), _LESSONS.planned_on >= bindparam("today"),
        _LESSONS.starts_at.is_not(None),
    )
    .order_by(_LESSONS.planned_on, _LESSONS.starts_at, _LESSONS.teaching_group_id, _LESSONS.id)
)  # fmt: skip
"""Stands ready for any school, on bare tables: it names its school itself."""


def _assemblies(groups: Iterable[AnyClass]) -> frozenset[tuple[int, int, time]]:
    """Give class, weekday and time of the slots in which several classes meet together."""
    return frozenset(
        (group.id, slot.weekday, slot.starts_at) for group in groups for slot in group.slots if slot.kind is SlotKind.ASSEMBLY
    )


def _clashes(
    ahead: Iterable[LessonAhead], leads: Mapping[int, int | None], assemblies: Collection[tuple[int, int, time]]
) -> Iterator[Clash]:
    """Find overlapping lessons; one lesson that several classes have together in an assembly is one."""
    by_teacher: dict[tuple[int, date], list[LessonAhead]] = defaultdict(list)
    for row in ahead:
        teacher = row.covered_by or leads.get(row.group_id)
        if teacher is not None:
            by_teacher[teacher, row.day].append(row)
    for (teacher, day), rows in by_teacher.items():
        for number, row in enumerate(rows):
            beside = [other for other in rows[number + 1 :] if _overlap(row, other) and not _is_one(row, other, assemblies)]
            if beside:
                yield Clash(teacher, day, (row, *beside))


def _overlap(one: LessonAhead, other: LessonAhead) -> bool:
    (begins, ends), (begin, end) = _span(one), _span(other)
    return begins < end and begin < ends


def _span(row: LessonAhead) -> tuple[int, int]:
    begins = minute_of(row.starts_at)
    return begins, begins + (row.minutes or 0)


def _is_one(one: LessonAhead, other: LessonAhead, assemblies: Collection[tuple[int, int, time]]) -> bool:
    names = [_joint_name(row, assemblies) for row in (one, other)]
    return names[0] is not None and names[0] == names[1]


def _joint_name(row: LessonAhead, assemblies: Collection[tuple[int, int, time]]) -> object:
    if (row.group_id, row.day.weekday(), row.starts_at) not in assemblies:
        return None
    return joint_name(row.day, row.starts_at, (row.module_id, row.lesson_number, row.part))
