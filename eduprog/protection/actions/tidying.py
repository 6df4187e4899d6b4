"""Make what was deleted leave the disk as well."""

from __future__ import annotations

from typing import Any

from eduprog.core.db import db, session


def tidy_storage() -> None:
    """Write a SQLite file and its log anew, without what was deleted; PostgreSQL frees and reuses the space by itself.

    Runs outside any unit of work.
    """
    session().rollback()
    if db.engine.dialect.name != "sqlite":
        return
    connection = db.engine.raw_connection()  # not SQLAlchemy's, which begins a transaction
    try:
        raw: Any = connection.driver_connection
        for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            raw.execute(statement).close()
    finally:
        connection.close()
