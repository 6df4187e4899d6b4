"""What changes a figure, as light values (a recount has thousands), and which row of which roll-up each adds to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from eduprog.curriculum.vocabulary import Strand, YearGroup
from eduprog.school.rules import HalfTermBlock
from eduprog.tallies.models import CoverageTally, FamilyTally, FollowUpTally, SchoolTally

AnyTally = CoverageTally | SchoolTally | FollowUpTally | FamilyTally
Cell = tuple[Any, ...]
Figures = tuple[int, ...]


@dataclass(frozen=True, eq=False, slots=True)
class RollUp:
    """A table of figures: its rows are told apart by the school and `key`, and count `counts`. There are the four below, each
    equal to itself alone: to compare what they hold for each of thousands of figures takes longer than to add them.
    """

    model: type[AnyTally]
    key: tuple[str, ...]
    counts: tuple[str, ...]


_LESSONS = ("planned", "delivered", "part", "minutes")
BY_CELL = RollUp(CoverageTally, ("academic_year_id", "year_group", "strand", "block"), _LESSONS)
BY_STRAND = RollUp(SchoolTally, ("academic_year_id", "strand"), _LESSONS)
BY_DAY = RollUp(FollowUpTally, ("due_on",), ("owed", "given"))
BY_SCHOOL = RollUp(FamilyTally, (), ("joined",))
ROLL_UPS = (BY_CELL, BY_STRAND, BY_DAY, BY_SCHOOL)

Sums = dict[RollUp, dict[Cell, Figures]]


class TallyChange(NamedTuple):
    """How one planned or taught lesson changes the figures: plus or minus, for every year group in the class."""

    academic_year_id: int
    year_groups: tuple[YearGroup, ...]
    strand: Strand
    block: HalfTermBlock
    planned: int = 0
    delivered: int = 0
    part: int = 0
    minutes: int = 0

    def parts(self) -> Iterator[tuple[RollUp, Cell, Figures]]:
        """Give each row this adds to, and what."""
        figures = (self.planned, self.delivered, self.part, self.minutes)
        for year in self.year_groups:
            yield BY_CELL, (self.academic_year_id, year, self.strand, self.block), figures
        yield BY_STRAND, (self.academic_year_id, self.strand), figures


class FollowUpChange(NamedTuple):
    """How follow-ups of a day change the figures: those owed on it that were not withdrawn, and those of them given."""

    due_on: date
    owed: int
    given: int

    def parts(self) -> Iterator[tuple[RollUp, Cell, Figures]]:
        """Give the row this adds to, and what."""
        yield BY_DAY, (self.due_on,), (self.owed, self.given)


class FamilyChange(NamedTuple):
    """How many addresses of parents and carers joined, or left again."""

    joined: int

    def parts(self) -> Iterator[tuple[RollUp, Cell, Figures]]:
        """Give the row this adds to, and what."""
        yield BY_SCHOOL, (), (self.joined,)


AnyChange = TallyChange | FollowUpChange | FamilyChange


def sums_of(changes: Iterable[AnyChange]) -> Sums:
    """Add up what the changes add to each row of each roll-up."""
    found: dict[RollUp, dict[Cell, list[Figures]]] = defaultdict(partial(defaultdict, list))
    for change in changes:
        for roll_up, cell, figures in change.parts():
            found[roll_up][cell].append(figures)
    return {roll_up: {cell: _added(several) for cell, several in cells.items()} for roll_up, cells in found.items()}


def _added(several: list[Figures]) -> Figures:
    return several[0] if len(several) == 1 else tuple(map(sum, zip(*several, strict=True)))
