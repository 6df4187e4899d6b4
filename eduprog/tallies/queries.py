"""Reads of the roll-ups: one statement each, whatever the history."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from eduprog.core.db import session
from eduprog.tallies.models import CoverageTally
from eduprog.tallies.rules import Cell


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
