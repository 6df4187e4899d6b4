"""Add to the roll-ups, make them anew, and compare them with a recount."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import Executable, Table, bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from eduprog.core.db import session
from eduprog.core.tenancy import current_school_id
from eduprog.tallies.actions.changes import BY_DAY, ROLL_UPS, AnyChange, Cell, FollowUpChange, RollUp, sums_of
from eduprog.tallies.models import FollowUpTally


@dataclass(frozen=True, slots=True)
class Difference:
    """A roll-up row that does not equal the recount."""

    table: str
    cell: Cell
    kept: tuple[int, ...]
    counted: tuple[int, ...]


def apply(changes: Iterable[AnyChange], *, school_id: int | None = None) -> None:
    """Add the changes to a school's roll-ups: the current school's, if none is named."""
    school_id = current_school_id() if school_id is None else school_id
    for roll_up, sums in sums_of(changes).items():
        _add(roll_up, sums, school_id)


def rebuild(facts: Iterable[AnyChange]) -> None:
    """Replace the current school's roll-ups by a recount of all facts."""
    for roll_up in ROLL_UPS:
        _empty(roll_up)
    apply(facts)


def rebuild_follow_ups(facts: Iterable[FollowUpChange]) -> None:
    """Replace the current school's days of follow-ups by a recount of all, as when old ones were deleted in bulk."""
    _empty(BY_DAY)
    apply(facts)


def drop_empty_days() -> None:
    """Drop the current school's days on which no follow-up is owed any more, as when a roll-over is taken back."""
    empty = (FollowUpTally.school_id == current_school_id(), FollowUpTally.owed == 0, FollowUpTally.given == 0)
    session().execute(delete(FollowUpTally).where(*empty))


def compare(facts: Iterable[AnyChange]) -> list[Difference]:
    """Give every roll-up row of the current school that differs from a recount of all facts; empty if they agree."""
    counted = sums_of(facts)
    return [found for roll_up in ROLL_UPS for found in _differences(roll_up, counted.get(roll_up, {}))]


def _empty(roll_up: RollUp) -> None:
    session().execute(delete(roll_up.model).where(roll_up.model.school_id == current_school_id()))


def _add(roll_up: RollUp, sums: Mapping[Cell, list[int]], school_id: int) -> None:
    rows = [
        {"school_id": school_id, **dict(zip(roll_up.key, cell, strict=True)), **dict(zip(roll_up.counts, figures, strict=True))}
        for cell, figures in sums.items()
        if any(figures)
    ]
    # A row that goes down stands already, and an insert of minus one would break its check before any conflict is seen.
    falling = [row for row in rows if any(row[name] < 0 for name in roll_up.counts)]
    rising = [row for row in rows if row not in falling]
    work = session()
    if falling:
        work.execute(_change(roll_up), [{f"to_{name}": value for name, value in row.items()} for row in falling])
    if rising and work.get_bind().dialect.name == "postgresql":
        work.execute(_upsert_columns(roll_up), {name: [row[name] for row in rising] for name in rising[0]})
    elif rising:
        work.execute(_upsert(roll_up), rising)


@cache
def _change(roll_up: RollUp) -> Executable:
    """Give the statement that adds figures to cells that stand; rows name their school themselves."""
    table = cast(Table, roll_up.model.__table__)
    here = [table.c[name] == bindparam(f"to_{name}") for name in ("school_id", *roll_up.key)]
    return update(table).where(*here).values({name: table.c[name] + bindparam(f"to_{name}") for name in roll_up.counts})


@cache
def _upsert(roll_up: RollUp) -> Executable:
    """Give the statement that adds figures to a cell whether it stands or not; rows name their school themselves."""
    table = cast(Table, roll_up.model.__table__)
    statement = sqlite.insert(table)
    kept = {name: table.c[name] + statement.excluded[name] for name in roll_up.counts}
    return statement.on_conflict_do_update(index_elements=["school_id", *roll_up.key], set_=kept)


@cache
def _upsert_columns(roll_up: RollUp) -> Executable:
    """Give the same for PostgreSQL: each column as one array, so that the statement is as short for many rows as for one."""
    table = cast(Table, roll_up.model.__table__)
    names = ["school_id", *roll_up.key, *roll_up.counts]
    arrays = [bindparam(name, type_=postgresql.ARRAY(table.c[name].type)) for name in names]
    rows = func.unnest(*arrays).table_valued(*names).render_derived()
    statement = postgresql.insert(table).from_select(names, select(*(rows.c[name] for name in names)))
    kept = {name: table.c[name] + statement.excluded[name] for name in roll_up.counts}
    return statement.on_conflict_do_update(index_elements=["school_id", *roll_up.key], set_=kept)


def _differences(roll_up: RollUp, counted: Mapping[Cell, list[int]]) -> list[Difference]:
    columns = [getattr(roll_up.model, name) for name in (*roll_up.key, *roll_up.counts)]
    width, nothing = len(roll_up.key), (0,) * len(roll_up.counts)
    rows: Any = session().execute(select(*columns).where(roll_up.model.id.is_not(None)))
    kept = {tuple(row[:width]): tuple(row[width:]) for row in rows}
    return [
        Difference(roll_up.model.__tablename__, cell, kept.get(cell, nothing), tuple(counted.get(cell, nothing)))
        for cell in sorted({*kept, *counted}, key=str)
        if kept.get(cell, nothing) != tuple(counted.get(cell, nothing))
    ]
