"""Reads of the outbox: what is due for dispatch, what is stuck for people."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from itertools import zip_longest
from typing import Any, cast

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, exists, func, select, text

from eduprog.core import crypto
from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.core.tenancy import across_schools, current_school_id
from eduprog.mail.models import NotifyAccount, OutboundEmail, SuppressedAddress
from eduprog.mail.rules import Claimed, MailState, RecipientKind, Trouble, TroubleLine, in_lines, installed_kinds
from eduprog.organisations.models import School

_OUTBOX = cast(Any, OutboundEmail.__table__)
_SCHOOL = cast(Any, School.__table__)
_SUPPRESSED = cast(Any, SuppressedAddress.__table__)
# Word for word the condition of the partial indexes: with bound values neither engine would use them.
TO_SEND = text("outbound_email.state IN ('pending', 'in_doubt') AND NOT outbound_email.waits_for_person")
_BEING_SENT = text("outbound_email.state = 'sending'")
_WINDOW = 1000
_SCHOOLS_AT_ONCE = 40
_FRESH_FIRST = 3


@dataclass(frozen=True, slots=True)
class Look:
    """What one glance at the outbox shows: whether anybody is sending, or was when they died; what is too late; what is due."""

    sending: bool
    too_late: bool
    due: bool


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

    At most a thousand messages or so: dispatch asks again when they are done, so that a school with many thousands delays nobody.
    What fell due last goes among the first of its school: nobody waits for a link to sign in behind thousands of that morning.
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
    oldest = session().execute(due.add_columns(columns.due_at).order_by(columns.due_at, columns.id).limit(limit)).all()
    found = [Claimed(*row[:-1]) for row in oldest]
    if len(found) <= _FRESH_FIRST:
        return found
    later = due.where(columns.due_at > oldest[0].due_at).order_by(columns.due_at.desc(), columns.id.desc()).limit(_FRESH_FIRST)
    fresh = [Claimed(*row) for row in session().execute(later).all()]
    return [*reversed(fresh), *(message for message in found if message not in fresh)]


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


_TROUBLES_SHOWN = 2000
_TROUBLED = (
    _OUTBOX.c.state.in_([MailState.FAILED, MailState.MISSED, MailState.IN_DOUBT])
    | ((_OUTBOX.c.state == MailState.PENDING) & (_OUTBOX.c.attempts > 0))
) & _OUTBOX.c.let_be_at.is_(None)


def waiting_subjects(kind: str, school: BindParameter[int]) -> Select[int]:
    """Give, to be asked within a statement that stands ready, what messages of a kind are about that wait to be sent for the
    first time or again, or are in a sender's hands; `school` is the parameter by which that statement is told its school.
    """
    c = _OUTBOX.c
    going = c.state.in_([MailState.PENDING, MailState.SENDING])
    return select(c.subject_id).where(c.school_id == school, c.kind == kind, going)


def troubles(*, recipients: Collection[RecipientKind] = tuple(RecipientKind), limit: int = _TROUBLES_SHOWN) -> list[Trouble]:
    """Give the current school's messages that failed, were missed, are in doubt or are being tried again, newest first.

    Those to these kinds of recipient, without what somebody has decided to leave as it is.
    """
    c = _OUTBOX.c
    asked = select(
        c.id, c.kind, c.subject_id, c.recipient_kind, c.recipient_id, c.state, c.waits_for_person, c.due_at,
        func.coalesce(c.first_tried_at, c.due_at, type_=c.due_at.type).label("since"), c.attempts,
        func.coalesce(c.outcome, "").label("reason"),
    )  # fmt: skip
    ours = (c.school_id == current_school_id(), c.recipient_kind.in_(recipients), _TROUBLED)
    return [Trouble(*row) for row in session().execute(asked.where(*ours).order_by(c.due_at.desc(), c.id.desc()).limit(limit))]


def trouble_lines(recipients: Collection[RecipientKind]) -> list[TroubleLine]:
    """Give the current school's messages in trouble to these kinds of recipient, those that stand alike in one line."""
    found = troubles(recipients=recipients)
    about: dict[tuple[str, int], str] = {}
    for kind in installed_kinds():
        subjects = [one.subject_id for one in found if one.kind == kind.name]
        if subjects:
            about.update({(kind.name, subject_id): words for subject_id, words in kind.about(subjects).items()})
    return in_lines(found, about)


def check_message_to(email_id: int, recipients: Collection[RecipientKind]) -> None:
    """Make sure that this is a message of the current school to these kinds of recipient. Raises NotHere."""
    c = _OUTBOX.c
    theirs = select(c.id).where(c.school_id == current_school_id(), c.id == email_id, c.recipient_kind.in_(recipients))
    if session().scalar(theirs) is None:
        raise NotHere


def is_in_trouble(kind: str, subject_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Give, to be asked within another statement, whether a message of the current school about this subject is in trouble."""
    c = _OUTBOX.c
    return exists().where(c.school_id == current_school_id(), c.kind == kind, c.subject_id == subject_id, _TROUBLED)


def needs_somebody(recipients: Collection[RecipientKind]) -> bool:
    """Say whether a message to these kinds of recipient failed, was missed or waits for a person to decide. One statement."""
    return bool(session().scalar(_NEEDS_SOMEBODY, {"school": current_school_id(), "recipients": list(recipients)}))


def _needs_somebody() -> Select[bool]:
    c = _OUTBOX.c
    ends = c.state.in_([MailState.FAILED, MailState.MISSED]) | c.waits_for_person
    theirs = c.recipient_kind.in_(bindparam("recipients", expanding=True))
    return select(exists(select(c.id).where(c.school_id == bindparam("school"), theirs, _TROUBLED, ends)))


_NEEDS_SOMEBODY = _needs_somebody()
"""Asked on every page of families, so it stands ready."""


def outbox_state() -> OutboxState:
    """Give where the messages of the whole installation stand."""
    with across_schools("state of the installation"):
        counted = session().execute(select(_OUTBOX.c.state, func.count()).group_by(_OUTBOX.c.state)).all()
        waits = (_OUTBOX.c.waits_for_person, _OUTBOX.c.let_be_at.is_(None))
        waiting = session().scalar(select(func.count()).select_from(_OUTBOX).where(*waits))
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


@dataclass(frozen=True)
class SentMessage:
    """A message that went out: which, of which school, of which kind, to whom."""

    id: int
    school_id: int
    kind: str
    recipient_id: int


def message_mark(email_id: int, school_id: int, key: str) -> str:
    """Give what a message's Message-ID carries: its number and a keyed digest, which nobody can make who does not have it."""
    digest = crypto.lookup_hash("message-id", f"{school_id}\n{key}")
    return f"{email_id}.{digest[:40]}"


def sent_with(mark: str, *, since: datetime) -> SentMessage | None:
    """Give the message sent since then whose Message-ID carries this mark. Only inside `across_schools`."""
    c = _OUTBOX.c
    wanted = select(c.id, c.school_id, c.kind, c.recipient_id, c.key).where(c.state == MailState.SENT, c.sent_at >= since)
    row = session().execute(wanted.where(c.id == int(mark.partition(".")[0]))).one_or_none()
    if row is None or not hmac.compare_digest(message_mark(row.id, row.school_id, row.key), mark):
        return None
    return SentMessage(row.id, row.school_id, row.kind, row.recipient_id)
