"""One sender: claims a few messages, commits, asks features about them, sends outside any transaction, notes the rest.

Features are asked after the claim who is to hear what, and again for what is left after a quarter of a second: whoever was put
out before that gets nothing.

The note on one batch and the claim of the next share a transaction, so that a batch costs one commit. A batch whose
messages take long is noted in between. Whatever happens, at most one batch is between claim and note; a batch grows while
the server takes it within a quarter of a second, so that a slow one never has many in our hands.
Senders begin at different places of what is due: those that begin at the same one claim what another has just taken.
Where a server is slow, schools take turns of one batch, and what has fallen due meanwhile is looked for every few seconds.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from eduprog.core.db import session
from eduprog.mail import queries
from eduprog.mail.emails import Composer, Prepared, wants_person
from eduprog.mail.jobs.notebook import Notebook
from eduprog.mail.jobs.rescuing import Rescuer, declare_missed
from eduprog.mail.rules import Accepted, Claimed, InDoubt, Outcome, Result
from eduprog.mail.transports import Connection, Envelope, Transport, Unavailable

_log = structlog.get_logger()
_SEEN_AT_ONCE = 100
_ANSWER_GOOD_FOR = 0.25
_LOOK_AGAIN_AFTER = 5.0
_HELD_FOR = 2.0  # then what is not begun is given back and asked about again, so that taking a message back works within seconds
_NOTE_AFTER = 0.25
_LET_OTHERS_AFTER = 5.0
_WAIT_AT_THE_DOOR = 2.0


@dataclass(frozen=True)
class Drained:
    """What one look at the outbox did: messages accepted, and why it ended early, if it did."""

    accepted: int = 0
    fault: str = ""


class Dispatcher:
    """Sends what is due, on one kept-open connection. Used by one thread; `stop` and `abort` may come from another."""

    def __init__(
        self, transport: Transport, composer: Composer, *, owners: Path, batch: int, lease_seconds: float,
        most: int = 0, place: float = 0.0,
    ) -> None:  # fmt: skip
        """Make a sender that claims `batch` messages at once, or up to `most` from a server that is quick.

        It begins at `place`, from 0 to 1, of what is due.
        """
        self._transport = transport
        self._composer = composer
        self._least = self._batch = batch
        self._most = max(batch, most)
        self._place = place
        self._found_some = False
        self._slow = False
        self._looked_at = 0.0
        self._lease = lease_seconds
        self._notebook = Notebook(owners=owners, lease_seconds=lease_seconds, now=self._now)
        self._rescuer = Rescuer(owners=owners, lease_seconds=lease_seconds)
        self._connection: Connection | None = None
        self._window: deque[list[Claimed]] = deque()
        self._group: list[Claimed] = []
        self._prepared: dict[int, Prepared] = {}
        self._asked_at = 0.0
        self._last_school = 0
        self._stopping = threading.Event()
        self._accepted = 0
        self._began = (0.0, datetime.min.replace(tzinfo=UTC))

    def drain(self, now: datetime) -> Drained:
        """Rescue what the dead left behind, declare what is too late, then send until nothing is due or nothing can be sent."""
        self._began = (time.monotonic(), now)
        self._accepted = 0
        self._composer.forget()
        self._window.clear()
        self._group.clear()
        seen = queries.look(now)
        session().rollback()
        rescued = self._rescuer.rescue(now, me=self._notebook.owner_name, anybody=seen.sending)
        if seen.too_late or rescued:
            declare_missed(now)
        try:
            fault = self._send_all() if seen.due or rescued else ""
        finally:
            session().rollback()
            self._notebook.note()
        return Drained(self._accepted, fault)

    def stop(self) -> None:
        """Begin no other message."""
        self._stopping.set()

    def abort(self) -> None:
        """Break off the message on its way: it will be in doubt."""
        if self._connection is not None:
            self._connection.abort()

    def close(self) -> None:
        """Leave the server and give up the name."""
        self._hang_up()
        self._notebook.leave()

    def _now(self) -> datetime:
        begun, moment = self._began
        return moment + timedelta(seconds=time.monotonic() - begun)

    def _send_all(self) -> str:
        while not self._stopping.is_set():
            batch = self._next_batch()
            if batch is None:
                return ""
            try:
                connection = self._open()
            except Unavailable as problem:
                _log.warning("mail cannot be sent", reason=str(problem))
                return str(problem)
            fence = _seconds_awake_or_not() + self._lease  # from before the claim, so that whoever sleeps right after it is late
            claimed = self._notebook.claim([message.id for message in batch])
            if not claimed and self._found_some:  # another sender has been where we are now
                self._group.clear()
                self._window.clear()
            self._found_some = bool(claimed)
            self._ask(claimed)
            begun = time.monotonic()
            self._send_batch(connection, claimed, fence)
            if claimed:
                self._go_on_at(time.monotonic() - begun)
        return ""

    def _go_on_at(self, seconds: float) -> None:
        """Hold more at once of a server that took a batch quickly; of a slow one little, and let the other schools come first."""
        self._slow = seconds >= _NOTE_AFTER
        self._batch = self._least if self._slow else min(2 * self._batch, self._most)
        if self._slow and self._group:
            self._window.append(self._group)
            self._group = []

    def _next_batch(self) -> list[Claimed] | None:
        """Give the next messages to claim. None if nothing is due."""
        if not self._group and not self._next_group():
            return None
        batch, self._group = self._group[: self._batch], self._group[self._batch :]
        return batch

    def _next_group(self) -> bool:
        if not self._window:
            self._look()
            self._window.rotate(-int(self._place * len(self._window)))
        elif self._slow and time.monotonic() - self._looked_at > _LOOK_AGAIN_AFTER:
            self._look()
        if not self._window:
            return False
        self._group = self._window.popleft()
        if self._slow and len(self._group) > self._least:
            self._window.append(self._group[self._least :])
            del self._group[self._least :]
        self._last_school = self._group[0].school_id
        return True

    def _look(self) -> None:
        """See what is due, the school behind the last one first."""
        self._notebook.note()
        self._window.clear()
        self._window.extend(queries.due_groups(self._now(), size=_SEEN_AT_ONCE, after_school=self._last_school))
        self._looked_at = time.monotonic()
        session().rollback()

    def _ask(self, messages: Sequence[Claimed]) -> None:
        if not messages:
            return
        self._prepared = {prepared.message.id: prepared for prepared in self._composer.compose(messages, self._now())}
        self._asked_at = time.monotonic()
        session().rollback()

    def _open(self) -> Connection:
        """Give an open connection, waiting a little where we were turned away a moment ago. Raises Unavailable."""
        if self._connection is not None and self._connection.usable:
            return self._connection
        self._notebook.note()
        self._hang_up()
        pause = self._transport.pause()
        if pause > _WAIT_AT_THE_DOOR or (pause and self._stopping.wait(pause)):
            raise Unavailable("the mail server turned us away a moment ago; waiting before the next try")
        self._connection = self._transport.connect()
        return self._connection

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _send_batch(self, connection: Connection, claimed: list[Claimed], fence: float) -> None:
        claimed_at = time.monotonic()
        for place, message in enumerate(claimed):
            if time.monotonic() - self._asked_at > _ANSWER_GOOD_FOR:
                self._ask(claimed[place:])
            if not self._notebook.holds_unbegun(message) or time.monotonic() - claimed_at >= _HELD_FOR:
                return  # a slow server makes us give the rest back
            if self._stopping.is_set() or not connection.usable or _seconds_awake_or_not() >= fence:
                return
            self._notebook.begin(message)
            self._notebook.keep(self._result(connection, message, self._prepared[message.id]))
            if self._notebook.oldest_result_age > _NOTE_AFTER:
                self._notebook.note_results()

    def _result(self, connection: Connection, message: Claimed, prepared: Prepared) -> Result:
        if not isinstance(prepared.envelope, Envelope):
            return Result(message, prepared.envelope, prepared.address_hash)
        outcome = self._handed_over(connection, message, prepared.envelope)
        self._accepted += isinstance(outcome, Accepted)
        waits = False
        if isinstance(outcome, InDoubt):
            waits = wants_person(kind=message.kind, school_id=message.school_id)
            session().rollback()
        return Result(message, outcome, prepared.address_hash, waits)

    def _handed_over(self, connection: Connection, message: Claimed, envelope: Envelope) -> Outcome:
        try:
            return connection.hand_over(envelope, self._while_waiting)
        except Exception as problem:
            _log.exception("handing over failed", email_id=message.id)
            connection.abort()
            return InDoubt(f"A fault of ours broke off while it was handed over ({type(problem).__name__}).")

    def _while_waiting(self, seconds: float) -> None:
        """While the server keeps silent: note what is done, and after a while let others have what we have not begun."""
        try:
            if seconds >= _LET_OTHERS_AFTER:
                self._notebook.note()
            else:
                self._notebook.note_results()
        except Exception:
            _log.exception("noting while waiting failed")


def _seconds_awake_or_not() -> float:
    """Give seconds that go on while the machine sleeps, so that a lease that ran out in our sleep is noticed."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
