"""Change a record's day, note how many missed it, or undo it."""

from __future__ import annotations

from datetime import date, datetime

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import Conflict, Refusal
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

MOST_AWAY = 400


class MoreThanTheClass(Refusal):
    """No more can have missed a lesson than the class has pupils."""


class RestIsRecorded(Refusal):
    """The rest of this lesson was recorded after it. Undo that record first, then this one."""


class AwayChanged(Conflict):
    """Somebody else noted who missed it meanwhile. It is shown as it is now; yours was not saved."""


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
    """Undo a record: figures go back, follow-ups not done are withdrawn, a prompt not sent is stopped.

    What was recorded later of the same lesson is undone before, or the lesson could end twice. Raises NotHere or RestIsRecorded.
    """
    delivery = queries.delivery(delivery_id)
    if delivery.planned_lesson_id is None:
        raise NotPlanned
    planned = planning_queries.planned_lesson(delivery.planned_lesson_id)
    root_id = planned.make_good_of or planned.id
    before, rest = queries.root_state(root_id), _rest(delivery, root_id)
    delivery.withdrawn_at, delivery.withdrawn_by = now, by.id
    delivery.once_key = None
    planning.mark_recorded(planned_lesson_id=planned.id, recorded=False)
    session().flush()
    count(planned, root_id, before, -delivery.minutes)
    followups.withdraw(delivery_id=delivery.id, reason=EndReason.DELIVERY_UNDONE, by=by, now=now)
    families.stop_prompt(delivery_id=delivery.id, by=by, now=now)
    for lesson_id in rest:
        planning.withdraw_lesson(planned_lesson_id=lesson_id, by=by, now=now)
    audit.record(act="record undone", subject="delivery", subject_id=delivery.id, by=by, at=now)
    return delivery


def _rest(delivery: Delivery, root_id: int) -> list[int]:
    """Give the make-good lessons that wait to complete a part-taught one, to be taken back with it. Raises RestIsRecorded."""
    if delivery.outcome is not LessonOutcome.PART_TAUGHT:
        return []
    rest = [lesson for lesson in planning_queries.lessons_of_class(delivery.teaching_group_id) if lesson.make_good_of == root_id]
    recorded = queries.of_planned_lessons([lesson.id for lesson in rest])
    if any(one.id > delivery.id for one in recorded.values()):
        raise RestIsRecorded
    return [lesson.id for lesson in rest if lesson.id not in recorded]


def note_away(
    *, delivery_id: int, away: int, caught_up: int, before: tuple[int, int] | None, by: Actor, now: datetime
) -> Delivery:
    """Note how many missed a lesson and how many of them took the short route since; counts, never names.

    `before` is what the page showed. Saying the same again changes nothing. Raises NotHere, MoreThanTheClass or AwayChanged.
    """
    delivery = queries.delivery(delivery_id)
    known = None if delivery.away is None or delivery.caught_up is None else (delivery.away, delivery.caught_up)
    if known == (away, caught_up):
        return delivery
    if known != before:
        raise AwayChanged
    size = delivery.teaching_group.size
    if away > (size or MOST_AWAY):
        raise MoreThanTheClass(
            f"{delivery.teaching_group.name} has {size or MOST_AWAY} pupils at most, so {away} cannot have missed it."
        )
    if caught_up > away:
        raise MoreThanTheClass(f"{caught_up} cannot have caught up where {away} missed it.")
    delivery.away, delivery.caught_up = away, caught_up
    audit.record(act="missed by some", subject="delivery", subject_id=delivery.id, by=by, at=now, away=away, caught_up=caught_up)
    return delivery
