"""The coverage grid, and the records behind each figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from eduprog.core.db import session
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

    At most `A_PAGE` of them, from the one numbered `first` (counted from nought) on. Two statements.
    """
    modules = [module.id for module in catalogue.current().modules.values() if strand in (None, module.strand)]
    here = [
        TeachingGroup.academic_year_id == academic_year_id,
        PlannedLesson.state != PlanState.WITHDRAWN,
        PlannedLesson.module_id.in_(modules),
    ]
    if year_group is not None:
        in_year = select(TeachingGroupYear.teaching_group_id).where(TeachingGroupYear.year_group == year_group)
        here.append(TeachingGroup.id.in_(in_year))
    if block is not None:
        here.append(PlannedLesson.block == block)
    counted = select(func.count()).select_from(PlannedLesson)
    total = session().scalar(counted.join(TeachingGroup, TeachingGroup.id == PlannedLesson.teaching_group_id).where(*here)) or 0
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
        .where(*here)
        .order_by(TeachingGroup.name, PlannedLesson.module_id, PlannedLesson.lesson_number, PlannedLesson.id)
        .offset(first)
        .limit(A_PAGE)
    )  # fmt: skip
    return Behind(total, [Record(*tuple(row)) for row in session().execute(wanted)])
