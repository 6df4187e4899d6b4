"""The one way from a school's wall clock to an instant."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_LONDON = ZoneInfo("Europe/London")


def wall_time(day: date, at: time) -> datetime:
    """Give the instant, aware and in UTC, at which a clock on a British school's wall shows this time on this day.

    A time that the change in March skips moves forward by the hour skipped (01:30 becomes 02:30); one that the change
    in October repeats is the first of the two. Raises ValueError for a time that carries a zone of its own.
    """
    if at.tzinfo is not None:
        raise ValueError(f"A wall time has no zone of its own, but {at!r} has.")
    return datetime.combine(day, at.replace(fold=0), tzinfo=_LONDON).astimezone(UTC)
