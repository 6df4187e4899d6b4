"""What can be asked of the database itself: where it is, what time it thinks it is, whether it is damaged."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, OperationalError

from eduprog.core.db import session
from eduprog.scheduler.queries.write_ahead import log_fault


def sqlite_path(url: str) -> Path | None:
    """Give the file of a SQLite database, or None for PostgreSQL."""
    made = make_url(url)
    return Path(made.database) if made.get_backend_name() == "sqlite" and made.database else None


def damage(*, thorough: bool = False) -> str:
    """Say what is damaged in a SQLite file, in its own words; empty where nothing is, and on PostgreSQL."""
    work = session()
    if work.get_bind().dialect.name != "sqlite":
        return ""
    try:
        lines = [str(line) for line in work.execute(text(f"PRAGMA {'integrity' if thorough else 'quick'}_check(5)")).scalars()]
        lines = [line.removeprefix("*** in database main ***\n") for line in lines if line != "ok"]
        if thorough and not lines and work.execute(text("PRAGMA foreign_key_check")).first() is not None:
            lines = ["a row points to one that is not there"]
    except DatabaseError as problem:
        lines = [str(problem.orig)]
    work.rollback()
    return "; ".join(lines)


def log_damage(url: str) -> str:
    """Say what is missing from the log of a SQLite database; empty where nothing is. To be asked before it is opened."""
    path = sqlite_path(url)
    return log_fault(path) if path is not None else ""


def database_moment() -> datetime | None:
    """Give what time the database server thinks it is; None on SQLite, which has no clock of its own."""
    work = session()
    if work.get_bind().dialect.name == "sqlite":
        return None
    moment: datetime = work.execute(text("SELECT now()")).scalar_one()
    work.rollback()
    return moment.astimezone(UTC)


_NO_SUCH_TABLE = "42P01"
"""https://www.postgresql.org/docs/current/errcodes-appendix.html"""


def in_words(problem: DatabaseError) -> str | None:
    """Say what is amiss with the database where it does not answer or has no tables yet; None for what is a fault of ours."""
    told = str(problem.orig)
    if "no such table" in told or getattr(problem.orig, "sqlstate", None) == _NO_SUCH_TABLE:
        return "The database has not all its tables yet: run `eduprog db upgrade`, or `eduprog init` for a new installation."
    if isinstance(problem, OperationalError) and (problem.statement is None or problem.connection_invalidated):
        return f"The database does not answer. Check DATABASE_URL and the server: {told.strip().splitlines()[0]}"
    return None
