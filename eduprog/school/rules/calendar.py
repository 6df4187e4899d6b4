"""When a school is open and when a class meets: arithmetic on days, without a database or a clock."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from eduprog.organisations.rules import Nation
from eduprog.school.rules.bank_holidays import bank_holidays
from eduprog.school.rules.half_terms import HalfTermSpan, Span

FRIDAY = 4


class WeekLetter(StrEnum):
    """Name the week of a two-week timetable."""

    A = "A"
    B = "B"


class WeekLetterRule(StrEnum):
    """Say which weeks use up a letter of a two-week timetable; real schools do both."""

    CALENDAR_WEEKS = "calendar-weeks"
    """Every week does, holidays included."""
    TEACHING_WEEKS = "teaching-weeks"
    """Only a week with at least one open day does: after a holiday the letters go on where they stopped."""


@dataclass(frozen=True, slots=True)
class MeetingPattern:
    """Hold when a class meets, apart from closures.

    `weekdays` counts from Monday as 0. `weeks` is None for every week, or the letters of a two-week timetable.
    `first_week_a`, where given, is any day of a week A and goes before what the school calendar says of its own.
    `also` holds further patterns of the same class, such as Monday of week A and Thursday of week B.
    """

    weekdays: frozenset[int]
    weeks: frozenset[WeekLetter] | None = None
    first_week_a: date | None = None
    also: tuple[MeetingPattern, ...] = ()

    def __post_init__(self) -> None:
        outside = sorted(number for number in self.weekdays if not 0 <= number <= FRIDAY)
        if outside:
            raise ValueError(f"A class meets on weekdays 0 (Monday) to 4 (Friday), not on {outside}.")


@dataclass(frozen=True, slots=True)
class WeekCount:
    """Hold how weeks get their letters from one academic year's beginning on; `week_a` is any day of a week A."""

    begins: date
    week_a: date
    rule: WeekLetterRule


@dataclass(frozen=True)
class SchoolCalendar:
    """Hold the days on which one school is open.

    `terms` and `half_terms` are first and last days, both included; terms may be whole terms (with the breaks among
    `closures`) or half-terms. Closures hold breaks inside terms, INSET days, snow days and elections.
    `first_week_a` is any day of a week A, from which letters are counted by `week_letter_rule`. Where `week_counts` are
    given, each academic year counts by its own instead, and days before the first of them by that. Raises ValueError
    where a term ends before it begins.
    """

    terms: tuple[Span, ...]
    closures: frozenset[date] = frozenset()
    nation: Nation = Nation.ENGLAND
    half_terms: tuple[HalfTermSpan, ...] = ()
    first_week_a: date | None = None
    week_letter_rule: WeekLetterRule = WeekLetterRule.CALENDAR_WEEKS
    week_counts: tuple[WeekCount, ...] = ()

    def __post_init__(self) -> None:
        for first, last in self.terms:
            if last < first:
                raise ValueError(f"A term ends on {last} before it begins on {first}.")

    @property
    def last_known_day(self) -> date | None:
        """Give the last day of the last term that is known; None where no term is."""
        return self._joined_terms[-1][1] if self.terms else None

    def is_open(self, day: date) -> bool:
        """Tell whether pupils are in school: Monday to Friday, in a term, no closure and no bank holiday."""
        return (
            day.weekday() <= FRIDAY
            and day not in self.closures
            and self._is_in_term(day)
            and day not in bank_holidays(self.nation, day.year)
        )

    def open_days(self, first: date, last: date) -> Iterator[date]:
        """Give the open days from first to last, both included, in order."""
        for term_first, term_last in self._joined_terms:
            for day in _days(max(first, term_first), min(last, term_last)):
                if self.is_open(day):
                    yield day

    def first_open_day(self, on_or_after: date) -> date | None:
        """Give the first open day on or after this one; None where the known terms hold none."""
        return next(self.open_days(on_or_after, self.last_known_day), None) if self.last_known_day else None

    def class_meets(self, meets: MeetingPattern, day: date) -> bool:
        """Tell whether a class with this pattern meets on the day: the school is open, weekday and week are right."""
        if not self.is_open(day):
            return False
        return any(self._fits(pattern, day) for pattern in (meets, *meets.also))

    def _fits(self, pattern: MeetingPattern, day: date) -> bool:
        if day.weekday() not in pattern.weekdays:
            return False
        return pattern.weeks is None or self.week_letter(day, first_week_a=pattern.first_week_a) in pattern.weeks

    def meeting_days(self, meets: MeetingPattern, first: date, last: date) -> Iterator[date]:
        """Give the days from first to last, both included and in order, on which a class with this pattern meets."""
        return (day for day in _days(first, last) if self.class_meets(meets, day))

    def half_term_of(self, day: date) -> HalfTermSpan | None:
        """Give the half-term that holds the day; None in a holiday or where half-terms are not known."""
        return next((span for span in self.half_terms if day in span), None)

    def week_letter(self, day: date, *, first_week_a: date | None = None) -> WeekLetter | None:
        """Give the letter of the Monday-to-Sunday week that holds the day, before the first week A as well as after it.

        A week A given here goes before the calendar's own. None where no week A is known, and, by the rule of teaching
        weeks, for a week without an open day, which has no letter.
        """
        own_week_a, rule = self._count_for(day)
        week_a = first_week_a or own_week_a
        if week_a is None:
            return None
        if rule is WeekLetterRule.CALENDAR_WEEKS:
            passed = (_monday(day) - _monday(week_a)).days // 7
        elif (number := self._teaching_week_number(day)) is not None:
            passed = number - bisect_left(self._teaching_weeks, _monday(week_a))
        else:
            return None
        return WeekLetter.B if passed % 2 else WeekLetter.A

    def _count_for(self, day: date) -> tuple[date | None, WeekLetterRule]:
        if not self.week_counts:
            return self.first_week_a, self.week_letter_rule
        place = max(bisect_right(self._count_mondays, day) - 1, 0)
        count = self._ordered_counts[place]
        return count.week_a, count.rule

    @cached_property
    def _ordered_counts(self) -> tuple[WeekCount, ...]:
        return tuple(sorted(self.week_counts, key=lambda count: count.begins))

    @cached_property
    def _count_mondays(self) -> tuple[date, ...]:
        return tuple(_monday(count.begins) for count in self._ordered_counts)

    def _teaching_week_number(self, day: date) -> int | None:
        number = bisect_left(self._teaching_weeks, _monday(day))
        found = number < len(self._teaching_weeks) and self._teaching_weeks[number] == _monday(day)
        return number if found else None

    def _is_in_term(self, day: date) -> bool:
        begun = bisect_right(self._term_starts, day)
        return begun > 0 and day <= self._joined_terms[begun - 1][1]

    @cached_property
    def _joined_terms(self) -> tuple[Span, ...]:
        joined: list[Span] = []
        for first, last in sorted(self.terms):
            if joined and first <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
            else:
                joined.append((first, last))
        return tuple(joined)

    @cached_property
    def _term_starts(self) -> tuple[date, ...]:
        return tuple(first for first, _ in self._joined_terms)

    @cached_property
    def _teaching_weeks(self) -> tuple[date, ...]:
        open_days = (day for first, last in self._joined_terms for day in self.open_days(first, last))
        return tuple(sorted({_monday(day) for day in open_days}))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=passed) for passed in range((last - first).days + 1))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
