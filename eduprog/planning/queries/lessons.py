"""Which lessons are planned for whom and when."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.planning.models import PlannedLesson
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
    """Give the lessons planned for a span of days, by day and class; those one person is to teach if named."""
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


def is_to_teach(person_id: int) -> ColumnElement[bool]:
    """Give the condition "this person is to teach it" for statements that join planned lessons to their classes."""
    own = and_(TeachingGroup.lead_teacher_id == person_id, PlannedLesson.covered_by.is_(None))
    return or_(PlannedLesson.covered_by == person_id, own)


def _of_teacher(wanted: Select[PlannedLesson], lead_teacher_id: int | None) -> Select[PlannedLesson]:
    if lead_teacher_id is None:
        return wanted
    joined = wanted.join(TeachingGroup, PlannedLesson.teaching_group_id == TeachingGroup.id)
    return joined.where(is_to_teach(lead_teacher_id))


def _in_order(wanted: Select[PlannedLesson]) -> Sequence[PlannedLesson]:
    ordered = wanted.order_by(
        PlannedLesson.planned_on.is_(None), PlannedLesson.planned_on, PlannedLesson.starts_at.is_(None), PlannedLesson.starts_at,
        PlannedLesson.teaching_group_id, PlannedLesson.id,
    )  # fmt: skip
    return session().scalars(ordered.options(_with_class())).all()


def _with_class() -> _AbstractLoad:
    return joinedload(PlannedLesson.teaching_group).options(
        selectinload(TeachingGroup.years), selectinload(TeachingGroup.slots), joinedload(TeachingGroup.lead_teacher)
    )
