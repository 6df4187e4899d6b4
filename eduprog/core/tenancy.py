"""Which school a unit of work is about: every read is filtered to it, every insert stamped, another school's row refused.

No current school and no explicit `across_schools("reason")` is an error, never "all schools".
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, UniqueConstraint, event
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column, with_loader_criteria
from sqlalchemy.schema import SchemaItem

from eduprog.core.db import is_writing, session


class NoCurrentSchool(RuntimeError):
    """A school's rows were asked for without saying which school."""


class OtherSchool(RuntimeError):
    """A row of another school was about to be written."""


@dataclass(frozen=True)
class _Scope:
    school_id: int | None
    reason: str = ""


_scope: ContextVar[_Scope | None] = ContextVar("school", default=None)


class SchoolOwned:
    """A row that belongs to one school. Mix in, and build `__table_args__` with `owned()`."""

    school_id: Mapped[int] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"), index=True)


def owned(*items: SchemaItem) -> tuple[SchemaItem, ...]:
    """Give the table arguments of a school-owned table: others may reference it only together with its school."""
    return (UniqueConstraint("school_id", "id"), *items)


def owned_fk(column: str, table: str, ondelete: str | None = None) -> ForeignKeyConstraint:
    """Reference another row of the same school; the database refuses one of another."""
    return ForeignKeyConstraint(["school_id", column], [f"{table}.school_id", f"{table}.id"], ondelete=ondelete)


@contextmanager
def school_scope(school_id: int) -> Iterator[None]:
    """Make this the school of everything inside; what was written inside is flushed before it ends."""
    token = _scope.set(_Scope(school_id))
    try:
        yield
        if is_writing():
            session().flush()
    finally:
        _scope.reset(token)


@contextmanager
def across_schools(reason: str) -> Iterator[None]:
    """Read over all schools inside, for a stated reason; inserts must name their school."""
    if not reason:
        raise ValueError("say why all schools are looked at")
    token = _scope.set(_Scope(None, reason))
    try:
        yield
    finally:
        _scope.reset(token)


def current_school_id() -> int:
    """Give the id of the current school. Raises NoCurrentSchool outside one."""
    scope = _scope.get()
    if scope is None or scope.school_id is None:
        raise NoCurrentSchool("no school is current here")
    return scope.school_id


def has_current_school() -> bool:
    """Say whether a school is current."""
    scope = _scope.get()
    return scope is not None and scope.school_id is not None


@event.listens_for(Session, "do_orm_execute")
def _filter_reads(state: ORMExecuteState) -> None:
    if state.is_insert:
        return  # inserts are stamped at flush, or name their school in the statement
    by_class = any(issubclass(mapper.class_, SchoolOwned) for mapper in state.all_mappers)
    if not by_class and not (state.is_select and _mentions_owned(state.statement)):
        return
    scope = _scope.get()
    if scope is None:
        raise NoCurrentSchool(f"reading {[m.class_.__name__ for m in state.all_mappers]} needs a school")
    if scope.school_id is None:
        return
    school_id = scope.school_id
    state.statement = state.statement.options(
        with_loader_criteria(SchoolOwned, lambda cls: cls.school_id == school_id, include_aliases=True)
    )


def _mentions_owned(statement: Any) -> bool:
    froms: list[Any] = getattr(statement, "get_final_froms", lambda: [])()
    return any(_is_owned_table(element) for found in froms for element in _leaves(found))


def _leaves(element: Any) -> Iterator[Any]:
    if hasattr(element, "left") and hasattr(element, "right"):
        yield from _leaves(element.left)
        yield from _leaves(element.right)
    else:
        yield getattr(element, "element", element)


def _is_owned_table(element: Any) -> bool:
    return "school_id" in getattr(element, "c", {})


@event.listens_for(Session, "before_flush")
def _stamp_and_refuse(work: Session, _context: object, _instances: object) -> None:
    touched = [row for row in (*work.new, *work.dirty, *work.deleted) if isinstance(row, SchoolOwned)]
    if not touched:
        return
    scope = _scope.get()
    if scope is None:
        raise NoCurrentSchool(f"writing {type(touched[0]).__name__} needs a school")
    for row in touched:
        if row.school_id is None:
            if scope.school_id is None:
                raise NoCurrentSchool(f"{type(row).__name__} must name its school across schools")
            row.school_id = scope.school_id
        if scope.school_id is not None and row.school_id != scope.school_id:
            raise OtherSchool(f"{type(row).__name__} belongs to another school")
