"""The statements that write roll-ups: made once for each table; on PostgreSQL once for each set of tables written together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Executable, Table, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from eduprog.core.db import WriteOutsideTransaction, is_writing, session
from eduprog.tallies.actions.changes import ROLL_UPS, RollUp

Row = dict[str, Any]


def put(rows: Mapping[RollUp, Sequence[Row]], *, adds: bool) -> None:
    """Write rows that name their school: figures are added to those of the cell if `adds`, else they take their place.

    A cell that does not stand yet is made. On PostgreSQL one statement writes all tables; on SQLite one statement each.
    """
    written = tuple(roll_up for roll_up in ROLL_UPS if rows.get(roll_up))
    if not written:
        return
    connection = _connection()
    if connection.dialect.name == "postgresql":
        named = {_named(roll_up, name): [row[name] for row in rows[roll_up]] for roll_up in written for name in _columns(roll_up)}
        connection.execute(_by_columns(written, adds), named)
        return
    for roll_up in written:
        connection.execute(_by_rows(roll_up, adds), rows[roll_up])


def lower(roll_up: RollUp, rows: Sequence[Row]) -> None:
    """Add figures, some of them below nought, to cells that stand: to insert one would break its check before it is seen."""
    _connection().execute(_change(roll_up), [{f"to_{name}": value for name, value in row.items()} for row in rows])


def _connection() -> Connection:
    """Give the unit of work's own connection: rows name their school, so the session has nothing to add, and takes its time."""
    if not is_writing():
        raise WriteOutsideTransaction("figures are written inside `with transaction():`")
    return session().connection()


def _columns(roll_up: RollUp) -> tuple[str, ...]:
    return ("school_id", *roll_up.key, *roll_up.counts)


def _named(roll_up: RollUp, column: str) -> str:
    return f"{roll_up.model.__tablename__}_{column}"


def _table(roll_up: RollUp) -> Table:
    return cast(Table, roll_up.model.__table__)


@cache
def _change(roll_up: RollUp) -> Executable:
    table = _table(roll_up)
    here = [table.c[name] == bindparam(f"to_{name}") for name in ("school_id", *roll_up.key)]
    higher = {name: table.c[name] + bindparam(f"to_{name}") for name in roll_up.counts}
    return update(table).where(*here).values(higher)


@cache
def _by_rows(roll_up: RollUp, adds: bool) -> Executable:
    return cast(Executable, _or_change(sqlite.insert(_table(roll_up)), roll_up, adds))


@cache
def _by_columns(written: tuple[RollUp, ...], adds: bool) -> Executable:
    """Give each column as one array, so that the statement is as short for many rows as for one; and all tables in one."""
    *others, last = [_or_change(_from_arrays(roll_up), roll_up, adds) for roll_up in written]
    return cast(Executable, last.add_cte(*(one.cte(f"written_{place}") for place, one in enumerate(others))))


def _from_arrays(roll_up: RollUp) -> Any:
    table, names = _table(roll_up), _columns(roll_up)
    arrays = [bindparam(_named(roll_up, name), type_=postgresql.ARRAY(table.c[name].type)) for name in names]
    rows = func.unnest(*arrays).table_valued(*names).render_derived(f"rows_of_{table.name}")
    return postgresql.insert(table).from_select(list(names), select(*(rows.c[name] for name in names)))


def _or_change(statement: Any, roll_up: RollUp, adds: bool) -> Any:
    table = _table(roll_up)
    kept = {name: table.c[name] + statement.excluded[name] if adds else statement.excluded[name] for name in roll_up.counts}
    return statement.on_conflict_do_update(index_elements=["school_id", *roll_up.key], set_=kept)
