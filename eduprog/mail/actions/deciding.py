"""What people decide about messages that did not go as they should: send them again, or leave them as they are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, update

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Actor
from eduprog.core.tenancy import current_school_id
from eduprog.mail.actions.queueing import NotToSendAgain, send_again
from eduprog.mail.models import OutboundEmail
from eduprog.mail.rules import MailState, kind_named

_OUTBOX = cast(Any, OutboundEmail.__table__)
_C = _OUTBOX.c


class NotAtThisHour(Refusal):
    """Messages of this kind are not sent at this hour."""


def send_all_again(*, email_ids: Collection[int], kind: str, hold: timedelta, by: Actor, now: datetime) -> int:
    """Make these messages of a kind due after `hold`; what somebody decided a moment ago stays. Gives how many.

    Raises NotAtThisHour if their kind is not sent now.
    """
    if why := kind_named(kind).not_now(now + hold):
        raise NotAtThisHour(why)
    done = 0
    for email_id in sorted(email_ids):
        try:
            send_again(email_id=email_id, by=by, now=now, hold=hold)
            done += 1
        except NotToSendAgain:
            continue
    return done


def let_be(*, email_ids: Collection[int], by: Actor, now: datetime) -> int:
    """Leave messages that failed, were missed or wait for a person as they are, for good. Gives how many that changed."""
    ends = _C.state.in_([MailState.FAILED, MailState.MISSED]) | _C.waits_for_person
    theirs = (_C.school_id == current_school_id(), _C.id.in_(sorted(email_ids)), _C.let_be_at.is_(None), ends)
    decided = cast("CursorResult[Any]", session().execute(update(_OUTBOX).where(*theirs).values(let_be_at=now))).rowcount
    if decided:
        audit.record(act="let-mail-be", subject="outbound_email", subject_id=min(email_ids), by=by, at=now, messages=decided)
    return decided
