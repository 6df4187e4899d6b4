"""A year at a glance: every weekday of its months with what it is, in a letter and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from eduprog.school.rules.bank_holidays import bank_holidays
from eduprog.school.rules.calendar import SchoolCalendar, WeekLetter
from eduprog.school.rules.kinds import ClosureKind


class DayMark(StrEnum):
    """What a weekday is. The value is the letter shown under its number."""

    OPEN = ""
    HOLIDAY = "–"
    BANK_HOLIDAY = "B"
    INSET = "I"
    IN_LIEU = "L"
    SNOW = "S"
    POLLING = "P"
    SHUT = "X"

    @property
    def words(self) -> str:
        """Give the words beside the letter."""
        return _WORDS[self]


_WORDS = {
    DayMark.OPEN: "Open", DayMark.HOLIDAY: "Holiday", DayMark.BANK_HOLIDAY: "Bank holiday", DayMark.INSET: "INSET day",
    DayMark.IN_LIEU: "Shut in lieu of twilight training", DayMark.SNOW: "Snow day", DayMark.POLLING: "Polling day",
    DayMark.SHUT: "Shut for another reason",
}  # fmt: skip
CLOSURE_MARKS = {
    ClosureKind.INSET: DayMark.INSET, ClosureKind.IN_LIEU: DayMark.IN_LIEU, ClosureKind.SNOW: DayMark.SNOW,
    ClosureKind.POLLING: DayMark.POLLING, ClosureKind.OTHER: DayMark.SHUT,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DayLook:
    """One weekday: what it is, and whether it is the first or last open day around a break."""

    day: date
    mark: DayMark
    edge: str = ""


@dataclass(frozen=True, slots=True)
class WeekLook:
    """Monday to Friday; a day of another month is None. The letter is that of a two-week timetable."""

    days: tuple[DayLook | None, ...]
    letter: WeekLetter | None


@dataclass(frozen=True, slots=True)
class MonthLook:
    """A month with its weeks, and how many days of it school is open."""

    first: date
    weeks: tuple[WeekLook, ...]
    open_days: int


def year_look(calendar: SchoolCalendar, closures: Mapping[date, ClosureKind], starts_on: date) -> tuple[MonthLook, ...]:
    """Give twelve months, from the one in which the academic year starts."""
    months = [date(starts_on.year + (starts_on.month - 1 + n) // 12, (starts_on.month - 1 + n) % 12 + 1, 1) for n in range(12)]
    return tuple(_month(calendar, closures, month) for month in months)


def _month(calendar: SchoolCalendar, closures: Mapping[date, ClosureKind], first: date) -> MonthLook:
    monday = first - timedelta(days=first.weekday())
    weeks = []
    while monday < _next_month(first):
        week = [monday + timedelta(days=number) for number in range(5)]
        looks = tuple(_look(calendar, closures, day) if day.month == first.month else None for day in week)
        if any(looks):
            has_open = any(calendar.is_open(day) for day in week)
            weeks.append(WeekLook(looks, calendar.week_letter(monday) if has_open else None))
        monday += timedelta(weeks=1)
    opened = sum(look is not None and look.mark is DayMark.OPEN for week in weeks for look in week.days)
    return MonthLook(first, tuple(weeks), opened)


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _look(calendar: SchoolCalendar, closures: Mapping[date, ClosureKind], day: date) -> DayLook:
    if day in bank_holidays(calendar.nation, day.year):
        return DayLook(day, DayMark.BANK_HOLIDAY)
    if day in closures:
        return DayLook(day, CLOSURE_MARKS[closures[day]])
    if not calendar.is_open(day):
        return DayLook(day, DayMark.HOLIDAY)
    if any(day == span.first for span in calendar.half_terms):
        return DayLook(day, DayMark.OPEN, "first day")
    return DayLook(day, DayMark.OPEN, "last day" if any(day == span.last for span in calendar.half_terms) else "")
