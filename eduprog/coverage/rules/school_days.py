"""Days in school between two days: how long ago something was, without holidays."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache

from eduprog.school.rules import HalfTermSpan

DAYS_A_WEEK = 5


@dataclass(frozen=True)
class SchoolDays:
    """The weekdays of a school's half-terms. Closures of single days are not left out: a week with one is still a week."""

    spans: tuple[HalfTermSpan, ...]

    @cached_property
    def _days(self) -> tuple[date, ...]:
        return _weekdays_of(self.spans)

    def since(self, day: date, today: date) -> int:
        """Give the school days after a day and up to today."""
        return max(bisect_right(self._days, today) - bisect_right(self._days, day), 0)

    def weeks_since(self, day: date, today: date) -> int:
        """Give the whole school weeks after a day and up to today."""
        return self.since(day, today) // DAYS_A_WEEK

    def before_weeks(self, today: date, weeks: int) -> date:
        """Give the day before which all are at least so many whole school weeks ago, one or more."""
        place = bisect_right(self._days, today) - weeks * DAYS_A_WEEK
        return self._days[place] if place >= 0 else date.min

    def ahead(self, today: date, count: int) -> date:
        """Give the last of the next `count` school days after today; where fewer are known, so many days of the calendar on."""
        place = bisect_right(self._days, today) + count - 1
        return self._days[place] if place < len(self._days) else today + timedelta(days=count)


@lru_cache(maxsize=500)
def _weekdays_of(spans: tuple[HalfTermSpan, ...]) -> tuple[date, ...]:
    """Give the weekdays in order, worked out once for a calendar."""
    days = {span.first + timedelta(days=number) for span in spans for number in range((span.last - span.first).days + 1)}
    return tuple(sorted(day for day in days if day.weekday() < DAYS_A_WEEK))
