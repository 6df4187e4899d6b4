"""Add to the roll-ups, make them anew, and compare them with a recount."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import Enum, Select, String, Table, bindparam, delete, select, type_coerce

from eduprog.core.db import session
from eduprog.core.tenancy import current_school_id
from eduprog.tallies.actions.changes import BY_DAY, ROLL_UPS, AnyChange, Cell, Figures, FollowUpChange, RollUp, sums_of
from eduprog.tallies.actions.statements import Row, lower, put


@dataclass(frozen=True, slots=True)
class Difference:
    """A roll-up row that does not equal the recount. Codes of its cell are given as they are stored."""

    table: str
    cell: Cell
    kept: Figures
    counted: Figures


def apply(changes: Iterable[AnyChange], *, school_id: int | None = None) -> None:
    """Add the changes to a school's roll-ups: the current school's, if none is named."""
    school_id = current_school_id() if school_id is None else school_id
    rising: dict[RollUp, list[Row]] = {}
    for roll_up, sums in sums_of(changes).items():
        changed = [(cell, figures) for cell, figures in sums.items() if any(figures)]
        rising[roll_up] = [_row(roll_up, school_id, *one) for one in changed if min(one[1]) >= 0]
        if falling := [_row(roll_up, school_id, *one) for one in changed if min(one[1]) < 0]:
            lower(roll_up, falling)
    put(rising, adds=True)


def rebuild(facts: Iterable[AnyChange]) -> list[Difference]:
    """Make the current school's roll-ups equal a recount of all facts; give what differed before. What agrees is not written."""
    return _mend(ROLL_UPS, sums_of(facts))


def rebuild_follow_ups(facts: Iterable[FollowUpChange]) -> None:
    """Do so for the current school's days of follow-ups alone, as when old ones were deleted in bulk."""
    _mend((BY_DAY,), sums_of(facts))


def drop_empty_days() -> None:
    """Drop the current school's days on which no follow-up is owed any more, as when a roll-over is taken back."""
    _drop_empty(BY_DAY)


def compare(facts: Iterable[AnyChange]) -> list[Difference]:
    """Give every roll-up row of the current school that differs from a recount of all facts; empty if they agree."""
    counted = sums_of(facts)
    return [one for roll_up in ROLL_UPS for one in _differences(roll_up, _kept(roll_up), counted.get(roll_up, {}))]


def _mend(roll_ups: Iterable[RollUp], counted: Mapping[RollUp, Mapping[Cell, Figures]]) -> list[Difference]:
    found: list[Difference] = []
    rows: dict[RollUp, list[Row]] = {}
    emptied = []
    for roll_up in roll_ups:
        kept = _kept(roll_up)
        differing = _differences(roll_up, kept, counted.get(roll_up, {}))
        rows[roll_up] = [_row(roll_up, current_school_id(), one.cell, one.counted) for one in differing]
        if not all(map(any, kept.values())) or not all(any(one.counted) for one in differing):
            emptied.append(roll_up)
        found += differing
    put(rows, adds=False)
    for roll_up in emptied:
        _drop_empty(roll_up)
    return found


def _row(roll_up: RollUp, school_id: int, cell: Cell, figures: Figures) -> Row:
    names = ("school_id", *roll_up.key, *roll_up.counts)
    return dict(zip(names, (school_id, *cell, *figures), strict=True))


def _drop_empty(roll_up: RollUp) -> None:
    model: Any = roll_up.model
    nothing = [getattr(model, name) == 0 for name in roll_up.counts]
    session().execute(delete(model).where(model.school_id == current_school_id(), *nothing))


def _kept(roll_up: RollUp) -> dict[Cell, Figures]:
    """Read the rows of the current school; codes as they are stored, which equal their members."""
    width = len(roll_up.key)
    rows = session().execute(_rows_of(roll_up), {"school_id": current_school_id()}).all()
    return {tuple(row[:width]): tuple(row[width:]) for row in rows}


@cache
def _rows_of(roll_up: RollUp) -> Select[Any]:
    table = cast(Table, roll_up.model.__table__)
    columns = [table.c[name] for name in (*roll_up.key, *roll_up.counts)]
    plain = [type_coerce(one, String).label(one.name) if isinstance(one.type, Enum) else one for one in columns]
    return select(*plain).where(table.c.school_id == bindparam("school_id"))


def _differences(roll_up: RollUp, kept: Mapping[Cell, Figures], counted: Mapping[Cell, Figures]) -> list[Difference]:
    if kept == counted:
        return []
    nothing = (0,) * len(roll_up.counts)
    differing = {cell for cell, figures in counted.items() if kept.get(cell, nothing) != figures}
    differing |= {cell for cell, figures in kept.items() if cell not in counted and figures != nothing}
    return [
        Difference(roll_up.model.__tablename__, cell, kept.get(cell, nothing), counted.get(cell, nothing))
        for cell in sorted(differing, key=str)
    ]
