"""Which planning runs there were, and what each changed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.planning.models import PlannedLesson, PlanningChange, PlanningRun


def last_run(academic_year_id: int) -> PlanningRun | None:
    """Give the last planning run of an academic year that was not undone: the one that can be."""
    wanted = select(PlanningRun).where(PlanningRun.academic_year_id == academic_year_id, PlanningRun.undone_at.is_(None))
    return session().scalars(wanted.order_by(PlanningRun.id.desc()).limit(1)).one_or_none()


def planning_run(run_id: int) -> PlanningRun:
    """Give a planning run. Raises NotHere."""
    found = session().scalars(select(PlanningRun).where(PlanningRun.id == run_id)).one_or_none()
    if found is None:
        raise NotHere
    return found


def changes_of(run_id: int) -> Sequence[PlanningChange]:
    """Give what a run moved or withdrew, as it stood before."""
    wanted = select(PlanningChange).where(PlanningChange.planning_run_id == run_id)
    return session().scalars(wanted.order_by(PlanningChange.id)).all()


def added_by(run_id: int) -> Sequence[PlannedLesson]:
    """Give the lessons a run added, without their classes."""
    return (
        session().scalars(select(PlannedLesson).where(PlannedLesson.planning_run_id == run_id).order_by(PlannedLesson.id)).all()
    )


def rows_by_id(ids: Sequence[int]) -> dict[int, PlannedLesson]:
    """Give planned lessons by id, without their classes."""
    found: dict[int, PlannedLesson] = {}
    for start in range(0, len(ids), 500):
        wanted = select(PlannedLesson).where(PlannedLesson.id.in_(ids[start : start + 500]))
        found.update({row.id: row for row in session().scalars(wanted)})
    return found
