"""Term dates of a school year as an English council might publish them, for any year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from eduprog.school.rules import HalfTermBlock, HalfTermSpan, Nation, bank_holidays

_FRIDAY = 4
_LATE_EASTER = 13  # of April: from here on the holiday ends with Easter instead of beginning with it


@dataclass(frozen=True)
class YearDates:
    """An academic year: its first and last day, and its six half-terms."""

    first: date
    last: date
    half_terms: tuple[HalfTermSpan, ...]


def year_dates(starting: int) -> YearDates:
    """Give the academic year that begins in September of this calendar year."""
    spring = starting + 1
    half_term, february = _monday_from(date(starting, 10, 22)), _monday_from(date(spring, 2, 13))
    whitsun = _monday_before(date(spring, 6, 1))
    easter_last, easter_back = _easter_break(spring)
    edges = (
        (_weekday_from(date(starting, 9, 1)), half_term - timedelta(days=3)),
        (half_term + timedelta(days=7), _friday_until(date(starting, 12, 22))),
        (_working_day_from(_monday_from(date(spring, 1, 2))), february - timedelta(days=3)),
        (february + timedelta(days=7), easter_last),
        (easter_back, whitsun - timedelta(days=3)),
        (whitsun + timedelta(days=7), _weekday_until(date(spring, 7, 21))),
    )
    spans = tuple(HalfTermSpan(block, first, last) for block, (first, last) in zip(HalfTermBlock, edges, strict=True))
    return YearDates(date(starting, 9, 1), edges[-1][1], spans)


def inset_days(dates: YearDates) -> tuple[date, ...]:
    """Give the five days of the year on which staff train and pupils stay at home."""
    starts = [span.first for span in dates.half_terms]
    return (starts[0], _weekday_from(starts[0] + timedelta(days=1)), starts[1], starts[2], starts[5])


def snow_day(dates: YearDates) -> date:
    """Give the day in January on which it snowed: a Tuesday."""
    return _monday_from(dates.half_terms[2].first + timedelta(days=7)) + timedelta(days=1)


def _easter_break(year: int) -> tuple[date, date]:
    """Give the last day of the spring term and the first of the summer term."""
    good_friday = min(day for day in bank_holidays(Nation.ENGLAND, year) if day.month in (3, 4) and day.weekday() == _FRIDAY)
    easter = good_friday + timedelta(days=2)
    if easter >= date(year, 4, _LATE_EASTER):
        return easter - timedelta(days=16), easter + timedelta(days=2)
    return good_friday - timedelta(days=1), easter + timedelta(days=15)


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _monday_before(day: date) -> date:
    return day - timedelta(days=(day.weekday() or 7))


def _friday_until(day: date) -> date:
    return day - timedelta(days=(day.weekday() - _FRIDAY) % 7)


def _weekday_from(day: date) -> date:
    return day if day.weekday() <= _FRIDAY else _monday_from(day)


def _working_day_from(day: date) -> date:
    while day.weekday() > _FRIDAY or day in bank_holidays(Nation.ENGLAND, day.year):
        day += timedelta(days=1)
    return day


def _weekday_until(day: date) -> date:
    return day if day.weekday() <= _FRIDAY else _friday_until(day)
