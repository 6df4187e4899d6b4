"""PostgreSQL's own wall between schools: each transaction says which school it is about, and row-level security does the rest.

`core.tenancy` filters every statement already; these settings let the database refuse what a forgotten filter would show.
A unit of work that writes also waits for the others of its school, as every one does on SQLite: what it reads before it
decides still holds when it writes, so that a button pressed many times at once has one effect.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, SessionTransaction

from eduprog.core.db import is_writing
from eduprog.core.scope import current

_TELL = "SELECT set_config('eduprog.school_id', %s, true), set_config('eduprog.across', %s, true)"
_IN_TURN = "SELECT pg_advisory_xact_lock(7341, %s)"
_HELD = "eduprog.told"
_FAILED = 3  # libpq's state of a transaction that can only be rolled back


@event.listens_for(Session, "after_begin")
def _tell_new_transaction(work: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        work.info[_HELD] = (connection, None)
        tell(work)


def tell(work: Session) -> None:
    """Tell the session's transaction, if one is open on PostgreSQL, which school is current now: none, one, or all of them."""
    connection, told = work.info.get(_HELD, (None, None))
    if connection is None or connection.closed or not connection.in_transaction():
        return
    scope = current.get()
    wanted = ("", "off") if scope is None else ("", "on") if scope.school_id is None else (str(scope.school_id), "off")
    raw: Any = connection.connection.driver_connection
    if wanted == told or raw.info.transaction_status == _FAILED:
        return
    raw.execute(_TELL, wanted)  # not through SQLAlchemy: it belongs to the frame of the transaction, like BEGIN
    if scope is not None and scope.school_id is not None and is_writing():
        raw.execute(_IN_TURN, (scope.school_id,))  # held to the end of the transaction; taking it again costs nothing
    work.info[_HELD] = (connection, wanted)
