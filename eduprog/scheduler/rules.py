"""When a clock counts as silent and a queue as stuck."""

from __future__ import annotations

from datetime import datetime, timedelta

LATE = timedelta(minutes=15)
_QUIET_AT_LEAST = timedelta(minutes=5)


def is_silent(last_run: datetime | None, every_seconds: int, now: datetime) -> bool:
    """Say whether a job has not been heard of for five of its intervals, and at least five minutes; one never heard of is."""
    return last_run is None or now - last_run > max(_QUIET_AT_LEAST, timedelta(seconds=5 * every_seconds))


def is_stuck(oldest_due: datetime | None, now: datetime) -> bool:
    """Say whether a message has been due for more than a quarter of an hour without being tried."""
    return oldest_due is not None and now - oldest_due > LATE
