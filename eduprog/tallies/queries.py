"""Reads of the roll-ups: one statement each, whatever the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from eduprog.core.db import session
from eduprog.curriculum.vocabulary import Strand, YearGroup
from eduprog.school.rules import HalfTermBlock
from eduprog.tallies.models import CoverageTally


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the coverage grid: lessons planned, delivered, part taught, and minutes taught."""

    year_group: YearGroup
    strand: Strand
    block: HalfTermBlock
    planned: int
    delivered: int
    part: int
    minutes: int


def cells_of_year(academic_year_id: int) -> Sequence[Cell]:
    """Give every cell of an academic year that holds anything."""
    wanted = select(
        CoverageTally.year_group,
        CoverageTally.strand,
        CoverageTally.block,
        CoverageTally.planned,
        CoverageTally.delivered,
        CoverageTally.part,
        CoverageTally.minutes,
    ).where(CoverageTally.academic_year_id == academic_year_id)
    return [Cell(*row) for row in session().execute(wanted.order_by(CoverageTally.id))]
