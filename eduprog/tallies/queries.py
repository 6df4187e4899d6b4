"""Reads of the roll-ups: one statement each, whatever the history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import String, bindparam, select, type_coerce

from eduprog.core.db import session
from eduprog.core.held import held
from eduprog.core.tenancy import current_school_id
from eduprog.tallies.models import CoverageTally
from eduprog.tallies.rules import Cell

_TALLY = cast(Any, CoverageTally.__table__).c
_CELLS = (
    select(
        *(type_coerce(_TALLY[name], String).label(name) for name in ("year_group", "strand", "block")),
        *(_TALLY[name] for name in ("planned", "delivered", "part", "minutes")),
    )
    .where(_TALLY.school_id == bindparam("school_id"), _TALLY.academic_year_id == bindparam("academic_year_id"))
    .order_by(_TALLY.id)
)


def cells_of_year(academic_year_id: int) -> Sequence[Cell]:
    """Give every cell of an academic year that holds anything: rows that are read as cells, not five hundred more objects."""
    asked = {"school_id": current_school_id(), "academic_year_id": academic_year_id}
    return held(("cells", academic_year_id), lambda: cast(Sequence[Cell], session().execute(_CELLS, asked).all()))
