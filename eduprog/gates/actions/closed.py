"""Open a session of a closed pack (gate G2) for one class and one teacher, and end it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from eduprog.accounts import queries as accounts
from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Actor
from eduprog.curriculum import catalogue
from eduprog.curriculum.catalogue import UnknownAct
from eduprog.curriculum.vocabulary import ActKind, stage_of
from eduprog.gates import queries
from eduprog.gates.models import ClosedSignOff
from eduprog.gates.rules import LONGEST_OPEN, PARENTS_BEFORE, Agreed, SignOffReason
from eduprog.school import queries as school


class ParentsFirst(Refusal):
    """Tell the parents and carers of the class first, then record it: the day they were told cannot be to come."""


class ClosesTooSoon(Refusal):
    """It is taught a week after parents were told, at the earliest. Choose a later last day."""


class OpenTooLong(Refusal):
    """A closed pack stays open for eight weeks after parents were told, at most. Choose an earlier last day."""


class NotTrainedYet(Refusal):
    """Whoever teaches it has to be recorded as trained to teach sensitive lessons first."""


class OpenForClass(Refusal):
    """A session of the pack is open for that class already. End it first: the two are not taught close together."""


class OtherYears(Refusal):
    """The pack is for other year groups than this class."""


def sign_off(
    *, teaching_group_id: int, act_id: str, teacher_id: int, agreed: Agreed, reason: SignOffReason, parents_told_on: date,
    closes_on: date, by: Actor, now: datetime, today: date,
) -> ClosedSignOff:  # fmt: skip
    """Record that two offices agreed to open a closed session for a class: who teaches it, until when; once more is once.

    Raises NotHere, ParentsFirst, ClosesTooSoon, OpenTooLong, NotTrainedYet, OtherYears or OpenForClass.
    """
    _check_days(parents_told_on, closes_on, today)
    _check_class(teaching_group_id, act_id)
    accounts.person_of_school(teacher_id)
    if teacher_id not in queries.trained_teachers():
        raise NotTrainedYet
    facts = {
        "teaching_group_id": teaching_group_id, "act_id": act_id, "teacher_id": teacher_id, "agreed": agreed, "reason": reason,
        "parents_told_on": parents_told_on, "closes_on": closes_on,
    }  # fmt: skip
    known = _standing(teaching_group_id)
    if known is not None and today <= known.closes_on:
        if any(getattr(known, name) != value for name, value in facts.items()):
            raise OpenForClass
        return known
    if known is not None:
        known.ended_by, known.ended_at = by.id, now
        session().flush()
    added = ClosedSignOff(**facts, signed_by=by.id, signed_at=now)
    session().add(added)
    session().flush()
    audit.record(
        act="closed pack opened", subject="closed_sign_off", subject_id=added.id, by=by, at=now, act_id=act_id, agreed=agreed,
        reason=reason, parents_told_on=parents_told_on, closes_on=closes_on,
    )  # fmt: skip
    return added


def _check_days(parents_told_on: date, closes_on: date, today: date) -> None:
    if parents_told_on > today:
        raise ParentsFirst
    if closes_on < max(parents_told_on + PARENTS_BEFORE, today):
        raise ClosesTooSoon
    if closes_on > parents_told_on + LONGEST_OPEN:
        raise OpenTooLong


def _check_class(teaching_group_id: int, act_id: str) -> None:
    group = school.teaching_group(teaching_group_id)
    try:
        act = catalogue.current().closed_act(act_id)
    except UnknownAct:
        raise NotHere from None
    if act.kind is not ActKind.CLOSED_SESSION or not act.is_live:
        raise NotHere
    if not {stage_of(year) for year in group.year_groups} <= set(act.stages):
        raise OtherYears


def _standing(teaching_group_id: int) -> ClosedSignOff | None:
    wanted = select(ClosedSignOff).where(ClosedSignOff.teaching_group_id == teaching_group_id, ClosedSignOff.ended_at.is_(None))
    return session().scalars(wanted).one_or_none()


def end_sign_off(*, sign_off_id: int, by: Actor, now: datetime) -> None:
    """Shut a closed session for its class again; ending it once more changes nothing. Raises NotHere."""
    known = session().scalars(select(ClosedSignOff).where(ClosedSignOff.id == sign_off_id)).one_or_none()
    if known is None:
        raise NotHere
    if known.ended_at is None:
        known.ended_by, known.ended_at = by.id, now
        audit.record(act="closed pack shut", subject="closed_sign_off", subject_id=sign_off_id, by=by, at=now)
