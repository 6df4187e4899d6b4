"""Reads of the outbox: what is due for dispatch, what is stuck for people."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from itertools import zip_longest
from typing import Any, cast

from sqlalchemy import bindparam, exists, func, select, text

from eduprog.core import crypto
from eduprog.core.db import session
from eduprog.core.tenancy import across_schools, current_school_id
from eduprog.mail.models import NotifyAccount, OutboundEmail, SuppressedAddress
from eduprog.mail.rules import Claimed, MailState, RecipientKind
from eduprog.organisations.models import School

_OUTBOX = cast(Any, OutboundEmail.__table__)
_SCHOOL = cast(Any, School.__table__)
_SUPPRESSED = cast(Any, SuppressedAddress.__table__)
# Word for word the condition of the partial indexes: with bound values neither engine would use them.
TO_SEND = text("outbound_email.state IN ('pending', 'in_doubt') AND NOT outbound_email.waits_for_person")
_BEING_SENT = text("outbound_email.state = 'sending'")
_WINDOW = 400
_SCHOOLS_AT_ONCE = 40


@dataclass(frozen=True, slots=True)
class Look:
    """What one glance at the outbox shows: whether anybody is sending, or was when they died; what is too late; what is due."""

    sending: bool
    too_late: bool
    due: bool


@dataclass(frozen=True)
class Trouble:
    """A message that did not go as it should, for the people of its school."""

    id: int
    kind: str
    subject_id: int
    recipient_kind: RecipientKind
    recipient_id: int
    state: MailState
    waits_for_person: bool
    due_at: datetime
    attempts: int
    reason: str


@dataclass(frozen=True)
class OutboxState:
    """Where the messages of the whole installation stand: counts, and the moment the oldest unsent one was due."""

    counts: Mapping[MailState, int]
    waiting_for_people: int
    oldest_due: datetime | None


def address_hash(address: str) -> str:
    """Give the keyed hash under which an address is remembered as not to be written to."""
    return crypto.lookup_hash("suppressed address", address.strip().lower())


_NOW = bindparam("now", type_=_OUTBOX.c.due_at.type)
_DUE_NOW = (TO_SEND, _OUTBOX.c.due_at <= _NOW)
_LOOK = select(
    exists(select(_OUTBOX.c.id).where(_BEING_SENT)),
    exists(select(_OUTBOX.c.id).where(*_DUE_NOW, _OUTBOX.c.too_late_at <= _NOW)),
    exists(select(_OUTBOX.c.id).where(*_DUE_NOW)),
)


def look(now: datetime) -> Look:
    """Give what there is to do, over all schools, in one statement: dispatch asks every few seconds, mostly for nothing."""
    with across_schools("dispatch"):
        return Look(*session().connection().execute(_LOOK, {"now": now}).one())


def schools_with_due(now: datetime) -> list[int]:
    """Give the ids of schools with messages to send."""
    due = select(1).where(_OUTBOX.c.school_id == _SCHOOL.c.id, TO_SEND, _OUTBOX.c.due_at <= now).exists()
    return list(session().scalars(select(_SCHOOL.c.id).where(due).order_by(_SCHOOL.c.id)))


def due_groups(now: datetime, *, size: int, after_school: int = 0) -> list[list[Claimed]]:
    """Give groups of at most `size` due messages, each of one school, schools in turn beginning behind `after_school`.

    At most a few hundred messages: dispatch asks again when they are done, so that a school with thousands delays nobody.
    """
    with across_schools("dispatch"):
        ids = schools_with_due(now)
        turn = [i for i in ids if i > after_school] + [i for i in ids if i <= after_school]
        chosen = turn[:_SCHOOLS_AT_ONCE]
        each = max(size, _WINDOW // max(len(chosen), 1))
        queues = [_in_groups(_due_of(school_id, now, each), size) for school_id in chosen]
    return [group for round_ in zip_longest(*queues) for group in round_ if group is not None]


def _due_of(school_id: int, now: datetime, limit: int) -> list[Claimed]:
    columns = _OUTBOX.c
    asked = select(*(columns[field.name] for field in fields(Claimed)))
    due = asked.where(columns.school_id == school_id, TO_SEND, columns.due_at <= now)
    return [Claimed(*row) for row in session().execute(due.order_by(columns.due_at, columns.id).limit(limit))]


def _in_groups(messages: list[Claimed], size: int) -> list[list[Claimed]]:
    return [messages[start : start + size] for start in range(0, len(messages), size)]


def owners() -> list[str]:
    """Give the names of all who are sending, or were when they died."""
    with across_schools("dispatch"):
        asked = select(_OUTBOX.c.owner).where(_BEING_SENT).distinct().order_by(_OUTBOX.c.owner)
        return list(session().scalars(asked))


_SUPPRESSED_OF = select(_SUPPRESSED.c.address_hash).where(
    _SUPPRESSED.c.school_id == bindparam("school_id"), _SUPPRESSED.c.address_hash.in_(bindparam("hashes", expanding=True))
)


def suppressed(hashes: Collection[str]) -> frozenset[str]:
    """Give those of these address hashes that the current school must not write to."""
    asked = {"school_id": current_school_id(), "hashes": list(hashes)}
    return frozenset(session().connection().scalars(_SUPPRESSED_OF, asked))


def states_of(kind: str, subject_ids: Collection[int]) -> dict[int, MailState]:
    """Give where the newest message about each subject stands, for the current school."""
    rows = session().execute(
        select(OutboundEmail.subject_id, OutboundEmail.state)
        .where(OutboundEmail.kind == kind, OutboundEmail.subject_id.in_(subject_ids))
        .order_by(OutboundEmail.id)
    )
    return {row.subject_id: row.state for row in rows}


def troubles(*, limit: int = 100) -> list[Trouble]:
    """Give the current school's messages that failed, were missed, are in doubt or are being tried again, newest first."""
    row = OutboundEmail
    bad = row.state.in_([MailState.FAILED, MailState.MISSED, MailState.IN_DOUBT])
    tried = (row.state == MailState.PENDING) & (row.attempts > 0)
    found = session().scalars(select(row).where(bad | tried).order_by(row.due_at.desc(), row.id.desc()).limit(limit))
    return [
        Trouble(
            each.id, each.kind, each.subject_id, each.recipient_kind, each.recipient_id, each.state, each.waits_for_person,
            each.due_at, each.attempts, each.outcome or "",
        )
        for each in found
    ]  # fmt: skip


def outbox_state() -> OutboxState:
    """Give where the messages of the whole installation stand."""
    with across_schools("state of the installation"):
        counted = session().execute(select(_OUTBOX.c.state, func.count()).group_by(_OUTBOX.c.state)).all()
        waiting = session().scalar(select(func.count()).select_from(_OUTBOX).where(_OUTBOX.c.waits_for_person))
    return OutboxState({MailState(state): count for state, count in counted}, waiting or 0, oldest_due())


def oldest_due() -> datetime | None:
    """Give the moment the oldest message still to be sent was or will be due, over all schools; None if there is none."""
    with across_schools("state of the installation"):
        asked = select(_OUTBOX.c.due_at).where(TO_SEND).order_by(_OUTBOX.c.due_at, _OUTBOX.c.id).limit(1)
        return session().scalar(asked)


@dataclass(frozen=True)
class SchoolAccount:
    """A school's account at GOV.UK Notify."""

    school_id: int
    key: str = field(repr=False)
    template_id: str = ""


def notify_account() -> NotifyAccount | None:
    """Give the current school's account at GOV.UK Notify, if it has one."""
    return session().scalars(select(NotifyAccount)).one_or_none()


def notify_accounts() -> list[SchoolAccount]:
    """Give the accounts of all schools. Leaves no transaction open where none was."""
    work = session()
    was_open = work.in_transaction()
    with across_schools("dispatch sends by the way each school has chosen"):
        rows = work.execute(select(NotifyAccount.school_id, NotifyAccount.key_encrypted, NotifyAccount.template_id)).all()
    if not was_open:
        work.rollback()
    return [SchoolAccount(row.school_id, crypto.decrypt(row.key_encrypted), row.template_id) for row in rows]
