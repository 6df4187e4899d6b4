"""When a follow-up may stand: windows as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from eduprog.curriculum.vocabulary import FollowUpPoint
from eduprog.school.rules import SchoolCalendar, academic_year_starting, first_day_of_academic_year

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Window:
    """Hold the first and last calendar day after a lesson, both included, on which a follow-up may stand."""

    first_day: int
    last_day: int

    def __post_init__(self) -> None:
        if not 0 <= self.first_day <= self.last_day:
            raise ValueError(f"A window runs forward from the lesson, not from day {self.first_day} to {self.last_day}.")

    def days(self, taught_on: date, calendar: SchoolCalendar) -> Days:
        """Give the first and last day of the window of a lesson taught on this day."""
        return taught_on + timedelta(days=self.first_day), taught_on + timedelta(days=self.last_day)


@dataclass(frozen=True, slots=True)
class NextYearWindow:
    """Hold how many days, from the first open day of the next academic year on, a follow-up may stand."""

    length: int = 28

    def __post_init__(self) -> None:
        if self.length < 1:
            raise ValueError(f"A window lasts at least one day, not {self.length}.")

    def days(self, taught_on: date, calendar: SchoolCalendar) -> Days | None:
        """Give the first and last day of the window of a lesson taught on this day.

        None where no open day on or after 1 September of the next academic year is known.
        """
        first = calendar.first_open_day(next_academic_year(taught_on))
        return None if first is None else (first, first + timedelta(days=self.length - 1))


AnyWindow = Window | NextYearWindow

DEFAULT_WINDOWS: Mapping[FollowUpPoint, AnyWindow] = MappingProxyType(
    {
        FollowUpPoint.R1: Window(7, 14),
        FollowUpPoint.R2: Window(21, 35),
        FollowUpPoint.R3: Window(70, 98),
        FollowUpPoint.R4: NextYearWindow(28),
    }
)


def next_academic_year(taught_on: date) -> date:
    """Give 1 September of the academic year after the one in which a lesson was taught."""
    return first_day_of_academic_year(academic_year_starting(taught_on) + 1)
