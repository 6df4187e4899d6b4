"""What counts of paper slips say, and when they may be shown: from ten answers up, so that no smaller one can be worked out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

MINIMUM = 10
MOST_SLIPS = 400


class Moment(StrEnum):
    """When the slips were filled in: before the module, straight after it, or when it was refreshed later."""

    BASELINE = "baseline"
    EXIT = "exit"
    REFRESH = "refresh"

    @property
    def label(self) -> str:
        """The words used on pages."""
        return {Moment.BASELINE: "Before", Moment.EXIT: "After", Moment.REFRESH: "Later on"}[self]


class Counted(StrEnum):
    """Whose slips one count is of. A school that wants to see both counts boys and girls apart; the class is then their sum."""

    ALL = "all"
    BOYS = "boys"
    GIRLS = "girls"

    @property
    def label(self) -> str:
        """The words used on pages."""
        return {Counted.ALL: "Whole class", Counted.BOYS: "Boys", Counted.GIRLS: "Girls"}[self]


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many answers to a question were right."""

    right: int
    of: int

    def __add__(self, other: Share) -> Share:
        """Give both together."""
        return Share(self.right + other.right, self.of + other.of)

    @property
    def percent(self) -> int:
        """The share in whole per cent, halves up; 0 of none."""
        return (200 * self.right + self.of) // (2 * self.of) if self.of else 0


NONE = Share(0, 0)


def shown(share: Share | None) -> Share | None:
    """Give a count as it may be shown: None below the minimum."""
    return share if share is not None and share.of >= MINIMUM else None


def bundles(pairs: Sequence[tuple[Share, Share]]) -> list[tuple[int, ...]]:
    """Give the places of those counts (before and after, in the order in which they were complete) that may be added up.

    A count that may be shown alone is a bundle; smaller ones wait until enough of them make one: so many that whoever counted
    one of them, and takes it from the sum, is still left with enough. What comes later changes no bundle, so that the
    difference between any two totals of bundles, of two selections or of two days, is nothing or bundles.
    """
    found: list[tuple[int, ...]] = []
    waiting: list[int] = []
    for place, pair in enumerate(pairs):
        if _enough([pair]):
            found.append((place,))
        else:
            waiting.append(place)
            if _enough([pairs[one] for one in waiting]):
                found.append(tuple(waiting))
                waiting = []
    return found


def _enough(pairs: Sequence[tuple[Share, Share]]) -> bool:
    answers = [[share.of for share in shares] for shares in zip(*pairs, strict=True)]
    return all(sum(of) - (max(of) if len(of) > 1 else 0) >= MINIMUM for of in answers)


def whole_of(parts: Mapping[Counted, Share]) -> Share | None:
    """Give the class as a whole; None while boys are counted and girls are not, or the other way: the rest would tell them."""
    if Counted.ALL in parts:
        return parts[Counted.ALL]
    return parts[Counted.BOYS] + parts[Counted.GIRLS] if {Counted.BOYS, Counted.GIRLS} <= parts.keys() else None


def apart(boys: Share | None, girls: Share | None) -> tuple[Share, Share] | None:
    """Give boys and girls apart; None unless both may be shown, because one and the whole would tell the other."""
    first, second = shown(boys), shown(girls)
    return (first, second) if first and second else None


def too_many(counts: Mapping[str, Sequence[int]], others: Mapping[str, int], size: int | None) -> str | None:
    """Give the first question with more answers (`others` from the rest of the class added) than the class has pupils."""
    most = size or MOST_SLIPS
    return next((one for one, options in counts.items() if sum(options) + others.get(one, 0) > most), None)
