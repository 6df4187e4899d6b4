"""Say that an act was done, or that it will not be this year, and take that back."""

from __future__ import annotations

from datetime import date, datetime

from eduprog.core.db import session
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Actor
from eduprog.wholeschool.actions.planning import opened, record
from eduprog.wholeschool.models import WholeSchoolAct
from eduprog.wholeschool.rules import EVIDENCE_LENGTH, MOST_ATTENDED, ActState, DropReason


class NotYet(Refusal):
    """That day is still to come. Record the act on the day it happens, or after it."""


class AlreadySettled(Refusal):
    """This act is done or dropped already. Take that back first, then record it again."""


class TextTooLong(Refusal):
    """The sentence on what happened is too long. Keep it to 300 characters."""


class ImpossibleCount(Refusal):
    """How many were there must be between 1 and 5,000."""


def finish_act(
    *,
    whole_school_act_id: int,
    version: int,
    done_on: date,
    attended: int | None = None,
    evidence: str = "",
    by: Actor,
    now: datetime,
    today: date,
) -> WholeSchoolAct:
    """Record that an act was done: when, how many people were there, and a sentence on what happened.

    Raises NotHere, ActChanged, AlreadySettled, NotYet for a day to come, TextTooLong or ImpossibleCount.
    """
    row = _planned(whole_school_act_id, version)
    text = " ".join(evidence.split())
    if done_on > today:
        raise NotYet
    if len(text) > EVIDENCE_LENGTH:
        raise TextTooLong
    if attended is not None and not 1 <= attended <= MOST_ATTENDED:
        raise ImpossibleCount
    row.state, row.done_on, row.attended, row.evidence = ActState.DONE, done_on, attended, text
    session().flush()
    record(row, "act done", by, now, day=done_on, attended=attended)
    return row


def drop_act(*, whole_school_act_id: int, version: int, reason: DropReason, by: Actor, now: datetime) -> WholeSchoolAct:
    """Say that an act is not done this year, for a reason of the closed list. Raises NotHere, ActChanged or AlreadySettled."""
    row = _planned(whole_school_act_id, version)
    row.state, row.drop_reason = ActState.DROPPED, reason
    session().flush()
    record(row, "act dropped", by, now, reason=reason)
    return row


def reopen_act(*, whole_school_act_id: int, version: int, by: Actor, now: datetime) -> WholeSchoolAct:
    """Take back that an act was done or dropped; its day and owner stay. Raises NotHere or ActChanged; planned ones stay so."""
    row = opened(whole_school_act_id, version)
    if row.state is not ActState.PLANNED:
        row.state, row.done_on, row.attended, row.evidence, row.drop_reason = ActState.PLANNED, None, None, "", None
        session().flush()
        record(row, "act reopened", by, now)
    return row


def _planned(whole_school_act_id: int, version: int) -> WholeSchoolAct:
    row = opened(whole_school_act_id, version)
    if row.state is not ActState.PLANNED:
        raise AlreadySettled
    return row
