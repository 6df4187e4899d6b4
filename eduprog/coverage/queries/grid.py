"""The coverage grid, and the records behind each figure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, ColumnElement, String, any_, bindparam, func, select, type_coerce

from eduprog.core.db import session
from eduprog.core.tenancy import current_school_id
from eduprog.coverage.rules import CoverageGrid, grid_of
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Strand, YearGroup
from eduprog.delivery.models import Delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState
from eduprog.school.models import TeachingGroup, TeachingGroupYear
from eduprog.school.rules import HalfTermBlock
from eduprog.tallies import queries as tallies

A_PAGE = 300
"""Records on one page."""


class Record(NamedTuple):
    """A planned lesson behind a figure, and what became of it."""

    planned_lesson_id: int
    delivery_id: int | None
    group_id: int
    group_name: str
    module_id: str
    lesson_number: int
    planned_on: date | None
    taught_on: date | None
    outcome: LessonOutcome | None
    make_good: bool


def grid(academic_year_id: int) -> CoverageGrid:
    """Give the coverage grid of an academic year. One statement, whatever the history."""
    return grid_of(tallies.cells_of_year(academic_year_id))


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a figure: how many lessons there are, and those of them on one page."""

    total: int
    records: Sequence[Record]


def records(
    *, academic_year_id: int, year_group: YearGroup | None, strand: Strand | None, block: HalfTermBlock | None, first: int = 0
) -> Behind:
    """Give the lessons behind a figure of the grid, by class, module and lesson: all that were planned there, taught or not.

    At most `A_PAGE` of them, from the one numbered `first` (counted from nought) on; behind the last one the total is not
    known and nought. One statement.
    """
    modules = [module.id for module in catalogue.current().modules.values() if strand in (None, module.strand)]
    dialect = session().get_bind().dialect.name
    asked = {
        "school": current_school_id(), "year": academic_year_id, "year_group": year_group, "block": block,
        "first": first, "most": A_PAGE,
        "modules": modules if dialect == "postgresql" else json.dumps(modules),
    }  # fmt: skip
    session().flush()
    rows = session().execute(_behind(dialect, year_group is not None, block is not None), asked).all()
    found = [
        Record._make((*row, LessonOutcome(outcome) if outcome else None, make_good)) for *row, outcome, make_good, _total in rows
    ]
    return Behind(rows[0][-1] if rows else 0, found)


@cache
def _behind(dialect: str, of_year_group: bool, of_block: bool) -> Any:
    """Make the statement, on bare tables: it names its school itself. The modules are one value, however many they are."""
    plan, groups, years, taught = (one.__table__.c for one in (PlannedLesson, TeachingGroup, TeachingGroupYear, Delivery))
    here = [
        plan.school_id == bindparam("school"), groups.school_id == bindparam("school"),
        groups.academic_year_id == bindparam("year"), plan.state != PlanState.WITHDRAWN, _among(plan.module_id, dialect),
    ]  # fmt: skip
    if of_year_group:
        in_year = select(years.teaching_group_id).where(
            years.school_id == bindparam("school"), years.year_group == bindparam("year_group")
        )
        here.append(groups.id.in_(in_year))
    if of_block:
        here.append(plan.block == bindparam("block"))
    of_class = groups.id == plan.teaching_group_id
    total = select(func.count()).select_from(PlannedLesson.__table__).join(TeachingGroup.__table__, of_class).where(*here)
    return (
        select(
            plan.id, taught.id, groups.id, groups.name, plan.module_id, plan.lesson_number, plan.planned_on, taught.taught_on,
            type_coerce(taught.outcome, String), plan.make_good_of.is_not(None), total.scalar_subquery().correlate(None),
        )
        .select_from(PlannedLesson.__table__)
        .join(TeachingGroup.__table__, of_class)
        .outerjoin(
            Delivery.__table__,
            (taught.school_id == plan.school_id) & (taught.planned_lesson_id == plan.id) & taught.withdrawn_at.is_(None),
        )
        .where(*here)
        .order_by(groups.name, plan.module_id, plan.lesson_number, plan.id)
        .offset(bindparam("first"))
        .limit(bindparam("most"))
    )  # fmt: skip


def _among(module_id: ColumnElement[str], dialect: str) -> ColumnElement[bool]:
    if dialect == "postgresql":
        return module_id == any_(bindparam("modules", type_=ARRAY(String)))
    return module_id.in_(select(func.json_each(bindparam("modules")).table_valued("value").c.value))
