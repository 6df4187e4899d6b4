"""The coverage grid as arithmetic on roll-up cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eduprog.curriculum.vocabulary import Strand, YearGroup
from eduprog.school.rules import HalfTermBlock
from eduprog.tallies.rules import Cell


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell as people read it: delivered of planned, and part taught; `level` is 0 to 4 for its shade, None if empty."""

    strand: Strand | None
    block: HalfTermBlock | None
    planned: int
    delivered: int
    part: int
    minutes: int

    @property
    def level(self) -> int | None:
        """Give how full the cell is: 0 nothing, 4 all; None where nothing is planned or taught."""
        if not self.planned and not self.delivered and not self.part:
            return None
        wanted = max(self.planned, self.delivered, 1)
        return 4 if self.delivered >= wanted else (self.delivered * 4 + 2 * self.part) // wanted


@dataclass(frozen=True, slots=True)
class GridRow:
    """A strand of a year group over the six half-terms, and its total."""

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
    def year_groups(self) -> list[YearGroup]:
        """Give the year groups that have rows, youngest first."""
        return sorted({row.year_group for row in self.rows}, key=lambda year: year.number)


def grid_of(cells: Iterable[Cell], years: Sequence[YearGroup] | None = None) -> CoverageGrid:
    """Arrange roll-up cells into the grid; strands with nothing planned or taught in a year group have no row."""
    found = {(cell.year_group, cell.strand, cell.block): cell for cell in cells}
    wanted = years if years is not None else sorted({cell[0] for cell in found}, key=lambda year: year.number)
    rows = [row for year in wanted for strand in Strand if (row := _row(found, year, strand)) is not None]
    return CoverageGrid(tuple(rows), _sum(None, None, [row.total for row in rows]))


def _row(found: dict[tuple[YearGroup, Strand, HalfTermBlock], Cell], year: YearGroup, strand: Strand) -> GridRow | None:
    cells = tuple(_cell(found.get((year, strand, block)), strand, block) for block in HalfTermBlock)
    total = _sum(strand, None, cells)
    return GridRow(year, strand, cells, total) if total.level is not None else None


def _cell(cell: Cell | None, strand: Strand, block: HalfTermBlock) -> GridCell:
    if cell is None:
        return GridCell(strand, block, 0, 0, 0, 0)
    return GridCell(strand, block, cell.planned, cell.delivered, cell.part, cell.minutes)


def _sum(strand: Strand | None, block: HalfTermBlock | None, cells: Iterable[GridCell]) -> GridCell:
    planned = delivered = part = minutes = 0
    for cell in cells:
        planned, delivered = planned + cell.planned, delivered + cell.delivered
        part, minutes = part + cell.part, minutes + cell.minutes
    return GridCell(strand, block, planned, delivered, part, minutes)
