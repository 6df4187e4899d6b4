"""The database: one declarative base, typed columns, and units of work that either happen or do not.

Two kinds of unit: reading (the default, where a flush is refused) and `transaction()`, which on SQLite takes the write lock
at BEGIN, because a deferred transaction that starts to write can be refused at once by another writer. There the writers of
a process take turns (`core.turns`).
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, cast

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import JSON, DateTime, Enum, MetaData, String, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, registry
from sqlalchemy.types import TypeDecorator

from eduprog.core import scope
from eduprog.core.turns import Turns, turns_of

_PATIENCE_SECONDS = 15


class _Unit:
    """A unit of work that may write, and the turn it holds, if it holds one."""

    def __init__(self) -> None:
        self._held: Turns | None = None

    def begin(self, turns: Turns) -> None:
        """Wait for the turn. If it does not come, the file's own lock decides."""
        if self._held is None and turns.take(seconds=_PATIENCE_SECONDS):
            self._held = turns

    def end(self) -> None:
        if self._held is not None:
            self._held.give_back()
            self._held = None


_writing: ContextVar[_Unit | None] = ContextVar("writing", default=None)


class WriteOutsideTransaction(RuntimeError):
    """Something was changed while only reading; writes belong inside `transaction()`."""


class UTCDateTime(TypeDecorator[datetime]):
    """An aware instant, kept as UTC. Refuses a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store as UTC; SQLite keeps it without its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give it back aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
_metadata = MetaData(naming_convention=_NAMES)


def _values(members: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in members]


class Base(DeclarativeBase):
    """What every table's class derives from."""

    registry = registry(
        metadata=_metadata,
        type_annotation_map={
            datetime: UTCDateTime,
            dict[str, Any]: JSON().with_variant(JSONB, "postgresql"),
            str: String,
            enum.Enum: Enum(enum.Enum, native_enum=False, create_constraint=True, length=40, values_callable=_values),
        },
    )


class _Session(FlaskSession):
    """Looks up by primary key without forgetting whose row it is, even where the row is in memory already."""

    def get(self, entity: Any, ident: Any, **options: Any) -> Any:
        """Give the row, or None if there is none or it belongs to another school."""
        found = super().get(entity, ident, **options)
        return found if found is None or scope.in_sight(found) else None


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False, "class_": _Session})


def session() -> Session:
    """Give the session of this application context."""
    return cast(Session, db.session())


@contextmanager
def transaction() -> Iterator[Session]:
    """Commit everything written inside, or nothing. Ends what was being read; cannot be nested."""
    if is_writing():
        raise WriteOutsideTransaction("a unit of work is already open; the entry point owns it")
    work = session()
    work.rollback()
    unit = _Unit()
    token = _writing.set(unit)
    try:
        yield work
        work.commit()
    except BaseException:
        work.rollback()
        raise
    finally:
        _writing.reset(token)
        unit.end()


_DAMAGED = ("XX001", "XX002")
"""data_corrupted and index_corrupted: https://www.postgresql.org/docs/current/errcodes-appendix.html"""


def is_damaged(problem: DatabaseError) -> bool:
    """Say whether the database found a page of itself spoilt; SQLite has no kind of error of its own for that."""
    return type(problem) is DatabaseError or getattr(problem.orig, "sqlstate", None) in _DAMAGED


def is_writing() -> bool:
    """Say whether a unit of work that may write is open here."""
    return _writing.get() is not None


@event.listens_for(Session, "before_flush")
def _refuse_stray_writes(work: Session, _context: object, _instances: object) -> None:
    if not is_writing() and (work.new or work.dirty or work.deleted):
        raise WriteOutsideTransaction("writes belong inside `with transaction():`")


@event.listens_for(Session, "do_orm_execute")
def _refuse_stray_statements(state: ORMExecuteState) -> None:
    if not is_writing() and (state.is_insert or state.is_update or state.is_delete):
        raise WriteOutsideTransaction("writes belong inside `with transaction():`")


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:
    if type(connection).__module__.startswith("sqlite3"):
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", f"busy_timeout={_PATIENCE_SECONDS * 1000}", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}").close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        unit = _writing.get()
        if unit is not None:
            unit.begin(turns_of(connection.engine))
        connection.exec_driver_sql("BEGIN" if unit is None else "BEGIN IMMEDIATE")
