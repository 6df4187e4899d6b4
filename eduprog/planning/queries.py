"""Which lessons are planned for whom and when, and what a year group is entitled to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.planning.models import PlannedLesson, SchemeOfWork
from eduprog.planning.rules import PlanState
from eduprog.school.models import TeachingGroup


def planned_lesson(planned_lesson_id: int) -> PlannedLesson:
    """Give a planned lesson with its class. Raises NotHere."""
    wanted = select(PlannedLesson).where(PlannedLesson.id == planned_lesson_id).options(_with_class())
    found = session().scalars(wanted).one_or_none()
    if found is None:
        raise NotHere
    return found


def lessons_between(first: date, last: date, *, lead_teacher_id: int | None = None) -> Sequence[PlannedLesson]:
    """Give the lessons planned for a span of days, by day and class; of one teacher's classes if named."""
    wanted = select(PlannedLesson).where(PlannedLesson.planned_on.between(first, last), PlannedLesson.state == PlanState.PLANNED)
    return _in_order(_of_teacher(wanted, lead_teacher_id))


def lessons_on(days: Collection[date]) -> Sequence[PlannedLesson]:
    """Give the lessons planned for any of these days."""
    return _in_order(select(PlannedLesson).where(PlannedLesson.planned_on.in_(days), PlannedLesson.state == PlanState.PLANNED))


def lessons_of_class(group_id: int) -> Sequence[PlannedLesson]:
    """Give a class's plan: every standing lesson by day, those without a day last."""
    wanted = select(PlannedLesson).where(PlannedLesson.teaching_group_id == group_id, PlannedLesson.state != PlanState.WITHDRAWN)
    return _in_order(wanted)


def lessons_of_classes(group_ids: Collection[int]) -> Sequence[PlannedLesson]:
    """Give the standing lessons of several classes."""
    wanted = select(PlannedLesson).where(
        PlannedLesson.teaching_group_id.in_(group_ids), PlannedLesson.state != PlanState.WITHDRAWN
    )
    return _in_order(wanted)


def _of_teacher(wanted: Select[PlannedLesson], lead_teacher_id: int | None) -> Select[PlannedLesson]:
    if lead_teacher_id is None:
        return wanted
    joined = wanted.join(TeachingGroup, PlannedLesson.teaching_group_id == TeachingGroup.id)
    return joined.where(TeachingGroup.lead_teacher_id == lead_teacher_id)


def _in_order(wanted: Select[PlannedLesson]) -> Sequence[PlannedLesson]:
    ordered = wanted.order_by(
        PlannedLesson.planned_on.is_(None), PlannedLesson.planned_on, PlannedLesson.teaching_group_id, PlannedLesson.id
    )
    return session().scalars(ordered.options(_with_class())).all()


def schemes_of_year(academic_year_id: int) -> dict[YearGroup, SchemeOfWork]:
    """Give the schemes of work of an academic year, with their entries."""
    wanted = (
        select(SchemeOfWork).where(SchemeOfWork.academic_year_id == academic_year_id).options(selectinload(SchemeOfWork.entries))
    )
    return {scheme.year_group: scheme for scheme in session().scalars(wanted)}


def _with_class() -> _AbstractLoad:
    return joinedload(PlannedLesson.teaching_group).options(
        selectinload(TeachingGroup.years), selectinload(TeachingGroup.slots), joinedload(TeachingGroup.lead_teacher)
    )
