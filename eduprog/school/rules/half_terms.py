"""The six teaching blocks of an academic year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from eduprog.curriculum.vocabulary import HalfTermBlock

Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class HalfTermSpan:
    """Hold the first and last day (both included) of one half-term of one academic year."""

    block: HalfTermBlock
    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"{self.block.label} ends on {self.last} before it begins on {self.first}.")

    def __contains__(self, day: date) -> bool:
        """Tell whether the day lies in this half-term, its weekends and closures included."""
        return self.first <= day <= self.last


class BreaksDoNotFit(ValueError):
    """Say that three terms and three breaks do not make six half-terms."""


def half_terms_of_year(terms: Iterable[Span], breaks: Iterable[Span]) -> tuple[HalfTermSpan, ...]:
    """Cut the three terms of one academic year at their half-term breaks into the six half-terms.

    Takes first and last days, both included, in any order. Raises BreaksDoNotFit unless there are three terms and each
    has exactly one break with term days before and after it.
    """
    ordered_terms, ordered_breaks = sorted(terms), sorted(breaks)
    if len(ordered_terms) != 3 or len(ordered_breaks) != 3:
        raise BreaksDoNotFit(f"A year has three terms with one break each, not {len(ordered_terms)} and {len(ordered_breaks)}.")
    blocks = iter(HalfTermBlock)
    spans: list[HalfTermSpan] = []
    for (first, last), (break_first, break_last) in zip(ordered_terms, ordered_breaks, strict=True):
        if not first < break_first <= break_last < last:
            raise BreaksDoNotFit(
                f"The break from {break_first} to {break_last} does not lie inside the term from {first} to {last}."
            )
        spans.append(HalfTermSpan(next(blocks), first, break_first - timedelta(days=1)))
        spans.append(HalfTermSpan(next(blocks), break_last + timedelta(days=1), last))
    return tuple(spans)


def academic_year_starting(day: date) -> int:
    """Give the calendar year in which the day's academic year (1 September to 31 August) began: 2026 for 2026/27."""
    return day.year if day.month >= 9 else day.year - 1


def first_day_of_academic_year(starting: int) -> date:
    """Give 1 September of the academic year that starts in this calendar year."""
    return date(starting, 9, 1)
