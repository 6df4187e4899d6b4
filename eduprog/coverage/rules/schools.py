"""What a group may see of its schools: shares of whole schools, rounded, and nothing that rests on fewer than five adults.

There is no filter below a school, no count, and no sum over schools that holds one which is not shown: so no figure can be
taken from another to find a class, a teacher or a small school.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

FLOOR = 5
"""Classes, and adults who lead them, below which a school's figures are not shown."""
_STEP = 5
_LESSONS_FLOOR = 20


class SchoolElement(StrEnum):
    """A column of the board."""

    DELIVERED = "delivered"
    RELATIONSHIP = "relationship"
    SAFETY = "safety"
    ACTS = "acts"

    @property
    def label(self) -> str:
        """Give the words of pages."""
        return {
            SchoolElement.DELIVERED: "Lessons delivered",
            SchoolElement.RELATIONSHIP: "Relationship skills",
            SchoolElement.SAFETY: "Safety",
            SchoolElement.ACTS: "Whole-school acts done",
        }[self]


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """What roll-ups say of a school. Pairs are done and planned; `adults` are those who lead its classes."""

    school_id: int
    name: str
    classes: int
    adults: int
    relationship: tuple[int, int]
    safety: tuple[int, int]
    acts: tuple[int, int]


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
    return SchoolRow(one.school_id, one.name, True, (lessons, relationship, safety, _share(*one.acts, 1)))


def _share(done: int, planned: int, floor: int) -> int | None:
    """Give a share to the nearest five per cent, halves up; nothing and all are said only where they are true."""
    if planned < floor:
        return None
    if done in (0, planned):
        return 100 * done // planned
    nearest = (200 * done + _STEP * planned) // (2 * _STEP * planned) * _STEP
    return min(max(nearest, _STEP), 100 - _STEP)
