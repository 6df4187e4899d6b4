"""When a reminder may go: at the school's wall time, on open days only, never in its quiet hours."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from eduprog.families.rules import digest_moment
from eduprog.school.rules import SchoolCalendar, wall_time

AFTERNOON = time(16, 0)
_A_WEEKEND = timedelta(days=3)
_MONDAY = 0


def weekly_moment(week_of: date, calendar: SchoolCalendar, *, at: time, quiet_until: time) -> datetime | None:
    """Give the instant of a week's message: Monday at the school's time or, if shut, the next open day of that week.

    Quiet hours that end later put it off until then. None in a week without school.
    """
    return digest_moment(week_of, calendar, weekday=_MONDAY, at=max(at, quiet_until))


def morning_moment(day: date, *, at: time, quiet_until: time) -> datetime:
    """Give the instant at which a school day's reminders go."""
    return wall_time(day, max(at, quiet_until))


def afternoon_moment(day: date, *, quiet_from: time, quiet_until: time) -> datetime:
    """Give the instant at which a note about the next school day goes: 4 pm, or when quiet hours end if that is quiet."""
    return wall_time(day, AFTERNOON if quiet_until <= AFTERNOON < quiet_from else quiet_until)


def day_after(day: date, calendar: SchoolCalendar) -> date | None:
    """Give the school day of which a note on this day is about: the next, over a weekend at most. None before a holiday."""
    return next(calendar.open_days(day + timedelta(days=1), day + _A_WEEKEND), None)


def asks_before(today: date, calendar: SchoolCalendar, *, since: date) -> date:
    """Give the day before which a lesson without a record is asked after: a whole school day has passed since it."""
    passed = list(calendar.open_days(max(since, today - timedelta(days=90)), today - timedelta(days=1)))
    return passed[-1] if passed else since
