"""Which moment it is in the demo: a school-day morning, a term and a half into the year, and never an earlier one than before."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from eduprog.demo.rules.terms import year_dates
from eduprog.school.rules import SchoolCalendar, academic_year_starting, wall_time

MORNING = time(8, 20)
_LONDON = ZoneInfo("Europe/London")
_MID_WEEK = (1, 2, 3)
_OPEN_FROM, _OPEN_UNTIL = time(7, 0), time(17, 0)
_SETTLED_IN = timedelta(days=8)  # into the second week of Spring 2
_AT_MOST_LOST = timedelta(minutes=1)


def starting_year(today: date) -> int:
    """Give the calendar year in which the demo's academic year begins: the one whose first morning is nearest to today."""
    this = academic_year_starting(today)
    return min((this - 1, this, this + 1), key=lambda year: abs((_not_before(year) - today).days))


def _not_before(starting: int) -> date:
    return year_dates(starting).half_terms[3].first + _SETTLED_IN


def first_morning(starting: int, calendars: tuple[SchoolCalendar, ...]) -> datetime:
    """Give the moment at which the demo of an academic year begins, aware and in UTC."""
    found = _morning_from(_not_before(starting), calendars)
    if found is None:
        raise ValueError(f"no school-day morning in the spring of {starting + 1}")
    return found


def is_school_time(moment: datetime, calendars: tuple[SchoolCalendar, ...]) -> bool:
    """Tell whether all these schools are open at this moment and people are at work."""
    local = moment.astimezone(_LONDON)
    return _OPEN_FROM <= local.time() < _OPEN_UNTIL and all(calendar.is_open(local.date()) for calendar in calendars)


def resumed(left_at: datetime, calendars: tuple[SchoolCalendar, ...]) -> datetime:
    """Give the moment at which a demo that was left goes on: at once in school time, else on the next mid-week morning.

    Where the known terms hold no such morning, it goes on at once too.
    """
    at_once = left_at + _AT_MOST_LOST  # the place is noted once a minute, so this is not before anything that was seen
    if is_school_time(at_once, calendars):
        return at_once
    return _morning_from(at_once.astimezone(_LONDON).date(), calendars, after=at_once) or at_once


def _morning_from(day: date, calendars: tuple[SchoolCalendar, ...], after: datetime | None = None) -> datetime | None:
    last = min((calendar.last_known_day or day for calendar in calendars), default=day)
    while day <= last:
        morning = wall_time(day, MORNING)
        later = after is None or morning > after
        if later and day.weekday() in _MID_WEEK and all(calendar.is_open(day) for calendar in calendars):
            return morning
        day += timedelta(days=1)
    return None
