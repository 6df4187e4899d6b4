"""When a digest may go: at the school's time, on open days only, never in its quiet hours."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from eduprog.school.rules import SchoolCalendar, wall_time

_FRIDAY = 4
_LOOK_AHEAD = 62


def monday_of(day: date) -> date:
    """Give the Monday of the week that holds the day."""
    return day - timedelta(days=day.weekday())


def digest_moment(week_of: date, calendar: SchoolCalendar, *, weekday: int, at: time) -> datetime | None:
    """Give the instant of a week's digest: the school's time on its weekday or, if shut, on the next open day of that week.

    None where the school is shut from that weekday to Friday: what waits goes with the first digest after it.
    """
    days = (week_of + timedelta(days=passed) for passed in range(weekday, _FRIDAY + 1))
    day = next((day for day in days if calendar.is_open(day)), None)
    return wall_time(day, at) if day is not None else None


def in_sending_hours(local: datetime, calendar: SchoolCalendar, *, quiet_from: time, quiet_until: time) -> bool:
    """Say whether families may be written to at this London wall time: an open day, outside quiet hours."""
    return calendar.is_open(local.date()) and quiet_until <= local.time() < quiet_from


def next_sending_moment(local: datetime, calendar: SchoolCalendar, *, quiet_until: time) -> datetime | None:
    """Give the instant at which families may be written to again, seen from a London wall time in quiet hours.

    The end of the quiet hours of that morning, or of the next open day within two months; None where none is known.
    """
    first = local.date() if local.time() < quiet_until else local.date() + timedelta(days=1)
    days = (first + timedelta(days=passed) for passed in range(_LOOK_AHEAD))
    day = next((day for day in days if calendar.is_open(day)), None)
    return wall_time(day, quiet_until) if day is not None else None
