"""What was taught: for a teacher's week, for a class, behind a figure of the grid, and as facts for a recount."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.curriculum import catalogue
from eduprog.delivery.models import Delivery, MissedLesson
from eduprog.delivery.rules import LessonOutcome, LessonState, state_of
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState
from eduprog.school.models import TeachingGroup
from eduprog.tallies.actions import TallyChange


def delivery(delivery_id: int) -> Delivery:
    """Give a delivery that stands, with its class, plan and steps. Raises NotHere."""
    wanted = select(Delivery).where(Delivery.id == delivery_id, Delivery.withdrawn_at.is_(None))
    loaded = wanted.options(_with_class(), joinedload(Delivery.planned_lesson), selectinload(Delivery.steps))
    found = session().scalars(loaded).one_or_none()
    if found is None:
        raise NotHere
    return found


def of_planned_lessons(planned_lesson_ids: Collection[int]) -> dict[int, Delivery]:
    """Give the standing delivery of each planned lesson that has one."""
    wanted = select(Delivery).where(Delivery.planned_lesson_id.in_(planned_lesson_ids), Delivery.withdrawn_at.is_(None))
    rows = session().scalars(wanted.options(selectinload(Delivery.steps)))
    return {row.planned_lesson_id: row for row in rows if row.planned_lesson_id is not None}


def with_once_key(once_key: str) -> Delivery | None:
    """Give the delivery that was recorded with this key of the teacher's device."""
    return session().scalars(select(Delivery).where(Delivery.once_key == once_key)).one_or_none()


def of_class(group_id: int) -> Sequence[Delivery]:
    """Give what a class was taught, newest first."""
    wanted = select(Delivery).where(Delivery.teaching_group_id == group_id, Delivery.withdrawn_at.is_(None))
    return session().scalars(wanted.order_by(Delivery.taught_on.desc(), Delivery.id.desc())).all()


def unrecorded_before(today: date, *, lead_teacher_id: int | None = None, since: date | None = None) -> Sequence[PlannedLesson]:
    """Give the lessons whose day has passed with nothing recorded, oldest first."""
    recorded = select(Delivery.planned_lesson_id).where(
        Delivery.planned_lesson_id == PlannedLesson.id,
        Delivery.withdrawn_at.is_(None),
        Delivery.school_id == PlannedLesson.school_id,
    )
    wanted = select(PlannedLesson).where(
        PlannedLesson.planned_on < today, PlannedLesson.state == PlanState.PLANNED, ~recorded.correlate(PlannedLesson).exists()
    )
    if since is not None:
        wanted = wanted.where(PlannedLesson.planned_on >= since)
    if lead_teacher_id is not None:
        wanted = wanted.join(TeachingGroup, PlannedLesson.teaching_group_id == TeachingGroup.id)
        wanted = wanted.where(TeachingGroup.lead_teacher_id == lead_teacher_id)
    loaded = wanted.options(
        joinedload(PlannedLesson.teaching_group).options(
            selectinload(TeachingGroup.years), selectinload(TeachingGroup.slots), joinedload(TeachingGroup.lead_teacher)
        )
    )
    return session().scalars(loaded.order_by(PlannedLesson.planned_on, PlannedLesson.id)).all()


def root_state(root_id: int) -> LessonState:
    """Give how far a planned lesson has got, its make-good lessons included."""
    chain = select(PlannedLesson.id).where((PlannedLesson.id == root_id) | (PlannedLesson.make_good_of == root_id))
    wanted = select(Delivery.outcome).where(Delivery.planned_lesson_id.in_(chain), Delivery.withdrawn_at.is_(None))
    return state_of(outcome is not LessonOutcome.PART_TAUGHT for outcome in session().scalars(wanted))


def misses(planned_lesson_ids: Collection[int]) -> dict[int, Sequence[MissedLesson]]:
    """Give the recorded misses of planned lessons, oldest first."""
    found: dict[int, list[MissedLesson]] = defaultdict(list)
    wanted = select(MissedLesson).where(MissedLesson.planned_lesson_id.in_(planned_lesson_ids))
    for row in session().scalars(wanted.order_by(MissedLesson.planned_on)):
        found[row.planned_lesson_id].append(row)
    return dict(found)


def tally_facts() -> list[TallyChange]:
    """Recount the current school from the records themselves: every planned lesson and what became of it."""
    lessons = (
        session()
        .scalars(select(PlannedLesson).options(joinedload(PlannedLesson.teaching_group).selectinload(TeachingGroup.years)))
        .all()
    )
    outcomes: dict[int, list[tuple[bool, int]]] = defaultdict(list)
    root_of = {lesson.id: lesson.make_good_of or lesson.id for lesson in lessons}
    for row in session().scalars(
        select(Delivery).where(Delivery.withdrawn_at.is_(None), Delivery.planned_lesson_id.is_not(None))
    ):
        outcomes[root_of[row.planned_lesson_id or 0]].append((row.outcome is not LessonOutcome.PART_TAUGHT, row.minutes))
    return [_fact(lesson, outcomes[lesson.id]) for lesson in lessons if lesson.make_good_of is None]


def _fact(lesson: PlannedLesson, outcomes: Sequence[tuple[bool, int]]) -> TallyChange:
    state = state_of(fully for fully, _ in outcomes)
    group = lesson.teaching_group
    return TallyChange(
        group.academic_year_id,
        group.year_groups,
        catalogue.current().module(lesson.module_id).strand,
        lesson.block,
        planned=int(lesson.state is not PlanState.WITHDRAWN),
        delivered=int(state is LessonState.DELIVERED),
        part=int(state is LessonState.PART),
        minutes=sum(minutes for _, minutes in outcomes),
    )


def _with_class() -> _AbstractLoad:
    return joinedload(Delivery.teaching_group).options(selectinload(TeachingGroup.years), selectinload(TeachingGroup.slots))
