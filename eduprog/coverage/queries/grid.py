"""The coverage grid, and the records behind each figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

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
