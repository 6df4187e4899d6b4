"""What can be asked of the database itself: where it is, what time it thinks it is, whether it is damaged."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select, table, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session

from eduprog.core.db import is_damaged, session
from eduprog.scheduler.queries.write_ahead import log_fault

_AT_MOST = 5
_TABLES = text(
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
    " AND has_table_privilege(oid, 'SELECT') ORDER BY 1"
)
_NO_INDEX = text(
    "SELECT set_config('statement_timeout', '0', true), set_config('enable_indexscan', 'off', true),"
    " set_config('enable_indexonlyscan', 'off', true), set_config('enable_bitmapscan', 'off', true)"
)


def sqlite_path(url: str) -> Path | None:
    """Give the file of a SQLite database, or None for PostgreSQL."""
    made = make_url(url)
    return Path(made.database) if made.get_backend_name() == "sqlite" and made.database else None


def damage(*, thorough: bool = False) -> str:
    """Say what is damaged, in the database's own words; empty where nothing is. PostgreSQL is only read where `thorough`."""
    work = session()
    if work.get_bind().dialect.name == "sqlite":
        lines = _damage_of_file(work, thorough=thorough)
    else:
        lines = _damage_of_tables(work) if thorough else []
    work.rollback()
    return "; ".join(lines)


def _damage_of_file(work: Session, *, thorough: bool) -> list[str]:
    try:
        lines = [
            str(line) for line in work.execute(text(f"PRAGMA {'integrity' if thorough else 'quick'}_check({_AT_MOST})")).scalars()
        ]
        lines = [line.removeprefix("*** in database main ***\n") for line in lines if line != "ok"]
        if thorough and not lines and work.execute(text("PRAGMA foreign_key_check")).first() is not None:
            lines = ["a row points to one that is not there"]
    except DatabaseError as problem:
        lines = [str(problem.orig)]
    return lines


def _damage_of_tables(work: Session) -> list[str]:
    """Let the server read every page of every table, whose checksums it compares; what it may show us of them does not matter."""
    lines = []
    for name in work.execute(_TABLES).scalars().all():
        try:
            work.execute(_NO_INDEX)
            work.execute(select(func.count()).select_from(table(name)))
        except DatabaseError as problem:
            if not is_damaged(problem):
                raise
            lines.append(f"{name}: {problem.orig}")
        work.rollback()
    return lines[:_AT_MOST]


def keeps_checksums() -> bool:
    """Say whether a changed page would be noticed when it is read: always on SQLite as far as its check goes."""
    work = session()
    if work.get_bind().dialect.name == "sqlite":
        return True
    told = work.execute(text("SHOW data_checksums")).scalar_one()
    work.rollback()
    return bool(told == "on")


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
    """Say what is amiss with a database that does not answer, is damaged or has no tables yet; None for faults of ours."""
    told = str(problem.orig)
    first = told.strip().partition("\n")[0]
    if "no such table" in told or getattr(problem.orig, "sqlstate", None) == _NO_SUCH_TABLE:
        return "The database has not all its tables yet: run `eduprog db upgrade`, or `eduprog init` for a new installation."
    if is_damaged(problem):
        return f"The database is damaged ({first}). Stop eduprog and restore the newest backup: see docs/operations.md."
    if isinstance(problem, OperationalError) and (problem.statement is None or problem.connection_invalidated):
        return f"The database does not answer. Check DATABASE_URL and the server: {first}"
    return None
