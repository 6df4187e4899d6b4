"""What one sender holds between claim and note, and under which name."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from eduprog.core.db import session, transaction
from eduprog.core.tenancy import across_schools
from eduprog.mail import actions
from eduprog.mail.actions import Progress
from eduprog.mail.rules import Accepted, Claimed, InDoubt, Result

_log = structlog.get_logger()
_CHECK_NAME_EVERY = 1.0


class Notebook:
    """Claims messages in our name and notes what became of them; what could not be noted is kept for the next try."""

    def __init__(self, *, owners: Path, lease_seconds: float, now: Callable[[], datetime]) -> None:
        self._folder = owners
        self._lease = timedelta(seconds=lease_seconds)
        self._now = now
        self._owner: actions.Owner | None = None
        self._checked = 0.0
        self._results: list[Result] = []
        self._unbegun: list[int] = []
        self._oldest_result = 0.0

    @property
    def owner_name(self) -> str:
        """Our name, or an empty text before the first claim."""
        return self._owner.name if self._owner is not None else ""

    @property
    def oldest_result_age(self) -> float:
        """Seconds for which a result has waited to be noted; 0 if none waits."""
        return time.monotonic() - self._oldest_result if self._results else 0.0

    def claim(self, ids: Sequence[int]) -> list[Claimed]:
        """Note what was done and claim what comes next, in one transaction."""
        if self._owner is None or not self._name_holds(self._owner):
            self.note()
            self.leave()
            self._owner = actions.take_name(self._folder)
            self._checked = time.monotonic()
        with across_schools("dispatch"), transaction():
            self._write(self._owner.name)
            claimed = actions.claim(ids=ids, owner=self._owner.name, now=self._now(), lease=self._lease)
        self._owner.journal.clear()
        self._results.clear()
        self._unbegun = [message.id for message in claimed]
        return claimed

    def holds_unbegun(self, message: Claimed) -> bool:
        """Say whether a claimed message is still ours to begin."""
        return message.id in self._unbegun

    def begin(self, message: Claimed) -> None:
        """From now on the message may have reached the server."""
        self._unbegun.remove(message.id)
        self._journal(message.id, Progress.BEGUN)

    def keep(self, result: Result) -> None:
        """Remember what became of a message, to be noted with the rest of its batch."""
        if not self._results:
            self._oldest_result = time.monotonic()
        self._results.append(result)
        if not isinstance(result.outcome, InDoubt):
            self._journal(result.message.id, Progress.ACCEPTED if isinstance(result.outcome, Accepted) else Progress.RETURNED)

    def note_results(self) -> None:
        """Note what was done, keeping hold of what is not begun."""
        if self._results:
            owner = self.owner_name
            with across_schools("dispatch"), transaction():
                self._write_results(owner)
            self._results.clear()

    def note(self) -> None:
        """Note what was done and give back what is not begun."""
        if self._results or self._unbegun:
            with across_schools("dispatch"), transaction():
                self._write(self.owner_name)
            self._results.clear()
            self._unbegun.clear()

    def leave(self) -> None:
        """Give up the name; what it still holds will be rescued by others."""
        if self._owner is not None:
            self._owner.leave()
            self._owner = None

    def _journal(self, email_id: int, progress: Progress) -> None:
        if self._owner is not None:
            self._owner.journal.write(email_id, progress)

    def _write(self, owner: str) -> None:
        self._write_results(owner)
        actions.release(ids=self._unbegun, owner=owner)

    def _write_results(self, owner: str) -> None:
        if self._results:
            lost = actions.settle(results=self._results, owner=owner, now=self._now(), luck=random.random)
            if lost:
                _log.warning("messages were taken from us before they were noted", messages=lost)

    def _name_holds(self, owner: actions.Owner) -> bool:
        if time.monotonic() - self._checked < _CHECK_NAME_EVERY:
            return True
        self._checked = time.monotonic()
        session().rollback()
        return owner.still_held()
