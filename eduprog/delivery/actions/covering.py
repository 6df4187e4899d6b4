"""Let somebody stand in: a colleague, or a supply teacher by a one-day link; without training, something else is taught."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import Conflict, NotHere, Refusal
from eduprog.core.permissions import Actor, supply
from eduprog.curriculum import catalogue
from eduprog.delivery import queries
from eduprog.delivery.actions.looking import SeeLeadFirst
from eduprog.delivery.actions.recording import give_follow_ups, record_delivery
from eduprog.delivery.models import Delivery, SupplyLink
from eduprog.delivery.rules import LINK_DAYS_AHEAD, LessonOutcome, asks_for_training, link_opens
from eduprog.gates import queries as gates
from eduprog.planning import actions as planning
from eduprog.planning import queries as planning_queries
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState


class NotTrained(Refusal):
    """This lesson asks for a trained teacher. Choose what is taught instead; the lesson moves to a later meeting."""


class PlanChanged(Conflict):
    """The plan of this lesson changed meanwhile. It is shown as it is now; nothing was saved."""


class NothingInstead(Refusal):
    """Choose one of the lessons or follow-ups named on the page."""


class NoLinkYet(Refusal):
    """A one-day link can be made from a week before the lesson until the end of its day."""


class NoticeFirst(Refusal):
    """Parents and carers have to be told before this lesson, and nobody has noted that they were. Note it, then make the link."""


class LinkOver(Refusal):
    """This link does not work any more."""


@dataclass(frozen=True, slots=True)
class Swapped:
    """What is taught at the meeting now (a planned lesson or a follow-up), and the day the sensitive lesson moved to."""

    planned_lesson_id: int | None
    follow_up_id: int | None
    moved_to: date | None


def arrange_cover(*, planned_lesson_id: int, person_id: int | None, version: int, by: Actor, now: datetime) -> PlannedLesson:
    """Let a colleague take a lesson, or give it back to the class's teacher. Said again it changes nothing.

    Raises NotHere, NotTrained, PlanChanged and what planning refuses.
    """
    planned = _to_cover(planned_lesson_id)
    if planned.covered_by == person_id:
        return planned
    if planned.version != version:
        raise PlanChanged
    if person_id is not None and _needs_training(planned, person_id):
        raise NotTrained
    return planning.cover_lesson(planned_lesson_id=planned_lesson_id, person_id=person_id, by=by, now=now)


def swap_for_cover(
    *,
    planned_lesson_id: int,
    person_id: int | None,
    with_id: int | None = None,
    follow_up_id: int | None = None,
    version: int,
    by: Actor,
    now: datetime,
) -> Swapped:
    """Teach something else at this meeting, which needs no training, and plan the sensitive lesson for later.

    A lesson named by `with_id` changes places with it and is covered by the person (None: by a supply teacher); for a follow-up
    the sensitive lesson moves to the next free meeting. Raises NotHere, NothingInstead, PlanChanged and what planning refuses.
    """
    planned = _to_cover(planned_lesson_id)
    if planned.version != version:
        raise PlanChanged
    offered = queries.instead_of(planned)
    assert planned.planned_on is not None
    if with_id is not None and with_id in {one.planned_lesson_id for one in offered.lessons}:
        planning.swap_lessons(planned_lesson_id=planned_lesson_id, with_id=with_id, even_so=True, for_cover=True, by=by, now=now)
        planned.covered_by = None
        session().flush()
        if person_id is not None:
            planning.cover_lesson(planned_lesson_id=with_id, person_id=person_id, by=by, now=now)
        return Swapped(with_id, None, planned.planned_on)
    if follow_up_id is not None and follow_up_id in {one.follow_up_id for one in offered.follow_ups}:
        planned.covered_by = None
        planning.move_on(planned_lesson_id=planned_lesson_id, after=planned.planned_on, by=by, now=now)
        return Swapped(None, follow_up_id, planned.planned_on)
    raise NothingInstead


def make_link(*, planned_lesson_id: int, by: Actor, now: datetime, today: date) -> SupplyLink:
    """Make the one-day link of a lesson, or give the one that stands.

    Raises NotHere, NoLinkYet, NotTrained, SeeLeadFirst or NoticeFirst.
    """
    planned = _to_cover(planned_lesson_id)
    if planned.planned_on is None or not today <= planned.planned_on <= today + LINK_DAYS_AHEAD:
        raise NoLinkYet
    if _needs_training(planned, None):
        raise NotTrained
    if queries.standing_look(planned_lesson_id) is not None:
        raise SeeLeadFirst
    if queries.readiness(planned, today).stops:
        raise NoticeFirst
    standing = queries.standing_link(planned_lesson_id)
    if standing is not None and standing.valid_on == planned.planned_on:
        return standing
    if standing is not None:
        standing.revoked_at, standing.revoked_by = now, by.id
        session().flush()
    added = SupplyLink(planned_lesson_id=planned_lesson_id, valid_on=planned.planned_on, made_by=by.id, made_at=now)
    session().add(added)
    session().flush()
    audit.record(
        act="one-day link made", subject="supply_link", subject_id=added.id, by=by, at=now, lesson=planned_lesson_id,
        day=planned.planned_on,
    )  # fmt: skip
    return added


def revoke_link(*, planned_lesson_id: int, by: Actor, now: datetime) -> None:
    """Let the one-day link of a lesson open nothing any more; again changes nothing. Raises NotHere for no such lesson."""
    queries.hold([planned_lesson_id])
    planning_queries.planned_lesson(planned_lesson_id)
    standing = queries.standing_link(planned_lesson_id)
    if standing is None:
        return
    standing.revoked_at, standing.revoked_by = now, by.id
    audit.record(act="one-day link revoked", subject="supply_link", subject_id=standing.id, by=by, at=now)


def lesson_of_link(link_id: int, today: date) -> PlannedLesson:
    """Give the lesson a one-day link opens today.

    Raises LinkOver if it is revoked, over, moved, on hold, waits for the DSL, or has sex education without notice to parents.
    """
    try:
        link = queries.supply_link(link_id)
    except NotHere:
        raise LinkOver from None
    planned = planning_queries.planned_lesson(link.planned_lesson_id)
    if planned.state is not PlanState.PLANNED:
        raise LinkOver
    if not link_opens(valid_on=link.valid_on, planned_on=planned.planned_on, today=today):
        raise LinkOver
    module = catalogue.current().module(planned.module_id)
    if gates.holds().stop(module, planned.teaching_group.year_groups) or queries.standing_look(planned.id) is not None:
        raise LinkOver
    if queries.readiness(planned, today).stops:
        raise LinkOver
    return planned


def record_by_link(
    *, link_id: int, outcome: LessonOutcome, steps: Sequence[int], given: Sequence[int] = (), now: datetime, today: date
) -> Delivery:
    """Record the lesson of a one-day link as taught today; a second tap gives the first record back.

    Of the follow-ups `given` names, those the page offered are done with it. Raises LinkOver and what `record_delivery` refuses.
    """
    planned = lesson_of_link(link_id, today)
    assert planned.planned_on is not None
    offered = {card.follow_up_id for card in queries.starters(planned, planned.planned_on)} if given else set()
    by = supply(link_id)
    own = record_delivery(
        planned_lesson_id=planned.id, taught_on=planned.planned_on, outcome=outcome, steps=steps, once_key=f"supply-{link_id}",
        by=by, now=now, today=today,
    )  # fmt: skip
    give_follow_ups([one for one in given if one in offered], own, by=by, now=now)
    return own


def _to_cover(planned_lesson_id: int) -> PlannedLesson:
    queries.hold([planned_lesson_id])
    planned = planning_queries.planned_lesson(planned_lesson_id)
    if planned.state is not PlanState.PLANNED or planned.recorded:
        raise NotHere
    return planned


def _needs_training(planned: PlannedLesson, person_id: int | None) -> bool:
    """Say whether a lesson asks for training this person has not; the class's own teacher is judged by the gate, not here."""
    own = person_id is not None and person_id == planned.teaching_group.lead_teacher_id
    trained = person_id is not None and person_id in gates.trained_teachers()
    return asks_for_training(catalogue.current().module(planned.module_id)) and not own and not trained
