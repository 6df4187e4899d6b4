"""Which lessons to come stand where they cannot be: their class does not meet then, or their teacher has another one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from eduprog.planning.queries.facts import PlanFacts, Row, plan_facts
from eduprog.planning.queries.room import Timetable
from eduprog.planning.rules import PlanState, joint_name, minute_of
from eduprog.school import queries as school
from eduprog.school.models import AcademicYear, TeachingGroup


@dataclass(frozen=True, slots=True)
class Clash:
    """Lessons that one person is to teach at the same time."""

    person_id: int
    day: date
    lessons: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Amiss:
    """Lessons whose class no longer meets when they stand, and those of one person that overlap; both in order of time."""

    off_timetable: tuple[Row, ...] = ()
    clashes: tuple[Clash, ...] = ()


def lessons_amiss(academic_year: AcademicYear, groups: Sequence[TeachingGroup], *, today: date) -> Amiss:
    """Give what is amiss among the lessons still to be taught of an academic year (its classes loaded), from a day on.

    What somebody put outside the timetable by hand stands where they want it. As many statements as `plan_facts` and two.
    """
    facts = plan_facts(academic_year.id)
    ahead = [
        row
        for rows in facts.rows.values()
        for row in rows
        if row.state is PlanState.PLANNED and not row.recorded and row.day is not None and row.day >= today and row.starts_at
    ]
    ahead.sort(key=lambda row: (row.day, row.starts_at, row.group_id, row.id))
    timetable = Timetable(academic_year, facts, school.calendar())
    moments = {group.id: {(one.day, one.starts_at) for one in timetable.meetings(group)} for group in groups}
    off = [row for row in ahead if not row.moved_by_hand and (row.day, row.starts_at) not in moments.get(row.group_id, ())]
    return Amiss(tuple(off), tuple(_clashes(ahead, facts)))


def _clashes(ahead: Iterable[Row], facts: PlanFacts) -> Iterator[Clash]:
    """Find overlapping lessons; one lesson that several classes have together in an assembly is one."""
    by_teacher: dict[tuple[int, date], list[Row]] = defaultdict(list)
    for row in ahead:
        teacher = row.covered_by or facts.leads.get(row.group_id)
        if teacher is not None and row.day is not None:
            by_teacher[teacher, row.day].append(row)
    for (teacher, day), rows in by_teacher.items():
        for number, row in enumerate(rows):
            beside = [other for other in rows[number + 1 :] if _overlap(row, other) and not _is_one(row, other, facts)]
            if beside:
                yield Clash(teacher, day, (row, *beside))


def _overlap(one: Row, other: Row) -> bool:
    (begins, ends), (begin, end) = _span(one), _span(other)
    return begins < end and begin < ends


def _span(row: Row) -> tuple[int, int]:
    begins = minute_of(row.starts_at) if row.starts_at else 0
    return begins, begins + (row.minutes or 0)


def _is_one(one: Row, other: Row, facts: PlanFacts) -> bool:
    names = [_joint_name(row, facts) for row in (one, other)]
    return names[0] is not None and names[0] == names[1]


def _joint_name(row: Row, facts: PlanFacts) -> object:
    if row.day is None or row.starts_at is None or (row.group_id, row.day.weekday(), row.starts_at) not in facts.assemblies:
        return None
    return joint_name(row.day, row.starts_at, (row.module_id, row.lesson_number, row.part))
