"""Move the demo's clock, only ever forward, and keep the place."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import select

from eduprog.accounts.models import SessionSeen, SignInSession
from eduprog.core import clock
from eduprog.core.db import session
from eduprog.core.errors import Refusal
from eduprog.demo.queries.place import PLACE_FILE


class OnlyForward(Refusal):
    """Time in the demo only goes forward."""


def note_place(*, data: Path, loaded: bool, at: datetime | None) -> None:
    """Write down where the demo is, whole or not at all."""
    data.mkdir(parents=True, exist_ok=True)
    unready = data / f"{PLACE_FILE}.{os.getpid()}"
    unready.write_text(json.dumps({"loaded": loaded, "at": at.astimezone(UTC).isoformat() if at else None}))
    unready.replace(data / PLACE_FILE)


def travel(*, by: timedelta, data: Path) -> datetime:
    """Move the clock of this process on and note it; give what time it is then. Raises OnlyForward."""
    if by <= timedelta(0):
        raise OnlyForward
    clock.set_offset(clock.offset() + by)
    now = clock.now()
    note_place(data=data, loaded=True, at=now)
    return now


def take_sessions_along(*, by: timedelta, now: datetime) -> int:
    """Let sessions that stand last as much longer as the clock moves on, so that nobody is signed out by a leap in time."""
    running = select(SignInSession, SessionSeen).join(SessionSeen, SessionSeen.session_id == SignInSession.id)
    standing = running.where(SignInSession.ended_at.is_(None), SignInSession.expires_at > now)
    rows = session().execute(standing).all()
    for row in rows:
        held, seen = cast("tuple[SignInSession, Any]", tuple(row))
        held.expires_at += by
        seen.seen_at += by
    session().flush()
    return len(rows)
