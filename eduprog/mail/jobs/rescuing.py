"""Taking back what dead senders held."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import structlog

from eduprog.core.db import session, transaction
from eduprog.core.tenancy import across_schools
from eduprog.mail import actions, queries
from eduprog.mail.emails import wants_person

_log = structlog.get_logger()


class Rescuer:
    """Frees the messages of the dead at once, and those of a living sender only after it was seen holding one for a whole lease.

    That age is measured on our own monotonic clock: a jump of the wall clock frees nothing.
    """

    def __init__(self, *, owners: Path, lease_seconds: float) -> None:
        self._folder = owners
        self._lease = lease_seconds
        self._seen: dict[tuple[str, int], float] = {}

    def rescue(self, now: datetime, *, me: str) -> int:
        """Look once at all who hold messages. Gives how many messages were rescued."""
        rescued = 0
        seen: dict[tuple[str, int], float] = {}
        for owner in queries.owners():
            if owner != me:
                rescued += self._look_at(owner, now, seen)
        self._seen = seen
        session().rollback()
        return rescued

    def _look_at(self, owner: str, now: datetime, seen: dict[tuple[str, int], float]) -> int:
        with across_schools("dispatch"):
            held = actions.held_by(owner)
        session().rollback()
        alive = actions.is_alive(owner, self._folder)
        moment = time.monotonic()
        for email_id, _school, _kind in held:
            seen[owner, email_id] = self._seen.get((owner, email_id), moment)
        taken = [row for row in held if not alive or moment - seen[owner, row[0]] >= self._lease]
        if not taken:
            return 0
        waiting = {email_id: wants_person(kind=kind, school_id=school_id) for email_id, school_id, kind in taken}
        with across_schools("dispatch"), transaction():
            rescued = actions.rescue(owner=owner, waiting=waiting, before=now if alive else None)
        _log.warning("rescued messages of a sender that stopped", owner=owner, messages=rescued, alive=alive)
        return rescued


def declare_missed(now: datetime) -> int:
    """Say of what is too late that it was missed. Gives how many."""
    with across_schools("dispatch"):
        if not queries.any_too_late(now):
            return 0
        with transaction():
            return actions.declare_missed(now=now)
