"""Where a follow-up stands and why: the answer of the date rule, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from eduprog.curriculum.vocabulary import FollowUpPoint

EXTENSION_DAYS = 28


class PlacementState(StrEnum):
    """Say whether a follow-up has its date and, if not, what it waits for."""

    PLACED = "placed"
    UNPLACED = "unplaced"
    AWAITING_CALENDAR = "awaiting_calendar"
    AWAITING_NEXT_YEAR = "awaiting_next_year"
    LEFT_SCHOOL = "left_school"


class Choice(StrEnum):
    """Say by which of the rule's three steps a day was chosen among the candidates."""

    FREE = "free"
    """The earliest that holds no other follow-up of the class; no weekly cap applied."""
    UNDER_CAP = "under_cap"
    """The earliest that holds no other and keeps the owner under the weekly cap."""
    OVER_CAP = "over_cap"
    """The earliest that holds no other, in a week in which the owner is at the cap."""
    SHARED = "shared"
    """The earliest at all: every candidate holds another follow-up of the class."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Hold where one follow-up stands.

    `due_on` and `choice` are set when, and only when, the state is placed. `opens_on` and `closes_on` are the first
    and last day of its window; both None where the next academic year's first open day is not known. `extended` tells
    that the window held no candidate and the 28 days after it were searched. `not_before` is the floor, if one was set.
    """

    point: FollowUpPoint
    state: PlacementState
    due_on: date | None
    opens_on: date | None
    closes_on: date | None
    next_year_from: date
    calendar_ends_on: date | None
    choice: Choice | None = None
    extended: bool = False
    not_before: date | None = None

    @property
    def reason(self) -> str:
        """Give the sentence that tells a teacher why the follow-up stands where it does, or nowhere."""
        clause = self.because
        return f"{clause[0].upper()}{clause[1:]}."

    @property
    def because(self) -> str:
        """Give the reason as a clause that follows "because"."""
        return _CLAUSES[self.state](self)


def day_in_words(day: date) -> str:
    """Give a day as "Tuesday 17 November 2026"."""
    return f"{day:%A} {_short(day)}"


def _short(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _range(first: date, last: date) -> str:
    return f"{_short(first)} to {_short(last)}"


def _searched(placement: Placement, first: date, last: date) -> str:
    """Name the days searched, from the floor on where a floor cuts them."""
    floor = placement.not_before
    return _range(max(first, floor), last) if floor and floor <= last else _range(first, last)


def _window(placement: Placement) -> tuple[date, date]:
    if placement.opens_on is None or placement.closes_on is None:
        raise ValueError(f"{placement.point} has no window yet.")
    return placement.opens_on, placement.closes_on


def _extension(placement: Placement) -> tuple[date, date]:
    _, closes_on = _window(placement)
    return closes_on + timedelta(days=1), closes_on + timedelta(days=EXTENSION_DAYS)


_HOW = {
    Choice.FREE: "it is the first day from {days} on which the class meets and has no other follow-up",
    Choice.UNDER_CAP: (
        "it is the first day from {days} on which the class meets, has no other follow-up"
        " and its teacher is below the limit for the week"
    ),
    Choice.OVER_CAP: (
        "its teacher is at the limit in every week with a free meeting day from {days}, and this is the first such day"
    ),
    Choice.SHARED: "every meeting day from {days} holds another follow-up of the class, and this is the first of them",
}


def _placed(placement: Placement) -> str:
    assert placement.choice is not None
    how = _HOW[placement.choice]
    if not placement.extended:
        return how.format(days=_searched(placement, *_window(placement)))
    return f"{_nothing_in_window(placement)}; {how.format(days=_searched(placement, *_extension(placement)))}"


def _nothing_in_window(placement: Placement) -> str:
    opens_on, closes_on = _window(placement)
    if placement.not_before and placement.not_before > closes_on:
        return f"its window, {_range(opens_on, closes_on)}, is over"
    return f"the class does not meet on an open day from {_searched(placement, opens_on, closes_on)}"


def _unplaced(placement: Placement) -> str:
    _, last = _extension(placement)
    if placement.not_before and placement.not_before > last:
        return f"{_nothing_in_window(placement)}, and so are the {EXTENSION_DAYS} days after it, to {_short(last)}"
    return f"{_nothing_in_window(placement)}, nor in the {EXTENSION_DAYS} days after that, to {_short(last)}"


def _awaiting_calendar(placement: Placement) -> str:
    if placement.opens_on is None:
        return f"no open day on or after {_short(placement.next_year_from)} is known yet"
    known = placement.calendar_ends_on
    end = f"term dates are known only to {_short(known)}" if known else "no term dates are known"
    return f"{_nothing_in_window(placement)}, and {end}"


def _awaiting_next_year(placement: Placement) -> str:
    return (
        f"it falls in the academic year that begins on {_short(placement.next_year_from)},"
        " and the class that follows this one is not named yet"
    )


def _left_school(placement: Placement) -> str:
    return (
        f"it falls in the academic year that begins on {_short(placement.next_year_from)},"
        " and these pupils leave the school before it"
    )


_CLAUSES = {
    PlacementState.PLACED: _placed,
    PlacementState.UNPLACED: _unplaced,
    PlacementState.AWAITING_CALENDAR: _awaiting_calendar,
    PlacementState.AWAITING_NEXT_YEAR: _awaiting_next_year,
    PlacementState.LEFT_SCHOOL: _left_school,
}
