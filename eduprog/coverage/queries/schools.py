"""The board of schools: six statements over roll-ups and small tables, whatever the number of deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import case, func, select

from eduprog.core.db import session
from eduprog.core.tenancy import across_schools
from eduprog.coverage.rules.schools import WEEKS, SchoolFacts, SchoolRow, rows_of
from eduprog.coverage.rules.steps import RELATIONSHIP_STRANDS
from eduprog.organisations.models import School
from eduprog.school.models import AcademicYear, TeachingGroup
from eduprog.tallies.models import FamilyTally, FollowUpTally, SchoolTally
from eduprog.wholeschool.models import WholeSchoolAct
from eduprog.wholeschool.rules import ActState

_Figures = dict[int, tuple[int, ...]]


def schools_board(school_group_id: int, today: date) -> Sequence[SchoolRow]:
    """Give the schools of a group, by name, with the shares of the academic year that holds the day."""
    with across_schools("schools board"):
        named = select(School.id, School.name).where(School.school_group_id == school_group_id).order_by(School.name, School.id)
        names: dict[int, str] = {id_: name for id_, name in session().execute(named)}
        lessons, classes, acts = _lessons(school_group_id, today), _classes(school_group_id, today), _acts(school_group_id, today)
        follow_ups, families = _follow_ups(school_group_id, today), _families(school_group_id)
    facts = []
    for school_id, name in names.items():
        good, good_of, safe, safe_of = lessons.get(school_id, (0, 0, 0, 0))
        number, adults, pupils = classes.get(school_id, (0, 0, 0))
        done, asked = acts.get(school_id, (0, 0))
        given, due = follow_ups.get(school_id, (0, 0))
        reached = min(families.get(school_id, (0,))[0], pupils)
        facts.append(
            SchoolFacts(
                school_id, name, number, adults, (good, good_of), (safe, safe_of), (done, asked), (given, due), (reached, pupils)
            )
        )
    return rows_of(facts)


def _lessons(school_group_id: int, today: date) -> _Figures:
    good = SchoolTally.strand.in_(RELATIONSHIP_STRANDS)
    sums = [
        func.sum(case((good, SchoolTally.delivered), else_=0)),
        func.sum(case((good, SchoolTally.planned), else_=0)),
        func.sum(case((good, 0), else_=SchoolTally.delivered)),
        func.sum(case((good, 0), else_=SchoolTally.planned)),
    ]
    return _read(_of_group(select(SchoolTally.school_id, *sums), SchoolTally, school_group_id, today))


def _classes(school_group_id: int, today: date) -> _Figures:
    counted = [func.count(), func.count(TeachingGroup.lead_teacher_id.distinct()), func.sum(TeachingGroup.size)]
    running = TeachingGroup.ended_on.is_(None) | (TeachingGroup.ended_on > today)
    return _read(_of_group(select(TeachingGroup.school_id, *counted), TeachingGroup, school_group_id, today).where(running))


def _acts(school_group_id: int, today: date) -> _Figures:
    done = func.sum(case((WholeSchoolAct.state == ActState.DONE, 1), else_=0))
    wanted = _of_group(select(WholeSchoolAct.school_id, done, func.count()), WholeSchoolAct, school_group_id, today)
    return _read(wanted.where(WholeSchoolAct.state != ActState.DROPPED))


def _follow_ups(school_group_id: int, today: date) -> _Figures:
    """Add up what was owed in the last weeks and not withdrawn, from the roll-up by day."""
    wanted = (
        select(FollowUpTally.school_id, func.sum(FollowUpTally.given), func.sum(FollowUpTally.owed))
        .join(School, School.id == FollowUpTally.school_id)
        .where(
            School.school_group_id == school_group_id,
            FollowUpTally.due_on.between(today - timedelta(weeks=WEEKS), today - timedelta(days=1)),
        )
        .group_by(FollowUpTally.school_id)
    )
    return _read(wanted)


def _families(school_group_id: int) -> _Figures:
    wanted = select(FamilyTally.school_id, FamilyTally.joined).join(School, School.id == FamilyTally.school_id)
    return _read(wanted.where(School.school_group_id == school_group_id))


def _of_group(wanted: Any, table: Any, school_group_id: int, today: date) -> Any:
    """Keep the rows of a group's schools and of the academic year that holds the day."""
    return (
        wanted.join(AcademicYear, (AcademicYear.id == table.academic_year_id) & (AcademicYear.school_id == table.school_id))
        .join(School, School.id == table.school_id)
        .where(School.school_group_id == school_group_id, AcademicYear.starts_on <= today, AcademicYear.ends_on >= today)
        .group_by(table.school_id)
    )


def _read(wanted: Any) -> _Figures:
    return {school_id: tuple(int(figure or 0) for figure in figures) for school_id, *figures in session().execute(wanted)}
