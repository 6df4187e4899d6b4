"""Record that a lesson was taught, adapted, part taught or not taught.

`record_delivery` tells the whole story of a taught lesson: the record, the figures, the follow-ups it owes, the prompt to
parents and carers, and the make-good lesson where a part is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Actor
from eduprog.curriculum import catalogue
from eduprog.curriculum.schema import Lesson, LessonModule
from eduprog.delivery import queries
from eduprog.delivery.models import Delivery, DeliveryStep, MissedLesson
from eduprog.delivery.rules import LessonOutcome, LessonState, NotTaughtReason, ends_module, minutes_taught
from eduprog.families import actions as families
from eduprog.followups import actions as followups
from eduprog.followups import queries as followup_queries
from eduprog.followups.rules import FollowUpState
from eduprog.planning import actions as planning
from eduprog.planning import queries as planning_queries
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState, steps_of_part
from eduprog.school import queries as school
from eduprog.tallies import actions as tallies
from eduprog.tallies.actions import TallyChange


class AlreadyRecorded(Refusal):
    """This lesson is recorded already. Open its record to change it."""


class TaughtInFuture(Refusal):
    """A lesson can be recorded on the day it is taught or later, not before."""


class NotPlanned(Refusal):
    """This lesson is no longer in the class's plan."""


class NoSuchStep(Refusal):
    """Tick at least one step of this lesson, and only steps it has."""


class NotTheSameLesson(Refusal):
    """Only classes that have this very lesson in their plan can be recorded together."""


@dataclass(frozen=True, slots=True)
class JointSession:
    """What one action recorded: the record of the class named first, how many others, and the names of those on record before."""

    delivery_id: int
    others: int
    known_before: str


def record_delivery(
    *,
    planned_lesson_id: int,
    taught_on: date,
    outcome: LessonOutcome,
    steps: Sequence[int] = (),
    once_key: str | None = None,
    by: Actor,
    now: datetime,
    today: date,
) -> Delivery:
    """Record a planned lesson as taught as planned, adapted or part taught (then `steps` names the steps done).

    Recording the same again with the same `once_key` gives the first record back; something else is refused.
    Raises NotHere, NotPlanned, AlreadyRecorded, TaughtInFuture or NoSuchStep.
    """
    queries.hold([planned_lesson_id])
    repeated = queries.with_once_key(once_key) if once_key else None
    if repeated is not None:
        if (repeated.planned_lesson_id, repeated.outcome, repeated.taught_on) != (planned_lesson_id, outcome, taught_on):
            raise AlreadyRecorded
        return repeated
    planned = planning_queries.planned_lesson(planned_lesson_id)
    module = catalogue.current().module(planned.module_id)
    lesson = module.lessons[planned.lesson_number - 1]
    _refuse_if_wrong(planned, steps_of_part(module, lesson.number, planned.part), taught_on, outcome, steps, today)

    root_id = planned.make_good_of or planned.id
    before = queries.root_state(root_id)
    delivery = _add(planned, module, lesson, taught_on, outcome, steps, once_key, by, now)
    planning.mark_recorded(planned_lesson_id=planned.id, recorded=True)
    count(planned, root_id, before, delivery.minutes)
    if outcome is LessonOutcome.PART_TAUGHT:
        planning.plan_make_good(planned_lesson_id=root_id, after=taught_on, by=by, now=now)
    elif ends_module(module, lesson.number, planned.part):
        _follow_on(delivery, planned, module, by=by, now=now)
    audit.record(
        act="lesson recorded", subject="delivery", subject_id=delivery.id, by=by, at=now, outcome=outcome, taught_on=taught_on
    )
    return delivery


def record_joint_session(
    *,
    planned_lesson_id: int,
    with_ids: Sequence[int] = (),
    given: Sequence[int] = (),
    taught_on: date,
    outcome: LessonOutcome,
    steps: Sequence[int] = (),
    once_key: str | None = None,
    by: Actor,
    now: datetime,
    today: date,
) -> JointSession:
    """Record one session in which several classes were taught the same lesson: an assembly, a drop-down day.

    Each class gets its own record, follow-ups and prompt. What another class has on record already stands as it is.
    `given` names follow-ups of the first class, or of classes it hosts, that the lesson began with; they are done that day.
    Raises as `record_delivery` does for `planned_lesson_id`, and NotTheSameLesson.
    """
    queries.hold([planned_lesson_id, *with_ids])
    own = record_delivery(
        planned_lesson_id=planned_lesson_id, taught_on=taught_on, outcome=outcome, steps=steps, once_key=once_key,
        by=by, now=now, today=today,
    )  # fmt: skip
    known, recorded = [], 0
    for other_id in sorted(set(with_ids) - {planned_lesson_id}):
        other = planning_queries.planned_lesson(other_id)
        if (other.module_id, other.lesson_number) != (own.module_id, own.lesson_number):
            raise NotTheSameLesson
        try:
            record_delivery(
                planned_lesson_id=other_id, taught_on=taught_on, outcome=outcome, steps=steps,
                once_key=f"{once_key}-{other_id}" if once_key else None, by=by, now=now, today=today,
            )  # fmt: skip
            recorded += 1
        except AlreadyRecorded:
            known.append(other.teaching_group.name)
    give_follow_ups(given, own, by=by, now=now)
    return JointSession(own.id, recorded, ", ".join(known))


def give_follow_ups(follow_up_ids: Sequence[int], own: Delivery, *, by: Actor, now: datetime) -> None:
    """Record the follow-ups that the lesson began with: of its class, or of classes it hosts. Raises NotHere for another's."""
    given_here = {own.teaching_group_id, *(school.hosted_by(own.teaching_group_id) if follow_up_ids else ())}
    for follow_up_id in follow_up_ids:
        row = followup_queries.follow_up_alone(follow_up_id)
        if row.teaching_group_id not in given_here:
            raise NotHere
        if row.state is FollowUpState.DUE:
            followups.complete_follow_up(follow_up_id=row.id, done_on=own.taught_on, by=by, now=now)


def _refuse_if_wrong(
    planned: PlannedLesson, offered: Sequence[int], taught_on: date, outcome: LessonOutcome, steps: Sequence[int], today: date
) -> None:
    if planned.state is PlanState.WITHDRAWN:
        raise NotPlanned
    if taught_on > today:
        raise TaughtInFuture
    if queries.of_planned_lessons([planned.id]):
        raise AlreadyRecorded
    if outcome is not LessonOutcome.AS_PLANNED and (not steps or not set(steps) <= set(offered)):
        raise NoSuchStep


def _add(
    planned: PlannedLesson,
    module: LessonModule,
    lesson: Lesson,
    taught_on: date,
    outcome: LessonOutcome,
    steps: Sequence[int],
    once_key: str | None,
    by: Actor,
    now: datetime,
) -> Delivery:
    done = sorted(set(steps)) if outcome is not LessonOutcome.AS_PLANNED else []
    if planned.part and not done:
        done = steps_of_part(module, lesson.number, planned.part)
    delivery = Delivery(
        teaching_group_id=planned.teaching_group_id,
        planned_lesson_id=planned.id,
        module_id=module.id,
        lesson_number=lesson.number,
        revision=module.revision,
        block=planned.block,
        taught_on=taught_on,
        outcome=outcome,
        minutes=minutes_taught(lesson, done),
        taught_by=by.person_id,
        recorded_by=by.person_id,
        recorded_at=now,
        once_key=once_key,
        steps=[DeliveryStep(step_number=number) for number in done],
    )
    session().add(delivery)
    session().flush()
    return delivery


def count(planned: PlannedLesson, root_id: int, before: LessonState, minutes: int) -> None:
    """Bring the roll-ups from what they said of the planned lesson before to what is true now."""
    after = queries.root_state(root_id)
    group = planned.teaching_group
    change = TallyChange(
        group.academic_year_id,
        group.year_groups,
        catalogue.current().module(planned.module_id).strand,
        queries.counted_block(root_id),
        delivered=(after is LessonState.DELIVERED) - (before is LessonState.DELIVERED),
        part=(after is LessonState.PART) - (before is LessonState.PART),
        minutes=minutes,
    )
    tallies.apply([change])


def _follow_on(delivery: Delivery, planned: PlannedLesson, module: LessonModule, *, by: Actor, now: datetime) -> None:
    """Do what the end of a module owes: four follow-ups and one prompt home."""
    calendar = school.calendar()
    group = planned.teaching_group
    followups.schedule(
        delivery_id=delivery.id, group=group, module_id=module.id, taught_on=delivery.taught_on, by=by, now=now, calendar=calendar
    )
    families.queue_prompt(delivery_id=delivery.id, group=group, module=module, by=by, now=now, calendar=calendar)


def record_not_taught(
    *, planned_lesson_id: int, reason: NotTaughtReason, planned_on: date | None = None, by: Actor, now: datetime, today: date
) -> PlannedLesson:
    """Record that a planned lesson did not happen and why, and move it to the class's next free meeting.

    Where the miss of `planned_on`, the day the person was shown, is on record already, nothing is done again.
    Raises NotHere, NotPlanned, AlreadyRecorded or TaughtInFuture.
    """
    queries.hold([planned_lesson_id])
    planned = planning_queries.planned_lesson(planned_lesson_id)
    if any(miss.planned_on == planned_on for miss in queries.misses([planned.id]).get(planned.id, ())):
        return planned
    if planned.state is not PlanState.PLANNED or planned.planned_on is None:
        raise NotPlanned
    if queries.of_planned_lessons([planned.id]):
        raise AlreadyRecorded
    if planned.planned_on > today:
        raise TaughtInFuture
    session().add(
        MissedLesson(
            planned_lesson_id=planned.id, planned_on=planned.planned_on, reason=reason, recorded_by=by.person_id, recorded_at=now
        )
    )
    audit.record(act="lesson not taught", subject="planned_lesson", subject_id=planned.id, by=by, at=now, reason=reason)
    return planning.move_on(planned_lesson_id=planned.id, after=max(today, planned.planned_on), by=by, now=now)
