"""What a group may see of its schools: shares of whole schools, rounded, and nothing that rests on fewer than five adults.

There is no filter below a school, no count, and no sum over schools that holds one which is not shown: so no figure can be
taken from another to find a class, a teacher or a small school.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

FLOOR = 5
"""Classes, and adults who lead them, below which a school's figures are not shown."""
_STEP = 5
_LESSONS_FLOOR = 20
_FAMILIES_FLOOR = 50
_WORTH_SAYING = 15
_MOST_NEEDS = 3
WEEKS = 6
"""Weeks of follow-ups that are looked back at."""


class SchoolElement(StrEnum):
    """A column of the board."""

    DELIVERED = "delivered"
    RELATIONSHIP = "relationship"
    SAFETY = "safety"
    FOLLOW_UPS = "follow_ups"
    FAMILIES = "families"
    ACTS = "acts"

    @property
    def label(self) -> str:
        """Give the words of pages."""
        return {
            SchoolElement.DELIVERED: "Lessons delivered",
            SchoolElement.RELATIONSHIP: "Relationship skills",
            SchoolElement.SAFETY: "Safety",
            SchoolElement.FOLLOW_UPS: "Follow-ups given, last six weeks",
            SchoolElement.FAMILIES: "Families reached",
            SchoolElement.ACTS: "Whole-school acts done",
        }[self]


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """What the records say of a school. Pairs are done and planned; `adults` are those who lead its classes.

    `families` are addresses that joined, of as many as there are pupils; `follow_ups` those given of those due lately.
    """

    school_id: int
    name: str
    classes: int
    adults: int
    relationship: tuple[int, int]
    safety: tuple[int, int]
    acts: tuple[int, int]
    follow_ups: tuple[int, int] = (0, 0)
    families: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A school's line: shares in per cent to the next five, None where too little stands behind one."""

    school_id: int
    name: str
    shown: bool
    shares: tuple[int | None, ...] = ()


def rows_of(schools: Iterable[SchoolFacts]) -> list[SchoolRow]:
    """Give the lines of the board, in the order given."""
    return [_row(one) for one in schools]


def _row(one: SchoolFacts) -> SchoolRow:
    if min(one.classes, one.adults) < FLOOR:
        return SchoolRow(one.school_id, one.name, False)
    (good, good_of), (safe, safe_of) = one.relationship, one.safety
    lessons = _share(good + safe, good_of + safe_of, _LESSONS_FLOOR)
    # Both parts or neither: the one that is shown and the whole would give the other away.
    parts = (_share(good, good_of, _LESSONS_FLOOR), _share(safe, safe_of, _LESSONS_FLOOR))
    relationship, safety = parts if None not in parts else (None, None)
    reached, pupils = one.families
    # Families have a floor of their own: fewer than five that joined, or that did not, are never told from nothing or all.
    families = _share(reached, pupils, _FAMILIES_FLOOR) if FLOOR <= reached <= pupils - FLOOR else None
    shares = (lessons, relationship, safety, _share(*one.follow_ups, _LESSONS_FLOOR), families, _share(*one.acts, 1))
    return SchoolRow(one.school_id, one.name, True, shares)


@dataclass(frozen=True, slots=True)
class Need:
    """A school that lags in one element: its share and the middle of all schools shown, both as the board shows them."""

    school_id: int
    name: str
    element: SchoolElement
    share: int
    middle: int


_HELPED = (SchoolElement.DELIVERED, SchoolElement.FOLLOW_UPS, SchoolElement.FAMILIES, SchoolElement.ACTS)


def needs_of(rows: Sequence[SchoolRow]) -> list[Need]:
    """Name the schools that need help most, each by what it lags in furthest; at most three.

    A school lags where its share is 15 or more below the middle of the schools shown. Nothing is used but shares on the board.
    """
    furthest: dict[SchoolRow, Need] = {}
    for element in _HELPED:
        shares = _shares_of(rows, element)
        middle = statistics.median_low([share for _row, share in shares]) if shares else 0
        for row, share in shares:
            kept = furthest.get(row)
            if middle - share >= _WORTH_SAYING and (kept is None or middle - share > kept.middle - kept.share):
                furthest[row] = Need(row.school_id, row.name, element, share, middle)
    return sorted(furthest.values(), key=lambda need: (need.share - need.middle, need.name))[:_MOST_NEEDS]


_PLACES = {element: place for place, element in enumerate(SchoolElement)}


def _shares_of(rows: Sequence[SchoolRow], element: SchoolElement) -> list[tuple[SchoolRow, int]]:
    place = _PLACES[element]
    return [(row, share) for row in rows if row.shown and (share := row.shares[place]) is not None]


def _share(done: int, planned: int, floor: int) -> int | None:
    """Give a share to the nearest five per cent, halves up; nothing and all are said only where they are true."""
    if planned < floor:
        return None
    if done in (0, planned):
        return 100 * done // planned
    nearest = (200 * done + _STEP * planned) // (2 * _STEP * planned) * _STEP
    return min(max(nearest, _STEP), 100 - _STEP)
