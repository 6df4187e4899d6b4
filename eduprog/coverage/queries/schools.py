"""The board of schools: one statement over roll-ups and small tables, whatever the number of deliveries.

Each figure is asked for school by school, so that both databases read the rows of one year by their index. Joined and grouped
instead, PostgreSQL took all years' classes for the few it wanted, as it counts on school and year having nothing to do with
each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Date, Integer, Select, String, Table, bindparam, case, func, literal, select
from sqlalchemy import cast as as_type

from eduprog.core.db import Base, session
from eduprog.core.tenancy import across_schools
from eduprog.coverage.rules.schools import WEEKS, SchoolFacts, SchoolRow, rows_of
from eduprog.coverage.rules.steps import RELATIONSHIP_STRANDS
from eduprog.organisations.models import School
from eduprog.school.models import AcademicYear, TeachingGroup
from eduprog.tallies.models import FamilyTally, FollowUpTally, SchoolTally
from eduprog.wholeschool.models import WholeSchoolAct
from eduprog.wholeschool.rules import ActState

_BETWEEN = " "


def schools_board(school_group_id: int, today: date) -> Sequence[SchoolRow]:
    """Give the schools of a group, by name, with the shares of the academic year that holds the day."""
    return rows_of(facts_of_schools(school_group_id, today))


def facts_of_schools(school_group_id: int, today: date) -> list[SchoolFacts]:
    """Give what the records say of the schools of a group, by name. One statement."""
    asked = {
        "school_group_id": school_group_id, "today": today,
        "first": today - timedelta(weeks=WEEKS), "last": today - timedelta(days=1),
    }  # fmt: skip
    with across_schools("schools board"):
        found = session().execute(_board(), asked).all()
    return [_facts(id_, name, joined, *(map(int, text.split(_BETWEEN)) for text in texts)) for id_, name, joined, *texts in found]


def _facts(id_: int, name: str, joined: int, lessons: Any, classes: Any, acts: Any, follow_ups: Any) -> SchoolFacts:
    (good, good_of, safe, safe_of), (number, adults, pupils) = lessons, classes
    reached = min(joined, pupils)
    return SchoolFacts(
        id_, name, number, adults, (good, good_of), (safe, safe_of), tuple(acts), tuple(follow_ups), (reached, pupils)
    )


@cache
def _board() -> Select[Any]:
    """Give the statement: the schools of a group by name, each beside its figures as words."""
    schools, years = _columns(School), _columns(AcademicYear)
    today = bindparam("today", type_=Date)
    year = select(func.max(years.id)).where(years.school_id == schools.id, years.starts_on <= today, years.ends_on >= today)
    wanted = select(schools.id, schools.name, year.scalar_subquery().label("year_id"))
    of_group = schools.school_group_id == bindparam("school_group_id", type_=Integer)
    one = wanted.where(of_group).subquery("one").c
    joined = _columns(FamilyTally)
    figures = [_lessons(one), _classes(one), _acts(one), _follow_ups(one)]
    wanted = select(one.id, one.name, func.coalesce(joined.joined, 0), *figures)
    return wanted.outerjoin(_table(FamilyTally), joined.school_id == one.id).order_by(one.name, one.id)


def _table(model: type[Base]) -> Table:
    return cast(Table, model.__table__)


def _columns(model: type[Base]) -> Any:
    return _table(model).c


def _words(*figures: ColumnElement[Any]) -> ColumnElement[str]:
    """Give figures as one text, so that rows are gone through once for all of them; nothing is nought."""
    first, *others = [as_type(func.coalesce(figure, 0), String) for figure in figures]
    words: ColumnElement[str] = first
    for other in others:
        words = words + literal(_BETWEEN) + other
    return words


def _of_year(table: Any, one: Any) -> ColumnElement[bool]:
    return cast(ColumnElement[bool], (table.school_id == one.id) & (table.academic_year_id == one.year_id))


def _lessons(one: Any) -> Any:
    tally = _columns(SchoolTally)
    good = tally.strand.in_(RELATIONSHIP_STRANDS)
    figures = _words(
        func.sum(case((good, tally.delivered), else_=0)), func.sum(case((good, tally.planned), else_=0)),
        func.sum(case((good, 0), else_=tally.delivered)), func.sum(case((good, 0), else_=tally.planned)),
    )  # fmt: skip
    return select(figures).where(_of_year(tally, one)).scalar_subquery()


def _classes(one: Any) -> Any:
    """Count classes that run, the adults who lead them, and pupils."""
    group = _columns(TeachingGroup)
    running = group.ended_on.is_(None) | (group.ended_on > bindparam("today", type_=Date))
    figures = _words(func.count(), func.count(group.lead_teacher_id.distinct()), func.sum(group.size))
    return select(figures).where(_of_year(group, one), running).scalar_subquery()


def _acts(one: Any) -> Any:
    act = _columns(WholeSchoolAct)
    figures = _words(func.sum(case((act.state == ActState.DONE, 1), else_=0)), func.count())
    return select(figures).where(_of_year(act, one), act.state != ActState.DROPPED).scalar_subquery()


def _follow_ups(one: Any) -> Any:
    """Add up what was owed in the last weeks and not withdrawn, from the roll-up by day."""
    tally = _columns(FollowUpTally)
    lately = tally.due_on.between(bindparam("first", type_=Date), bindparam("last", type_=Date))
    figures = _words(func.sum(tally.given), func.sum(tally.owed))
    return select(figures).where(tally.school_id == one.id, lately).scalar_subquery()
