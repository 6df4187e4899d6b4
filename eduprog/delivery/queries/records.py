"""What was taught: for a teacher's week, for a class and behind a planned lesson."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.delivery.models import Delivery, MissedLesson
from eduprog.delivery.rules import LessonOutcome, LessonState, state_over_parts
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState
from eduprog.school import queries as school
from eduprog.school.models import TeachingGroup
from eduprog.school.rules import HalfTermBlock


def delivery(delivery_id: int) -> Delivery:
    """Give a delivery that stands, with its class, plan and steps. Raises NotHere."""
    wanted = select(Delivery).where(Delivery.id == delivery_id, Delivery.withdrawn_at.is_(None))
    found = session().scalars(wanted.options(joinedload(Delivery.planned_lesson), selectinload(Delivery.steps))).one_or_none()
    if found is None:
        raise NotHere
    school.with_classes([found])
    if found.planned_lesson is not None:
        set_committed_value(found.planned_lesson, "teaching_group", found.teaching_group)
    return found


def of_planned_lessons(planned_lesson_ids: Collection[int]) -> dict[int, Delivery]:
    """Give the standing delivery of each planned lesson that has one."""
    wanted = select(Delivery).where(Delivery.planned_lesson_id.in_(planned_lesson_ids), Delivery.withdrawn_at.is_(None))
    rows = session().scalars(wanted)
    return {row.planned_lesson_id: row for row in rows if row.planned_lesson_id is not None}


class Recorded(NamedTuple):
    """What a card says of a delivery; its fields are named as those of `Delivery` are."""

    id: int
    outcome: LessonOutcome


def recorded_of(planned_lesson_ids: Collection[int]) -> dict[int, Recorded]:
    """Give, by planned lesson, what cards say of its standing delivery, of those that have one. One statement."""
    wanted = select(Delivery.planned_lesson_id, Delivery.id, Delivery.outcome).where(
        Delivery.planned_lesson_id.in_(planned_lesson_ids), Delivery.withdrawn_at.is_(None)
    )
    rows = session().execute(wanted)
    return {lesson_id: Recorded(delivery_id, outcome) for lesson_id, delivery_id, outcome in rows if lesson_id is not None}


def hold(planned_lesson_ids: Collection[int]) -> None:
    """Let nobody else record these planned lessons until this unit of work is over, so that the second device sees the first."""
    wanted = select(PlannedLesson.id).where(PlannedLesson.id.in_(planned_lesson_ids))
    session().execute(wanted.order_by(PlannedLesson.id).with_for_update())


@dataclass(frozen=True, slots=True)
class SameLesson:
    """Another class that has the same lesson still to come."""

    planned_lesson_id: int
    group_name: str
    day: date | None


def together_with(planned: PlannedLesson) -> Sequence[SameLesson]:
    """Give the classes of the same year groups that have this very lesson still to come, by name."""
    group = planned.teaching_group
    wanted = (
        select(PlannedLesson)
        .join(TeachingGroup, PlannedLesson.teaching_group_id == TeachingGroup.id)
        .where(
            TeachingGroup.academic_year_id == group.academic_year_id,
            TeachingGroup.id != group.id,
            TeachingGroup.ended_on.is_(None),
            PlannedLesson.module_id == planned.module_id,
            PlannedLesson.lesson_number == planned.lesson_number,
            PlannedLesson.part == planned.part,
            PlannedLesson.make_good_of.is_(None),
            PlannedLesson.state != PlanState.WITHDRAWN,
            PlannedLesson.recorded.is_(False),
        )
        .options(joinedload(PlannedLesson.teaching_group).selectinload(TeachingGroup.years))
    )
    rows = session().scalars(wanted.order_by(TeachingGroup.name, PlannedLesson.id)).all()
    years = set(group.year_groups)
    return [
        SameLesson(row.id, row.teaching_group.name, row.planned_on) for row in rows if years & set(row.teaching_group.year_groups)
    ]


def with_once_key(once_key: str) -> Delivery | None:
    """Give the delivery that was recorded with this key of the teacher's device."""
    return session().scalars(select(Delivery).where(Delivery.once_key == once_key)).one_or_none()


def of_class(group_id: int) -> Sequence[Delivery]:
    """Give what a class was taught, newest first."""
    wanted = select(Delivery).where(Delivery.teaching_group_id == group_id, Delivery.withdrawn_at.is_(None))
    return session().scalars(wanted.order_by(Delivery.taught_on.desc(), Delivery.id.desc())).all()


def unrecorded_before(today: date, *, since: date | None = None) -> Sequence[PlannedLesson]:
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
    return school.with_classes(session().scalars(wanted.order_by(PlannedLesson.planned_on, PlannedLesson.id)).all())


def root_state(root_id: int) -> LessonState:
    """Give how far a planned lesson has got, its make-good lessons included; where it is taught in parts, over all of them."""
    roots = [row.id for row in _parts_of(root_id)]
    chain = select(PlannedLesson.id, PlannedLesson.make_good_of).where(
        PlannedLesson.id.in_(roots) | PlannedLesson.make_good_of.in_(roots)
    )
    root_of = {row_id: original or row_id for row_id, original in session().execute(chain)}
    wanted = select(Delivery.planned_lesson_id, Delivery.outcome)
    standing = session().execute(wanted.where(Delivery.planned_lesson_id.in_(root_of), Delivery.withdrawn_at.is_(None)))
    fully: dict[int, list[bool]] = {root: [] for root in roots}
    for planned_id, outcome in standing:
        fully[root_of[planned_id or 0]].append(outcome is not LessonOutcome.PART_TAUGHT)
    return state_over_parts(fully.values())


def counted_block(root_id: int) -> HalfTermBlock:
    """Give the half-term a planned lesson counts in: where it is taught in parts, that of the first."""
    return _parts_of(root_id)[0].block


def _parts_of(root_id: int) -> Sequence[PlannedLesson]:
    """Give the planned lesson itself, or, if it is a part, all standing parts of its lesson, in order."""
    root = session().get_one(PlannedLesson, root_id)  # mostly in memory already: it is what is being recorded
    if not root.part:
        return [root]
    wanted = select(PlannedLesson).where(
        PlannedLesson.teaching_group_id == root.teaching_group_id,
        PlannedLesson.module_id == root.module_id,
        PlannedLesson.lesson_number == root.lesson_number,
        PlannedLesson.part > 0,
        PlannedLesson.make_good_of.is_(None),
        PlannedLesson.state != PlanState.WITHDRAWN,
    )
    return session().scalars(wanted.order_by(PlannedLesson.part)).all() or [root]


def misses(planned_lesson_ids: Collection[int]) -> dict[int, Sequence[MissedLesson]]:
    """Give the recorded misses of planned lessons, oldest first."""
    found: dict[int, list[MissedLesson]] = defaultdict(list)
    wanted = select(MissedLesson).where(MissedLesson.planned_lesson_id.in_(planned_lesson_ids))
    for row in session().scalars(wanted.order_by(MissedLesson.planned_on)):
        found[row.planned_lesson_id].append(row)
    return dict(found)
