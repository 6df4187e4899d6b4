"""Taking back what dead senders held."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import structlog

from eduprog.core.db import session, transaction
from eduprog.core.tenancy import across_schools
from eduprog.mail import actions, queries
from eduprog.mail.emails import wants_person

_log = structlog.get_logger()

Held = tuple[int, int, str]
"""(id, school id, kind) of a message in somebody's hands."""


class Rescuer:
    """Frees the messages of the dead at once, and those of a living sender only after it was seen holding one for a whole lease.

    That age is measured on our own monotonic clock: a jump of the wall clock frees nothing.
    """

    def __init__(self, *, owners: Path, lease_seconds: float) -> None:
        self._folder = owners
        self._lease = lease_seconds
        self._seen: dict[tuple[str, int], float] = {}
        self._first = True

    def rescue(self, now: datetime, *, me: str, anybody: bool = True) -> int:
        """Look once at all who hold messages, if `anybody` does. Gives how many messages were taken from them."""
        if not anybody and not self._first:
            self._seen = {}
            return 0
        rescued = 0
        seen: dict[tuple[str, int], float] = {}
        holding = queries.owners()
        for owner in holding:
            if owner != me:
                rescued += self._look_at(owner, now, seen)
        self._seen = seen
        session().rollback()
        if rescued or self._first:
            actions.sweep(self._folder, [owner for owner, _ in seen])
            self._first = False
        return rescued

    def _look_at(self, owner: str, now: datetime, seen: dict[tuple[str, int], float]) -> int:
        alive = actions.is_alive(owner, self._folder)
        with across_schools("dispatch"):
            held = actions.held_by(owner)
        session().rollback()
        if not alive:
            return self._free(owner, held, now, actions.progress_of(owner, self._folder))
        moment = time.monotonic()
        for email_id, _school, _kind in held:
            seen[owner, email_id] = self._seen.get((owner, email_id), moment)
        stale = [row for row in held if moment - seen[owner, row[0]] >= self._lease]
        return self._free(owner, stale, now, None, before=now) if stale else 0

    def _free(
        self, owner: str, held: Sequence[Held], now: datetime, journal: Mapping[int, actions.Progress] | None,
        before: datetime | None = None,
    ) -> int:  # fmt: skip
        """Take messages from an owner: by its journal as sent, as not begun or as doubtful; without one all are doubtful."""
        if journal is None:
            journal = dict.fromkeys((row[0] for row in held), actions.Progress.BEGUN)
        by_progress: dict[actions.Progress, list[Held]] = {progress: [] for progress in actions.Progress}
        for row in held:
            by_progress[journal.get(row[0], actions.Progress.NOTHING)].append(row)
        doubtful = {i: wants_person(kind=kind, school_id=school) for i, school, kind in by_progress[actions.Progress.BEGUN]}
        sent = [row[0] for row in by_progress[actions.Progress.ACCEPTED]]
        untouched = [row[0] for row in (*by_progress[actions.Progress.NOTHING], *by_progress[actions.Progress.RETURNED])]
        with across_schools("dispatch"), transaction():
            counts = {
                "sent": actions.note_sent(ids=sent, owner=owner, now=now),
                "untouched": actions.release(ids=untouched, owner=owner),
                "in_doubt": actions.rescue(owner=owner, doubtful=doubtful, before=before),
            }
        tell = _log.warning if any(counts.values()) else _log.info  # one that was stopped in its first moment held nothing
        tell("freed messages of a sender that stopped", owner=owner, **counts)
        return sum(counts.values())


def declare_missed(now: datetime) -> int:
    """Say of what is too late that it was missed. Gives how many."""
    with across_schools("dispatch"), transaction():
        return actions.declare_missed(now=now)
