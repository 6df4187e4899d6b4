"""From a claimed row to an envelope: the feature is asked, its letter is framed once, and only slots differ after that."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parseaddr

import structlog

from eduprog.core.db import session
from eduprog.core.tenancy import school_scope
from eduprog.mail.queries import address_hash, message_mark, suppressed
from eduprog.mail.rules import (
    Claimed,
    Frame,
    Later,
    MailKind,
    NotAnAddress,
    Outcome,
    PutOff,
    Refused,
    Send,
    Stop,
    Stopped,
    TooLate,
    Wait,
    as_address,
    kind_named,
)
from eduprog.mail.transports import Envelope

_log = structlog.get_logger()
_FRAMES_KEPT = 256


@dataclass(frozen=True)
class Prepared:
    """A claimed message with its envelope, or with the outcome it already has."""

    message: Claimed
    envelope: Envelope | Outcome
    address_hash: str = ""


class Composer:
    """Composes the messages of one sender; keeps the frames of the letters it has seen until it is told to forget."""

    def __init__(self, mail_from: str) -> None:
        self._name, address = parseaddr(mail_from)
        self._address = as_address(address)
        self._frames: dict[tuple[int, str, Hashable], Frame] = {}

    def forget(self) -> None:
        """Forget all letters, because what they say may have changed."""
        self._frames.clear()

    def compose(self, messages: Sequence[Claimed], now: datetime) -> list[Prepared]:
        """Ask the features about messages of one school and give each its envelope or outcome, in order.

        A message whose feature fails is tried again later; it holds up no other.
        """
        made: dict[int, Prepared] = {}
        for name in dict.fromkeys(message.kind for message in messages):
            group = [message for message in messages if message.kind == name]
            made.update((prepared.message.id, prepared) for prepared in self._of_kind(name, group, now))
        return [made[message.id] for message in messages]

    def _of_kind(self, name: str, group: Sequence[Claimed], now: datetime) -> list[Prepared]:
        late = [Prepared(m, TooLate("Its time had passed before it could be sent.")) for m in group if _is_late(m, now)]
        rest = [message for message in group if not _is_late(message, now)]
        return late + self._asked_safely(name, rest, now) if rest else late

    def _asked_safely(self, name: str, group: Sequence[Claimed], now: datetime) -> list[Prepared]:
        """Ask about all at once; if that fails, about each alone, so that only the one that cannot be answered is held up."""
        try:
            with school_scope(group[0].school_id):
                return self._asked(kind_named(name), group, now)
        except Exception as problem:
            session().rollback()
            if len(group) > 1:
                return [prepared for message in group for prepared in self._asked_safely(name, [message], now)]
            _log.exception("asking about mail failed", kind=name, school_id=group[0].school_id)
            return [Prepared(group[0], _fault(problem))]

    def _asked(self, kind: MailKind, group: Sequence[Claimed], now: datetime) -> list[Prepared]:
        answers = kind.still_due([message.subject_id for message in group], now)
        hashes = {m.id: address_hash(a.address) for m in group if isinstance(a := answers.get(m.subject_id), Send)}
        refused = suppressed(hashes.values()) if hashes else frozenset()
        date = format_datetime(now)
        prepared = []
        for message in group:
            answer = answers.get(message.subject_id, Stop("It is no longer known to the feature that queued it."))
            hashed = hashes.get(message.id, "")
            if isinstance(answer, Stop):
                prepared.append(Prepared(message, Stopped(answer.reason)))
            elif isinstance(answer, Wait):
                prepared.append(Prepared(message, PutOff(answer.reason, answer.until)))
            elif hashed in refused:
                prepared.append(Prepared(message, Refused("This address was refused before, or its owner has left.")))
            else:
                prepared.append(Prepared(message, self._envelope(kind, message, answer, date), hashed))
        return prepared

    def _envelope(self, kind: MailKind, message: Claimed, send: Send, date: str) -> Envelope | Outcome:
        try:
            address = as_address(send.address)
            frame = self._frame(kind, message.school_id, send.letter)
            message_id = frame.message_id(message_mark(message.id, message.school_id, message.key))
            content = frame.fill(
                address=address, message_id=message_id, date=date, slots=send.slots, unsubscribe=send.unsubscribe
            )
        except NotAnAddress as problem:
            return Refused(f"It could not be addressed: {problem}.")
        except Exception as problem:
            _log.exception("a message could not be written", kind=kind.name, email_id=message.id)
            return _fault(problem)
        return Envelope(frame.sender, address, message_id, content, message.school_id)

    def _frame(self, kind: MailKind, school_id: int, letter: Hashable) -> Frame:
        key = (school_id, kind.name, letter)
        frame = self._frames.get(key)
        if frame is None:
            if len(self._frames) >= _FRAMES_KEPT:
                self._frames.clear()
            frame = self._frames[key] = Frame(kind.render(letter), self._name, self._address)
        return frame


def wants_person(*, kind: str, school_id: int) -> bool:
    """Say whether a doubtful message of this kind waits for a person in this school. A feature that fails does not wait."""
    try:
        with school_scope(school_id):
            return kind_named(kind).doubtful_wait()
    except Exception:
        session().rollback()
        _log.exception("asking whether doubtful mail waits failed", kind=kind, school_id=school_id)
        return False


def _is_late(message: Claimed, now: datetime) -> bool:
    return message.too_late_at is not None and message.too_late_at <= now


def _fault(problem: Exception) -> Later:
    return Later(f"A fault of ours kept it back ({type(problem).__name__}).")
