"""How long a sign-in lasts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from eduprog.core.permissions import Role

SEEN_EVERY = timedelta(minutes=5)
RECORDING_GRACE = timedelta(hours=12)
_ADMINS = frozenset({Role.SCHOOL_ADMIN, Role.GROUP_LEAD, Role.SITE_ADMIN})


def idle_limit(roles: Iterable[Role], *, staff_minutes: int, admin_minutes: int) -> timedelta:
    """Give how long a session may rest: the shorter time for whoever is an admin anywhere."""
    return timedelta(minutes=admin_minutes if _ADMINS & set(roles) else staff_minutes)


def may_record(*, expires_at: datetime, ended_at: datetime | None, records_until: datetime | None, now: datetime) -> bool:
    """Say whether a session that rested too long may still open My week and record: on a trusted device, and not for ever."""
    return ended_at is None and now < expires_at and records_until is not None and now < records_until


def is_live(*, expires_at: datetime, ended_at: datetime | None, seen_at: datetime, idle: timedelta, now: datetime) -> bool:
    """Say whether a session still counts.

    It was last seen at most `SEEN_EVERY` later than we know, so that it may end that much early, but never late.
    """
    return ended_at is None and now < expires_at and now < seen_at + idle
