"""What a database holds at one moment, and the quick way back to it: for tests that begin many times from the same school."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import text

from eduprog.core.db import Base, db, session
from eduprog.library.queries import own

Made = TypeVar("Made")


def remembered(app: Flask, name: str, make: Callable[[], Made]) -> Made:
    """Give what `make` makes on an empty database: made once on each engine, and brought back for every test after it.

    What it gives must be plain values. `name` is the maker's own; what depends on more than it (a patched clock) is the same
    wherever the name is used.
    """
    known: dict[str, tuple[Any, Snapshot]] = app.extensions.setdefault("tests: remembered", {})
    if name in known:
        made, snapshot = known[name]
        snapshot.restore()
    else:
        made = make()
        known[name] = made, Snapshot(f"kept_{name}")
    return made  # type: ignore[no-any-return]  # what `make` gave under this name


class Snapshot:
    """Everything in the application's database as it was when this was made; PostgreSQL keeps it in a schema of this name."""

    def __init__(self, keep: str = "kept_for_test") -> None:
        self._keep = keep
        session().rollback()
        if db.engine.dialect.name == "sqlite":
            self._memory = sqlite3.connect(":memory:", check_same_thread=False)
            _with_raw(lambda raw: raw.backup(self._memory))
        else:
            self._words = _keep_tables(keep)

    def restore(self) -> None:
        """Make everything as it was; nothing the session read before is remembered."""
        db.session.remove()
        own.forget()
        if db.engine.dialect.name == "sqlite":
            _with_raw(self._memory.backup)
        else:
            _with_raw(lambda raw: raw.execute(self._words), commit=True)

    def forget(self) -> None:
        """Let go of what was kept."""
        db.session.remove()
        if db.engine.dialect.name == "sqlite":
            self._memory.close()
        else:
            with db.engine.begin() as connection:
                connection.execute(text(f"DROP SCHEMA {self._keep} CASCADE"))


def _with_raw(act: Any, *, commit: bool = False) -> None:
    connection = db.engine.raw_connection()
    try:
        act(connection.driver_connection)
        if commit:
            connection.commit()
    finally:
        connection.close()


def _keep_tables(keep: str) -> str:
    """Keep what tables hold in a schema of its own; gives the statements that bring it back, whatever came to any table since.

    Rows are deleted, not truncated, and no trigger looks at them: for tables this small it takes a tenth of the time.
    """
    names = [table.name for table in Base.metadata.sorted_tables]
    words = ["SET LOCAL session_replication_role = replica"]
    words += [f'DELETE FROM "{name}"' for name in names]
    with db.engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {keep}"))
        for name in names:
            if connection.scalar(text(f'SELECT EXISTS (SELECT FROM "{name}")')):
                connection.execute(text(f'CREATE TABLE {keep}."{name}" AS TABLE "{name}"'))
                words.append(f'INSERT INTO "{name}" SELECT * FROM {keep}."{name}"')
        sequences = connection.execute(text("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"))
        words += [f"SELECT setval('{name}', {last or 1}, {last is not None})" for name, last in sequences]
    return "; ".join(words)
