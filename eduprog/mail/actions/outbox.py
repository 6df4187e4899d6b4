"""What dispatch does to the outbox: claim, settle, release, rescue.

Each is a conditional update: whoever changes the row owns it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ARRAY, ColumnElement, CursorResult, Integer, and_, any_, bindparam, case, func, select, text, true, update

from eduprog.core.db import session
from eduprog.mail.actions.suppression import suppress_hash
from eduprog.mail.models import OutboundEmail
from eduprog.mail.queries import TO_SEND
from eduprog.mail.rules import (
    Accepted,
    Claimed,
    InDoubt,
    MailState,
    PutOff,
    Refused,
    Result,
    Stopped,
    TooLate,
    may_try_again,
    retry_gap,
)

_OUTBOX = cast(Any, OutboundEmail.__table__)
_C = _OUTBOX.c
_FREE = {"owner": None, "lease_until": None}
_UNSENT = case((_C.doubts > 0, MailState.IN_DOUBT.value), else_=MailState.PENDING.value)
_BEING_SENT = text("outbound_email.state = 'sending'")


_COLUMNS = [_C[field.name] for field in fields(Claimed)]


_CLAIMED = {"state": MailState.SENDING, "owner": bindparam("me"), "lease_until": bindparam("until")}


class _Words:
    """The statements over many rows, in the words of one engine; `among` says which rows, `claimable` which of them to take."""

    def __init__(self, among: ColumnElement[bool], claimable: ColumnElement[bool]) -> None:
        self.claim = update(_OUTBOX).where(claimable).values(**_CLAIMED).returning(*_COLUMNS)
        mine = (among, _C.owner == bindparam("me"))
        sent = {"state": MailState.SENT, "sent_at": bindparam("now"), "attempts": _C.attempts + 1, "outcome": None}
        self.sent = update(_OUTBOX).where(*mine).values(**sent, **_FREE)
        self.release = update(_OUTBOX).where(*mine).values(state=_UNSENT, **_FREE)


def _of_sqlite() -> _Words:
    among = _C.id.in_(bindparam("ids", expanding=True))
    return _Words(among, and_(among, TO_SEND, _C.due_at <= bindparam("now")))


def _of_postgresql() -> _Words:
    """Lock the rows by their number, passing over what another sender holds, and only then ask which are still to be sent.

    Asked for in one breath, the planner comes by the index of what is due, which after a morning of sending is full of rows
    that were, and takes four times as long. One value, however many rows: a hundred take the driver longer than the server.
    """
    numbers = ARRAY(Integer)
    among = _C.id == any_(bindparam("ids", type_=numbers))
    locked = select(_OUTBOX).where(among).with_for_update(skip_locked=True).cte("locked").prefix_with("MATERIALIZED")
    to_send = select(locked.c.id).where(
        locked.c.state.in_([MailState.PENDING, MailState.IN_DOUBT]),
        ~locked.c.waits_for_person,
        locked.c.due_at <= bindparam("now"),
    )
    return _Words(among, _C.id == any_(func.array(to_send.scalar_subquery(), type_=numbers)))


_WORDS = {"sqlite": _of_sqlite(), "postgresql": _of_postgresql()}


def _words() -> _Words:
    return _WORDS[session().get_bind().dialect.name]


def claim(*, ids: Sequence[int], owner: str, now: datetime, lease: timedelta) -> list[Claimed]:
    """Take those of these messages that are still to be sent; what another sender has just taken is left out."""
    rows = session().execute(_words().claim, {"ids": list(ids), "me": owner, "now": now, "until": now + lease}).all()
    return sorted((Claimed(*row) for row in rows), key=lambda message: message.id)


def release(*, ids: Sequence[int], owner: str) -> int:
    """Give messages back that were claimed but not begun. Gives how many were still the owner's."""
    return _count(session().execute(_words().release, {"ids": list(ids), "me": owner})) if ids else 0


def settle(*, results: Sequence[Result], owner: str, now: datetime, luck: Callable[[], float]) -> int:
    """Write down what became of our messages. Gives how many were no longer ours, because somebody took us for dead."""
    ours = note_sent(ids=[r.message.id for r in results if isinstance(r.outcome, Accepted)], owner=owner, now=now)
    for result in results:
        if not isinstance(result.outcome, Accepted):
            ours += _settle_one(result, owner, now, luck)
    return len(results) - ours


def _settle_one(result: Result, owner: str, now: datetime, luck: Callable[[], float]) -> int:
    message, outcome = result.message, result.outcome
    if isinstance(outcome, Refused) and outcome.bad_address and result.address_hash:
        suppress_hash(school_id=message.school_id, hashed=result.address_hash, reason="refused", now=now)
    values = _change(result, now, luck)
    return _count(session().execute(update(_OUTBOX).where(_C.id == message.id, _C.owner == owner).values(**values, **_FREE)))


def _change(result: Result, now: datetime, luck: Callable[[], float]) -> dict[str, Any]:
    message, outcome = result.message, result.outcome
    reason = {"outcome": outcome.reason if not isinstance(outcome, Accepted) else None}
    tried = {"attempts": message.attempts + 1, "first_tried_at": message.first_tried_at or now}
    match outcome:
        case Refused():
            return {"state": MailState.FAILED, **tried, **reason}
        case Stopped():
            return {"state": MailState.CANCELLED, **reason}
        case PutOff() if message.too_late_at is None or outcome.until < message.too_late_at:
            return {"state": _UNSENT, "due_at": outcome.until, **reason}
        case PutOff():
            return _missed(message.doubts) | {"outcome": "Its time ended while it waited for the end of the quiet hours."}
        case TooLate():
            return _missed(message.doubts) | reason
        case InDoubt():
            wait = {"waits_for_person": result.waits, "doubts": message.doubts + 1}
            return {"state": MailState.IN_DOUBT, **tried, **reason, **wait, **_next_try(message, now, luck, doubts=1)}
        case _:
            return {"state": _UNSENT, **tried, **reason, **_next_try(message, now, luck, doubts=message.doubts)}


def _next_try(message: Claimed, now: datetime, luck: Callable[[], float], doubts: int) -> dict[str, Any]:
    next_try = now + retry_gap(message.attempts + 1, luck())
    why_not = may_try_again(message.first_tried_at or now, next_try, message.too_late_at)
    if why_not == "too late":
        return _missed(doubts)
    return {"state": MailState.FAILED, "waits_for_person": False} if why_not else {"due_at": next_try}


def _missed(doubts: int) -> dict[str, Any]:
    """A message that may have arrived is not called missed: a person decides."""
    return {"state": MailState.IN_DOUBT, "waits_for_person": True} if doubts else {"state": MailState.MISSED}


def declare_missed(*, now: datetime) -> int:
    """Say of every message whose time has passed that it was missed. Gives how many."""
    late = (TO_SEND, _C.due_at <= now, _C.too_late_at <= now)
    reason = "Its time had passed before it could be sent."
    gone = update(_OUTBOX).where(*late, _C.doubts == 0).values(state=MailState.MISSED, outcome=reason)
    doubtful = update(_OUTBOX).where(*late, _C.doubts > 0).values(state=MailState.IN_DOUBT, waits_for_person=True)
    return _count(session().execute(gone)) + _count(session().execute(doubtful))


def held_by(owner: str) -> list[tuple[int, int, str]]:
    """Give (id, school id, kind) of the messages in a sender's hands."""
    rows = session().execute(select(_C.id, _C.school_id, _C.kind).where(_BEING_SENT, _C.owner == owner).order_by(_C.id))
    return [(row.id, row.school_id, row.kind) for row in rows]


def rescue(*, owner: str, doubtful: Mapping[int, bool], before: datetime | None = None) -> int:
    """Take messages of a dead sender back that it may have handed over. Gives how many.

    `doubtful` says, by id, which of them a person is to decide on; `before` spares leases that end later.
    """
    done = 0
    for waits in (False, True):
        ids = [email_id for email_id, wait in doubtful.items() if wait is waits]
        if ids:
            fair = true() if before is None else _C.lease_until <= before
            done += _count(session().execute(
                update(_OUTBOX).where(_C.id.in_(ids), _C.owner == owner, fair).values(
                    state=MailState.IN_DOUBT, waits_for_person=waits, doubts=_C.doubts + 1, attempts=_C.attempts + 1,
                    outcome="The sender stopped before it could note whether this was taken.", **_FREE,
                )
            ))  # fmt: skip
    return done


def note_sent(*, ids: Sequence[int], owner: str, now: datetime) -> int:
    """Write down that messages were accepted. Gives how many were still the owner's."""
    return _count(session().execute(_words().sent, {"ids": list(ids), "me": owner, "now": now})) if ids else 0


def _count(result: Any) -> int:
    return cast("CursorResult[Any]", result).rowcount
