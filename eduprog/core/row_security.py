"""PostgreSQL's own wall between schools: it is told which school a statement is about, and row-level security does the rest.

`core.tenancy` filters every statement already; these settings let the database refuse what a forgotten filter would show.
They are told just before a statement that runs under another school than the one before it: a page that only looks up who
asks, and then stays within one school, tells twice.
A unit of work that writes also waits for the others of its school, as every one does on SQLite: what it reads before it
decides still holds when it writes, so that a button pressed many times at once has one effect.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session, SessionTransaction

from eduprog.core.db import is_writing
from eduprog.core.scope import current

_TELL = "SELECT set_config('eduprog.school_id', %s, true), set_config('eduprog.across', %s, true)"
_IN_TURN = "SELECT pg_advisory_xact_lock(7341, %s)"
_TOLD = "eduprog.told"
_NOTHING = ("", "off")
"""What a transaction knows at its beginning: nothing is in sight."""
_FAILED = 3  # libpq's state of a transaction that can only be rolled back


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    connection.info.pop(_TOLD, None)  # of the transaction before; only a session's is told anything


@event.listens_for(Session, "after_begin")
def _expect_to_be_told(_work: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.info.setdefault(_TOLD, _NOTHING)


@event.listens_for(Engine, "rollback_savepoint")
def _forget_what_was_told(connection: Connection, _name: str, _context: None) -> None:
    if not connection.invalidated and _TOLD in connection.info:
        connection.info[_TOLD] = _NOTHING  # what was told since the savepoint is undone with the rest


@event.listens_for(Engine, "before_cursor_execute")
def _tell_before(
    connection: Connection, _cursor: object, _statement: object, _values: object, _context: object, _many: bool
) -> None:
    tell(connection)


def tell(connection: Connection) -> None:
    """Tell the transaction of a session on PostgreSQL which school is current now: none, one, or all of them.

    It happens by itself for every statement; only what speaks to the driver directly must ask for it.
    """
    told = connection.info.get(_TOLD)
    if told is None:
        return
    scope = current.get()
    wanted = ("", "off") if scope is None else ("", "on") if scope.school_id is None else (str(scope.school_id), "off")
    if wanted == told:
        return
    raw: Any = connection.connection.driver_connection
    if raw.info.transaction_status == _FAILED:
        return
    raw.execute(_TELL, wanted)  # not through SQLAlchemy: it belongs to the frame of the transaction, like BEGIN
    if scope is not None and scope.school_id is not None and is_writing():
        raw.execute(_IN_TURN, (scope.school_id,))  # held to the end of the transaction; taking it again costs nothing
    connection.info[_TOLD] = wanted
