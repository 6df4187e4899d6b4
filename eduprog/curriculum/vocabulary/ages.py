"""Ages, half-terms and nations: in whose lessons, when in the year, and under which law."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

_T = TypeVar("_T")


class Stage(StrEnum):
    """An age band with its own modules, in order of age."""

    EY = "EY"
    K1 = "K1"
    L2 = "L2"
    U2 = "U2"
    K3 = "K3"
    K4 = "K4"
    K5 = "K5"

    @property
    def label(self) -> str:
        """Return the name a page shows, such as "Lower key stage 2"."""
        return _STAGE_LABELS[self]

    @property
    def years(self) -> tuple[YearGroup, ...]:
        """Return the year groups of this stage in order."""
        return _YEARS_OF_STAGE[self]

    @property
    def is_primary(self) -> bool:
        """Return whether the stage belongs to primary education (Reception to Year 6)."""
        return self in PRIMARY_STAGES


_STAGE_LABELS = {
    Stage.EY: "Reception",
    Stage.K1: "Key stage 1",
    Stage.L2: "Lower key stage 2",
    Stage.U2: "Upper key stage 2",
    Stage.K3: "Key stage 3",
    Stage.K4: "Key stage 4",
    Stage.K5: "Key stage 5",
}
PRIMARY_STAGES = frozenset({Stage.EY, Stage.K1, Stage.L2, Stage.U2})


class YearGroup(StrEnum):
    """A year group of an English school: Reception, then Year 1 to Year 13."""

    R = "R"
    Y1 = "Y1"
    Y2 = "Y2"
    Y3 = "Y3"
    Y4 = "Y4"
    Y5 = "Y5"
    Y6 = "Y6"
    Y7 = "Y7"
    Y8 = "Y8"
    Y9 = "Y9"
    Y10 = "Y10"
    Y11 = "Y11"
    Y12 = "Y12"
    Y13 = "Y13"

    _number: int

    def __init__(self, value: str) -> None:
        self._number = 0 if value == "R" else int(value[1:])  # asked for thousands of times on a page

    @property
    def number(self) -> int:
        """Return 0 for Reception and 1 to 13 for the years after it."""
        return self._number

    @property
    def label(self) -> str:
        """Return "Reception" or, for example, "Year 4"."""
        return "Reception" if self is YearGroup.R else f"Year {self.number}"

    @property
    def short(self) -> str:
        """Return "Rec" or, for example, "Y4": what fits a column heading."""
        return "Rec" if self is YearGroup.R else self.value

    @property
    def next(self) -> YearGroup | None:
        """Return the year group a pupil enters next September, None after Year 13."""
        return _NEXT.get(self)


class KeyStage(StrEnum):
    """A key stage of the national curriculum; always derived from the year group, never stored."""

    EYFS = "EYFS"
    KS1 = "KS1"
    KS2 = "KS2"
    KS3 = "KS3"
    KS4 = "KS4"
    KS5 = "KS5"


class HalfTermBlock(StrEnum):
    """Name one of the six teaching blocks, in the order of the academic year."""

    AUTUMN_1 = "autumn-1"
    AUTUMN_2 = "autumn-2"
    SPRING_1 = "spring-1"
    SPRING_2 = "spring-2"
    SUMMER_1 = "summer-1"
    SUMMER_2 = "summer-2"

    @property
    def label(self) -> str:
        """Give the name for people: "Autumn 1"."""
        return self.value.replace("-", " ").capitalize()


class Nation(StrEnum):
    """Whose law, bank holidays and help lines apply to a school or a help line."""

    ENGLAND = "england"
    WALES = "wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"

    @property
    def label(self) -> str:
        """Give the name for people: "Northern Ireland"."""
        return self.value.replace("-", " ").title()


def stage_of(year: YearGroup) -> Stage:
    """Return the stage a year group belongs to."""
    return _STAGES[year]


def key_stage_of(year: YearGroup) -> KeyStage:
    """Return the key stage a year group belongs to."""
    return _first_at_or_above(year.number, _KEY_STAGE_LAST_YEAR)


def _first_at_or_above(number: int, last_years: dict[_T, int]) -> _T:
    return next(item for item, last in last_years.items() if number <= last)


_STAGE_LAST_YEAR = {
    Stage.EY: 0,
    Stage.K1: 2,
    Stage.L2: 4,
    Stage.U2: 6,
    Stage.K3: 9,
    Stage.K4: 11,
    Stage.K5: 13,
}
_STAGES = {year: _first_at_or_above(year.number, _STAGE_LAST_YEAR) for year in YearGroup}
_YEARS_OF_STAGE = {stage: tuple(year for year in YearGroup if _STAGES[year] is stage) for stage in Stage}
_NEXT = dict(pairwise(YearGroup))
_KEY_STAGE_LAST_YEAR = {
    KeyStage.EYFS: 0,
    KeyStage.KS1: 2,
    KeyStage.KS2: 6,
    KeyStage.KS3: 9,
    KeyStage.KS4: 11,
    KeyStage.KS5: 13,
}
