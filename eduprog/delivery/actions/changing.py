"""Change a record's day, or undo it."""

from __future__ import annotations

from datetime import date, datetime

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.permissions import Actor
from eduprog.delivery import queries
from eduprog.delivery.actions.recording import NotPlanned, TaughtInFuture, count
from eduprog.delivery.models import Delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.families import actions as families
from eduprog.followups import actions as followups
from eduprog.followups.rules import EndReason
from eduprog.planning import actions as planning
from eduprog.planning import queries as planning_queries
from eduprog.school import queries as school


def change_day(*, delivery_id: int, taught_on: date, by: Actor, now: datetime, today: date) -> Delivery:
    """Say that a recorded lesson was taught on another day; what it owes moves with it. Raises NotHere or TaughtInFuture."""
    if taught_on > today:
        raise TaughtInFuture
    delivery = queries.delivery(delivery_id)
    delivery.taught_on = taught_on
    group = school.teaching_group(delivery.teaching_group_id)
    followups.move_with(
        delivery_id=delivery.id, group=group, taught_on=taught_on, by=by, now=now, today=today, calendar=school.calendar()
    )
    audit.record(act="lesson's day changed", subject="delivery", subject_id=delivery.id, by=by, at=now, taught_on=taught_on)
    return delivery


def undo_delivery(*, delivery_id: int, by: Actor, now: datetime) -> Delivery:
    """Undo a record: figures go back, follow-ups not done are withdrawn, a prompt not sent is stopped. Raises NotHere."""
    delivery = queries.delivery(delivery_id)
    if delivery.planned_lesson_id is None:
        raise NotPlanned
    planned = planning_queries.planned_lesson(delivery.planned_lesson_id)
    root_id = planned.make_good_of or planned.id
    before = queries.root_state(root_id)
    delivery.withdrawn_at, delivery.withdrawn_by = now, by.id
    delivery.once_key = None
    planning.mark_recorded(planned_lesson_id=planned.id, recorded=False)
    session().flush()
    count(planned, root_id, before, -delivery.minutes)
    followups.withdraw(delivery_id=delivery.id, reason=EndReason.DELIVERY_UNDONE, by=by, now=now)
    families.stop_prompt(delivery_id=delivery.id, by=by, now=now)
    _drop_make_good(delivery, root_id, by=by, now=now)
    audit.record(act="record undone", subject="delivery", subject_id=delivery.id, by=by, at=now)
    return delivery


def _drop_make_good(delivery: Delivery, root_id: int, *, by: Actor, now: datetime) -> None:
    """Take back the make-good lessons that nothing was recorded for, if what they complete is undone."""
    if delivery.outcome is not LessonOutcome.PART_TAUGHT:
        return
    rest = [lesson for lesson in planning_queries.lessons_of_class(delivery.teaching_group_id) if lesson.make_good_of == root_id]
    recorded = queries.of_planned_lessons([lesson.id for lesson in rest])
    for lesson in rest:
        if lesson.id not in recorded:
            planning.withdraw_lesson(planned_lesson_id=lesson.id, by=by, now=now)
