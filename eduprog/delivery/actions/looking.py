"""The safeguarding lead's "see me first" on one planned lesson."""

from __future__ import annotations

from datetime import datetime

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Actor
from eduprog.delivery import queries
from eduprog.delivery.models import FirstLook
from eduprog.planning import queries as planning
from eduprog.planning.rules import PlanState


class SeeLeadFirst(Refusal):
    """Your designated safeguarding lead (DSL) wants to see you before this lesson. Once they have cleared it, it opens."""


def ask_first(*, planned_lesson_id: int, by: Actor, now: datetime) -> FirstLook:
    """Ask whoever teaches this lesson to come first; asking again changes nothing. No reason is kept. Raises NotHere."""
    queries.hold([planned_lesson_id])
    planned = planning.planned_lesson(planned_lesson_id)
    if planned.state is PlanState.WITHDRAWN or planned.recorded:
        raise NotHere
    standing = queries.standing_look(planned_lesson_id)
    if standing is not None:
        return standing
    added = FirstLook(planned_lesson_id=planned_lesson_id, asked_by=by.id, asked_at=now)
    session().add(added)
    session().flush()
    audit.record(act="first look asked for", subject="planned_lesson", subject_id=planned_lesson_id, by=by, at=now)
    return added


def clear_look(*, planned_lesson_id: int, by: Actor, now: datetime) -> None:
    """Say that the lesson may go ahead; saying it again changes nothing. Raises NotHere for a lesson that is not there."""
    queries.hold([planned_lesson_id])
    planning.planned_lesson(planned_lesson_id)
    standing = queries.standing_look(planned_lesson_id)
    if standing is None:
        return
    standing.cleared_by, standing.cleared_at = by.id, now
    audit.record(act="first look cleared", subject="planned_lesson", subject_id=planned_lesson_id, by=by, at=now)
