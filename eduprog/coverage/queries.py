"""What the boards show, and the records behind each figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from eduprog.core.db import session
from eduprog.core.tenancy import across_schools
from eduprog.coverage.rules import CoverageGrid, grid_of
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Strand, YearGroup
from eduprog.delivery.models import Delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.organisations import queries as organisations
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState
from eduprog.school.models import AcademicYear, TeachingGroup, TeachingGroupYear
from eduprog.school.rules import HalfTermBlock
from eduprog.tallies import queries as tallies
from eduprog.tallies.models import SchoolTally


@dataclass(frozen=True, slots=True)
class Record:
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


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A school's line on the schools board: aggregates only."""

    school_id: int
    name: str
    planned: int
    delivered: int
    part: int


def grid(academic_year_id: int) -> CoverageGrid:
    """Give the coverage grid of an academic year. One statement, whatever the history."""
    return grid_of(tallies.cells_of_year(academic_year_id))


def records(
    *, academic_year_id: int, year_group: YearGroup | None, strand: Strand | None, block: HalfTermBlock | None
) -> Sequence[Record]:
    """Give the lessons behind a figure of the grid, by class, module and lesson: all that were planned there, taught or not."""
    modules = [module.id for module in catalogue.current().modules.values() if strand in (None, module.strand)]
    wanted = (
        select(
            PlannedLesson.id,
            Delivery.id,
            TeachingGroup.id,
            TeachingGroup.name,
            PlannedLesson.module_id,
            PlannedLesson.lesson_number,
            PlannedLesson.planned_on,
            Delivery.taught_on,
            Delivery.outcome,
            PlannedLesson.make_good_of.is_not(None),
        )
        .join(TeachingGroup, TeachingGroup.id == PlannedLesson.teaching_group_id)
        .outerjoin(Delivery, (Delivery.planned_lesson_id == PlannedLesson.id) & Delivery.withdrawn_at.is_(None))
        .where(
            TeachingGroup.academic_year_id == academic_year_id,
            PlannedLesson.state != PlanState.WITHDRAWN,
            PlannedLesson.module_id.in_(modules),
        )
        .order_by(TeachingGroup.name, PlannedLesson.module_id, PlannedLesson.lesson_number, PlannedLesson.id)
    )  # fmt: skip
    if year_group is not None:
        in_year = select(TeachingGroupYear.teaching_group_id).where(TeachingGroupYear.year_group == year_group)
        wanted = wanted.where(TeachingGroup.id.in_(in_year))
    if block is not None:
        wanted = wanted.where(PlannedLesson.block == block)
    return [Record(*tuple(row)) for row in session().execute(wanted)]


def schools_board(school_group_id: int, today: date) -> Sequence[SchoolRow]:
    """Give the schools of a group with what they planned and delivered in the academic year that holds the day."""
    names = {school.id: school.name for school in organisations.schools_of_group(school_group_id)}
    with across_schools("schools board"):
        current = select(AcademicYear.id).where(AcademicYear.starts_on <= today, AcademicYear.ends_on >= today)
        totals = (
            select(
                SchoolTally.school_id, func.sum(SchoolTally.planned), func.sum(SchoolTally.delivered), func.sum(SchoolTally.part)
            )
            .where(SchoolTally.school_id.in_(names), SchoolTally.academic_year_id.in_(current))
            .group_by(SchoolTally.school_id)
        )
        found = {row[0]: tuple(row) for row in session().execute(totals)}
    rows = []
    for school_id, name in names.items():
        _, planned, delivered, part = found.get(school_id, (school_id, 0, 0, 0))
        rows.append(SchoolRow(school_id, name, int(planned), int(delivered), int(part)))
    return rows
