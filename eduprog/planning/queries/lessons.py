"""Which lessons are planned for whom and when."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState, WhyUnplaced
from eduprog.school import queries as school
from eduprog.school.models import TeachingGroup
from eduprog.school.rules import HalfTermBlock


def planned_lesson(planned_lesson_id: int) -> PlannedLesson:
    """Give a planned lesson with its class. Raises NotHere."""
    found = session().scalars(select(PlannedLesson).where(PlannedLesson.id == planned_lesson_id)).one_or_none()
    if found is None:
        raise NotHere
    return school.with_classes([found])[0]


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


class PlanLine(NamedTuple):
    """A standing lesson as the year's plan shows it; a light row, because a large school has thousands of them."""

    id: int
    group_id: int
    module_id: str
    lesson_number: int
    part: int
    block: HalfTermBlock
    day: date | None
    why_unplaced: WhyUnplaced | None


def plan_lines(group_ids: Collection[int]) -> list[PlanLine]:
    """Give the standing lessons of these classes by day, those without one last. One statement."""
    one = PlannedLesson
    wanted = select(
        one.id, one.teaching_group_id, one.module_id, one.lesson_number, one.part, one.block, one.planned_on, one.why_unplaced
    )
    wanted = wanted.where(one.teaching_group_id.in_(group_ids), one.state != PlanState.WITHDRAWN)
    return [PlanLine._make(row) for row in session().execute(_ordered(wanted))]


def figures_of_classes(group_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Give, by class, how many lessons stand and how many of them have no day; classes without any are left out."""
    counted = (
        select(
            PlannedLesson.teaching_group_id, func.count(), func.sum(case((PlannedLesson.planned_on.is_(None), 1), else_=0))
        )
        .where(PlannedLesson.teaching_group_id.in_(group_ids), PlannedLesson.state != PlanState.WITHDRAWN)
        .group_by(PlannedLesson.teaching_group_id)
    )  # fmt: skip
    return {group_id: (lessons, int(without_day)) for group_id, lessons, without_day in session().execute(counted)}


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
    return school.with_classes(session().scalars(_ordered(wanted)).all())


def _ordered(wanted: Any) -> Any:
    return wanted.order_by(
        PlannedLesson.planned_on.is_(None), PlannedLesson.planned_on, PlannedLesson.starts_at.is_(None), PlannedLesson.starts_at,
        PlannedLesson.teaching_group_id, PlannedLesson.id,
    )  # fmt: skip
