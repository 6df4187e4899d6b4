"""What is known before a date is read, what reading it gives, and how days are written back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from eduprog.school.rules.date_texts.words import MONTH_NAMES, WEEKDAY_NAMES

Span = tuple[date, date]
FIRST_MONTH = 8  # schools of Scotland, and training days everywhere, begin the year in August


@dataclass(frozen=True, slots=True)
class DateContext:
    """Hold what is known before a line is read: the academic year (by the year it starts in), a month from a heading.

    `month_first` says that the same source writes some numeric dates the American way.
    """

    academic_year: int | None = None
    month: int | None = None
    year: int | None = None
    month_first: bool = False
    ends_summer: bool = False
    """The day read is the last of a range that began in this academic year: it may be the end of the summer holiday."""
    begins_summer: bool = False
    """The day read is the first of a range that ends in August or September: it may begin in the summer before."""

    def holds(self, day: date) -> bool:
        """Tell whether the day lies in the academic year, its whole summer included; True where no year is known."""
        if self.academic_year is None:
            return True
        begin = (self.academic_year, 6 if self.begins_summer else FIRST_MONTH, 1)
        end = (self.academic_year + 1, 9, 10) if self.ends_summer else (self.academic_year + 1, 8, 31)
        return begin <= (day.year, day.month, day.day) <= end  # not as dates: there is no year after 9999

    def year_of(self, month: int) -> int | None:
        """Give the calendar year in which a month of the academic year lies; None where no year is known."""
        if self.year is not None and self.month == month:
            return self.year
        if self.academic_year is None:
            return self.year
        return self.academic_year if month >= FIRST_MONTH else self.academic_year + 1


@dataclass(frozen=True, slots=True)
class DaysRead:
    """Hold the days a phrase says, first and last included, and what was filled in to read it so."""

    first: date
    last: date
    filled_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DaysDoubted:
    """Say why a phrase cannot be taken as it stands, and what it may have meant, likeliest first."""

    why: str
    may_mean: tuple[Span, ...] = ()


def academic_year_of(day: date) -> int:
    """Give the year in which the day's academic year starts, counted from 1 August as published term dates are."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def write_day(day: date) -> str:
    """Write a day as schools do: ``Friday 17 July 2026``."""
    return f"{WEEKDAY_NAMES[day.weekday()]} {day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def write_span(span: Span) -> str:
    """Write a day or the first and last day of several."""
    return write_day(span[0]) if span[0] == span[1] else f"{write_day(span[0])} to {write_day(span[1])}"


def day_or_none(year: int, month: int, day: int) -> date | None:
    """Give the day; None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
