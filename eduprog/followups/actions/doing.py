"""Finish a follow-up: done, left out, or due again."""

from __future__ import annotations

from datetime import date, datetime

from eduprog.core import audit
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Actor
from eduprog.followups import queries
from eduprog.followups.actions.scheduling import owe_again
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import EndReason, FollowUpState
from eduprog.school import queries as school

SKIP_REASONS = (EndReason.NO_TIME, EndReason.CLASS_OUT, EndReason.COVERED_ELSEWHERE, EndReason.NOT_RIGHT_FOR_CLASS)


class FollowUpEnded(Refusal):
    """That follow-up is finished already."""


class NotAReason(Refusal):
    """Choose one of the reasons offered."""


def complete_follow_up(*, follow_up_id: int, done_on: date, by: Actor, now: datetime) -> FollowUp:
    """Record a follow-up as done on a day. Raises NotHere, or FollowUpEnded if it was skipped or withdrawn.

    Recording it again is the same one effect.
    """
    row = queries.follow_up_alone(follow_up_id)
    if row.state is FollowUpState.DONE:
        return row
    if row.state is not FollowUpState.DUE:
        raise FollowUpEnded
    row.state, row.done_on, row.done_by = FollowUpState.DONE, done_on, by.person_id
    audit.record(act="follow-up done", subject="follow_up", subject_id=row.id, by=by, at=now, done_on=done_on)
    return row


def skip_follow_up(*, follow_up_id: int, reason: EndReason, by: Actor, now: datetime) -> FollowUp:
    """Record that a follow-up is left out, and why. Raises NotHere, FollowUpEnded or NotAReason."""
    if reason not in SKIP_REASONS:
        raise NotAReason
    row = queries.follow_up_alone(follow_up_id)
    if row.state is not FollowUpState.DUE:
        raise FollowUpEnded
    row.state, row.end_reason = FollowUpState.SKIPPED, reason
    audit.record(act="follow-up skipped", subject="follow_up", subject_id=row.id, by=by, at=now, reason=reason)
    return row


def undo_follow_up(*, follow_up_id: int, by: Actor, now: datetime) -> FollowUp:
    """Make a done or skipped follow-up due again. Raises NotHere, or FollowUpEnded if it was withdrawn.

    Where the record of its lesson was undone it ends; if the lesson is on record anew, that record owes it.
    """
    row = queries.follow_up_alone(follow_up_id)
    if row.state is FollowUpState.WITHDRAWN:
        raise FollowUpEnded
    owe_again(row, by=by, now=now, calendar=school.calendar())
    audit.record(act="follow-up undone", subject="follow_up", subject_id=row.id, by=by, at=now)
    return row
