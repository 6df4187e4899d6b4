"""The coverage grid as arithmetic on roll-up cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby, product
from operator import attrgetter
from typing import NamedTuple

from eduprog.curriculum.vocabulary import HalfTermBlock, Strand, YearGroup
from eduprog.tallies.rules import Cell


class GridCell(NamedTuple):
    """A figure as people read it: delivered of planned, and part taught; `level` is 0 to 4 for its shade, None if empty."""

    planned: int
    delivered: int
    part: int
    minutes: int

    @property
    def level(self) -> int | None:
        """Give how full the cell is: 0 nothing, 4 all; None where nothing is planned or taught."""
        planned, delivered, part, _minutes = self
        if delivered >= planned:
            return 4 if delivered else (2 if part else None)
        return (delivered * 4 + 2 * part) // planned


@dataclass(frozen=True, slots=True)
class GridRow:
    """A strand of a year group over the six half-terms, in order, and its total."""

    year_group: YearGroup
    strand: Strand
    cells: tuple[GridCell, ...]
    total: GridCell


@dataclass(frozen=True, slots=True)
class CoverageGrid:
    """Year group by strand by half-term. Rows come in order of age, then strand."""

    rows: tuple[GridRow, ...]
    total: GridCell

    @property
    def by_year_group(self) -> list[tuple[YearGroup, list[GridRow]]]:
        """Give the rows of each year group, youngest first."""
        return [(year, list(rows)) for year, rows in groupby(self.rows, key=attrgetter("year_group"))]


NOTHING = GridCell(0, 0, 0, 0)
"""The cell of a half-term in which nothing is planned or taught."""
_BLOCKS = [block.value for block in HalfTermBlock]


def grid_of(cells: Iterable[Cell]) -> CoverageGrid:
    """Arrange roll-up cells into the grid; strands with nothing planned or taught in a year group have no row."""
    found: dict[tuple[str, str], dict[str, GridCell]] = defaultdict(dict)
    for year, strand, block, *figures in cells:
        if any(figures):
            found[year, strand][block] = GridCell(*figures)
    keys = [key for key in product(YearGroup, Strand) if key in found]
    rows = [row for key in keys if (row := _row(*key, found[key])).total.level is not None]
    return CoverageGrid(tuple(rows), _sum(row.total for row in rows))


def _row(year: YearGroup, strand: Strand, found: dict[str, GridCell]) -> GridRow:
    cells = tuple([found.get(block, NOTHING) for block in _BLOCKS])
    return GridRow(year, strand, cells, _sum(cells))


def _sum(cells: Iterable[GridCell]) -> GridCell:
    columns = list(zip(*cells, strict=True))
    return GridCell(*map(sum, columns)) if columns else NOTHING
