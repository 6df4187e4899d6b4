"""What features and people do to the outbox: put messages in, take them out, ask for another try."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.dialects import postgresql, sqlite

from eduprog.core import audit
from eduprog.core.db import WriteOutsideTransaction, is_writing, session
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Actor
from eduprog.core.tenancy import current_school_id
from eduprog.mail.models import OutboundEmail
from eduprog.mail.rules import MailState, RecipientKind

_OUTBOX = cast(Any, OutboundEmail.__table__)


class NotToSendAgain(Refusal):
    """This message has been sent, or is waiting to be sent already."""


@dataclass(frozen=True)
class NewMessage:
    """A message to queue: what it is about and for whom, never its text or an address."""

    key: str
    kind: str
    subject_id: int
    recipient_kind: RecipientKind
    recipient_id: int
    due_at: datetime
    too_late_at: datetime | None = None


def enqueue(
    *, key: str, kind: str, subject_id: int, recipient_kind: RecipientKind, recipient_id: int, due_at: datetime, now: datetime,
    too_late_at: datetime | None = None,
) -> OutboundEmail:  # fmt: skip
    """Queue a message for the current school; a key queued before gives its first row back, whatever became of it.

    `too_late_at` is the moment from which it must not be sent any more (state `missed`); it lies after `due_at`.
    """
    message = NewMessage(key, kind, subject_id, recipient_kind, recipient_id, due_at, too_late_at)
    enqueue_all(messages=[message], now=now)
    return session().scalars(select(OutboundEmail).where(OutboundEmail.key == key)).one()


def enqueue_all(*, messages: Sequence[NewMessage], now: datetime) -> int:
    """Queue many messages for the current school at once; keys that exist are left as they are. Gives how many are new."""
    if not is_writing():
        raise WriteOutsideTransaction("queueing belongs inside `with transaction():`")
    if not messages:
        return 0
    school_id = current_school_id()
    rows = [
        {
            "school_id": school_id, "key": m.key, "kind": m.kind, "subject_id": m.subject_id, "recipient_kind": m.recipient_kind,
            "recipient_id": m.recipient_id, "due_at": m.due_at, "too_late_at": m.too_late_at, "created_at": now,
            "state": MailState.PENDING, "attempts": 0, "doubts": 0, "waits_for_person": False,
        }
        for m in messages
    ]  # fmt: skip
    work = session()
    dialect = postgresql if work.get_bind().dialect.name == "postgresql" else sqlite
    queued = 0
    for start in range(0, len(rows), 500):
        insert = dialect.insert(_OUTBOX).values(rows[start : start + 500])
        once = insert.on_conflict_do_nothing(index_elements=["school_id", "key"])
        queued += len(work.execute(once.returning(_OUTBOX.c.id)).all())
    return queued


def cancel(*, kind: str, subject_id: int, by: Actor, now: datetime, reason: str) -> int:
    """Take the messages about a subject out of the outbox; what is on its way or sent stays. Gives how many were cancelled.

    The reason is a sentence for the page that shows it.
    """
    columns = _OUTBOX.c
    done = session().execute(
        update(_OUTBOX)
        .where(
            columns.school_id == current_school_id(), columns.kind == kind, columns.subject_id == subject_id,
            columns.state.in_([MailState.PENDING, MailState.IN_DOUBT]),
        )
        .values(state=MailState.CANCELLED, waits_for_person=False, outcome=reason)
    )  # fmt: skip
    cancelled = cast("CursorResult[Any]", done).rowcount
    if cancelled:
        audit.record(act="cancel-mail", subject=kind, subject_id=subject_id, by=by, at=now, messages=cancelled)
    return cancelled


def send_again(*, email_id: int, by: Actor, now: datetime, hold: timedelta = timedelta(0)) -> OutboundEmail:
    """Make a failed, missed, cancelled or doubtful message due at once, or after `hold`, with its old Message-ID.

    Raises NotHere, or NotToSendAgain if it was sent or is waiting to be. A time limit that has passed is lifted: a person
    has decided that it is not too late.
    """
    row = session().scalars(select(OutboundEmail).where(OutboundEmail.id == email_id).with_for_update()).one_or_none()
    if row is None:
        raise NotHere
    waits = row.state is MailState.IN_DOUBT and row.waits_for_person
    if not waits and row.state not in (MailState.FAILED, MailState.MISSED, MailState.CANCELLED):
        raise NotToSendAgain
    row.state = MailState.IN_DOUBT if row.doubts else MailState.PENDING
    row.waits_for_person, row.let_be_at = False, None
    row.due_at, row.attempts, row.first_tried_at = now + hold, 0, None
    if row.too_late_at is not None and row.too_late_at <= row.due_at:
        row.too_late_at = None
    row.outcome = None
    audit.record(act="send-mail-again", subject="outbound_email", subject_id=row.id, by=by, at=now)
    return row
