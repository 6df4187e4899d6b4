"""The only place that asks what time it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_offset = timedelta(0)


def now() -> datetime:
    """Give this moment, aware and in UTC; in the demo, moved by its offset."""
    return datetime.now(UTC) + _offset


def today() -> date:
    """Give the school's date, which is London's."""
    return now().astimezone(LONDON).date()


def local(moment: datetime) -> datetime:
    """Give an aware moment as London wall time."""
    return moment.astimezone(LONDON)


def offset() -> timedelta:
    """Give how far the demo's clock is moved; zero outside the demo."""
    return _offset


def set_offset(by: timedelta) -> None:
    """Move the clock for this process (demo mode only)."""
    global _offset
    _offset = by
