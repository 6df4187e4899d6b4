"""Move an installation to another engine: everything in one transaction, and nothing kept unless both sides hold the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Row, Table, func, insert, inspect, or_, select, text

from eduprog.core.errors import Refusal
from eduprog.scheduler.queries import Held, held_by, read_table, rows_in, tables

_EVERY_SCHOOL = text("SELECT set_config('eduprog.school_id', '', true), set_config('eduprog.across', 'on', true)")


class CannotMove(Refusal):
    """The move was not made; both databases are as they were."""


def check_target(engine: Engine) -> None:
    """See that a database is there and holds nothing of anybody's. Raises CannotMove."""
    names = {table.name for table in tables()}
    with engine.connect() as connection:
        found = set(inspect(connection).get_table_names())
        strange = found - names - {"alembic_version"} - {name for name in found if name.startswith("procrastinate_")}
        _open(connection)
        filled = rows_in(connection) if names <= found else {}
    if strange:
        raise CannotMove(f"The target is in use by something else: it has a table {min(strange)}. Give an empty database.")
    if found & names and not names <= found:
        raise CannotMove("The target has some tables of eduprog and not others. Give an empty database.")
    if filled:
        name, count = next(iter(filled.items()))
        raise CannotMove(f"The target is not empty: {name} has {count} rows. Give an empty database.")


def copy_everything(source: Connection, target: Connection) -> dict[str, Held]:
    """Copy every row, and give what both sides then hold, by table. Raises CannotMove unless they hold the same.

    Both connections are in a transaction, the source's across schools; the target's is to be rolled back on CannotMove.
    """
    _keep_writers_out(source)
    _open(target)
    for table in tables():
        _copy(source, target, table)
    ours, theirs = held_by(source), held_by(target)
    other = [name for name, held in ours.items() if theirs[name] != held]
    if other:
        raise CannotMove(f"The copy is not the same: {', '.join(other)}. Nothing was kept; the old database is as it was.")
    for table in tables():
        _go_on_counting(target, table)
    return ours


def _open(connection: Connection) -> None:
    """Let a transaction on PostgreSQL see and write every school's rows."""
    if connection.dialect.name == "postgresql":
        connection.execute(_EVERY_SCHOOL)


def _keep_writers_out(source: Connection) -> None:
    """Let nobody write until the transaction ends; on SQLite it is the only writer already."""
    if source.dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in tables())
        source.execute(text(f"LOCK TABLE {names} IN SHARE MODE"))


def _copy(source: Connection, target: Connection, table: Table) -> None:
    own = [_column(fk) for fk in table.foreign_key_constraints if fk.referred_table is table]
    for rows in read_table(source, table, *(column.is_(None) for column in own)):
        _write(target, table, rows)
    if own:
        wanted = or_(*(column.is_not(None) for column in own))
        late = [row for rows in read_table(source, table, wanted) for row in rows]
        for rows in _parents_first(late, [column.name for column in own]):
            _write(target, table, rows)


def _column(reference: Any) -> Any:
    """Give the column that names the row of its own table, beside the school."""
    return next(column for column in reference.columns if column.name != "school_id")


def _parents_first(rows: Sequence[Row[Any]], own: Sequence[str]) -> list[list[Row[Any]]]:
    """Put rows that point to rows of their own table after these, in as many rounds as it takes."""
    waiting = {row._mapping["id"]: row for row in rows}
    rounds = []
    while waiting:
        ready = [row for row in waiting.values() if not any(row._mapping[name] in waiting for name in own)]
        if not ready:
            raise CannotMove("Some rows point to each other in a circle. Run eduprog doctor --thorough.")
        rounds.append(ready)
        for row in ready:
            del waiting[row._mapping["id"]]
    return rounds


def _write(target: Connection, table: Table, rows: Sequence[Row[Any]]) -> None:
    if rows:
        target.execute(insert(table), [dict(row._mapping) for row in rows])


def _go_on_counting(target: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows after those that came."""
    if target.dialect.name != "postgresql" or "id" not in table.c:
        return
    sequence = target.scalar(text("SELECT pg_get_serial_sequence(:table, 'id')"), {"table": table.name})
    last = target.scalar(select(func.max(table.c.id)))
    if sequence and last:
        target.execute(text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last})
