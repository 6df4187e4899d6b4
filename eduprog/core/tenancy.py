"""Which school a unit of work is about: every read is filtered to it, every insert stamped, another school's row refused.

No current school and no explicit `across_schools("reason")` is an error, never "all schools". A statement that names bare
tables instead of models cannot be filtered for its author, so it must say `school_id` itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import ClauseElement, Column, ForeignKeyConstraint, Table, UniqueConstraint, event
from sqlalchemy.orm import LoaderCriteriaOption, Mapper, ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.schema import SchemaItem
from sqlalchemy.sql import visitors
from sqlalchemy.util import LRUCache

from eduprog.core import row_security  # noqa: F401 - tells the database itself, beside the filter below
from eduprog.core.db import Base, is_writing, session
from eduprog.core.scope import NoCurrentSchool, OtherSchool, SchoolOwned, Scope, current

__all__ = [
    "NoCurrentSchool", "OtherSchool", "SchoolOwned", "across_schools", "current_school_id", "has_current_school", "owned",
    "owned_fk", "school_scope",
]  # fmt: skip


def owned(*items: SchemaItem) -> tuple[SchemaItem, ...]:
    """Give the table arguments of a school-owned table: others may reference it only together with its school."""
    return (UniqueConstraint("school_id", "id"), *items)


def owned_fk(column: str, table: str, ondelete: str | None = None) -> ForeignKeyConstraint:
    """Reference another row of the same school; the database refuses one of another."""
    return ForeignKeyConstraint(["school_id", column], [f"{table}.school_id", f"{table}.id"], ondelete=ondelete)


@contextmanager
def school_scope(school_id: int) -> Iterator[None]:
    """Make this the school of everything inside; what was written inside is flushed before it ends."""
    with _scope(Scope(school_id)):
        yield


@contextmanager
def across_schools(reason: str) -> Iterator[None]:
    """Read over all schools inside, for a stated reason; inserts must name their school."""
    if not reason:
        raise ValueError("say why all schools are looked at")
    with _scope(Scope(None, reason)):
        yield


@contextmanager
def _scope(scope: Scope) -> Iterator[None]:
    _flush()  # what waits was meant for the school that was current until now
    token = current.set(scope)
    try:
        yield
        _flush()
    finally:
        current.reset(token)


def _flush() -> None:
    if is_writing():
        session().flush()


def current_school_id() -> int:
    """Give the id of the current school. Raises NoCurrentSchool outside one."""
    scope = current.get()
    if scope is None or scope.school_id is None:
        raise NoCurrentSchool("no school is current here")
    return scope.school_id


def has_current_school() -> bool:
    """Say whether a school is current."""
    scope = current.get()
    return scope is not None and scope.school_id is not None


@event.listens_for(Session, "do_orm_execute")
def _filter_reads(state: ORMExecuteState) -> None:
    scope = current.get()
    if state.is_insert:
        _stamp_rows(state, scope)
        return
    if scope is not None and scope.school_id is None:
        return
    tables = _owned_tables_of(state)
    if not tables:
        return
    if scope is None:
        raise NoCurrentSchool(f"reading {', '.join(sorted(tables))} needs a school")
    if state.is_orm_statement:  # one on bare tables names its school itself, or was refused above
        state.statement = state.statement.options(_rows_of(scope.school_id))


@lru_cache(maxsize=1000)
def _rows_of(school_id: int | None) -> LoaderCriteriaOption:
    """Give the filter of one school, made once for it: making it costs more than many a statement."""
    return with_loader_criteria(SchoolOwned, lambda cls: cls.school_id == school_id, include_aliases=True)


def _owned_tables_of(state: ORMExecuteState) -> frozenset[str]:
    """Find them once for each shape of statement: the same shape names the same tables, whatever values it is given.

    A statement on bare tables that stands ready is known by itself: writing out its shape takes longer than many take to run.
    """
    ready = None if state.is_orm_statement else cast(ClauseElement, state.statement)
    if ready is not None and ready in _of_ready:
        return _of_ready[ready]
    tables = _tables_of_shape(state)
    if ready is not None:
        _of_ready[ready] = tables
    return tables


def _tables_of_shape(state: ORMExecuteState) -> frozenset[str]:
    shape = cast(ClauseElement, state.statement)._generate_cache_key()
    if shape is None:
        return _owned_tables_in(state)
    key = (shape.key, state.is_column_load or state.is_relationship_load)
    tables = _found.get(key)
    if tables is None:
        tables = _found[key] = _owned_tables_in(state)
    return tables


_found: LRUCache[object, frozenset[str]] = LRUCache(1000)
_of_ready: WeakKeyDictionary[ClauseElement, frozenset[str]] = WeakKeyDictionary()


def _owned_tables_in(state: ORMExecuteState) -> frozenset[str]:
    """Find the school-owned tables a statement reads or changes, subqueries included. Refuses bare ones without school."""
    owned_names = _owned_names()
    found: set[str] = set()
    bare: set[str] = set()
    named: set[str] = set()
    for element in visitors.iterate(cast(ClauseElement, state.statement)):
        if isinstance(element, Table):
            found.add(element.name)
        elif isinstance(element, Column) and "parententity" not in element._annotations:
            table = _table_of(element)
            (named if element.name == "school_id" else bare).add(table)
    if not state.is_orm_statement:
        bare |= found
    filtered = {str(mapper.class_.__tablename__) for mapper in state.all_mappers}  # their columns may stand bare in loaders
    unnamed = (bare & owned_names) - named - filtered
    if unnamed and not state.is_column_load and not state.is_relationship_load:
        raise NoCurrentSchool(f"a statement on the bare table {', '.join(sorted(unnamed))} must name its school_id")
    return frozenset((found | bare) & owned_names)


def _table_of(column: Column[Any]) -> str:
    table: Any = column.table
    while hasattr(table, "element"):
        table = table.element
    return str(getattr(table, "name", ""))


@cache
def _owned_names() -> frozenset[str]:
    tables = {str(m.class_.__tablename__): issubclass(m.class_, SchoolOwned) for m in Base.registry.mappers}
    return frozenset(name for name, belongs in tables.items() if belongs)


@event.listens_for(Mapper, "after_mapper_constructed")
def _forget_tables(_mapper: Mapper[Any], _class: type) -> None:
    """Look again at every shape of statement once there is another table."""
    _owned_names.cache_clear()
    _found.clear()
    _of_ready.clear()


def _stamp_rows(state: ORMExecuteState, scope: Scope | None) -> None:
    """Stamp or refuse the rows of `execute(insert(Model), rows)`; with `.values()` the author names the school."""
    mapper = state.bind_mapper
    if mapper is None or not issubclass(mapper.class_, SchoolOwned) or not state.parameters:
        return
    if scope is None:
        raise NoCurrentSchool(f"writing {mapper.class_.__name__} needs a school")
    if scope.school_id is None:
        return
    rows: Any = state.parameters if isinstance(state.parameters, list) else [state.parameters]
    for row in rows:
        if row.setdefault("school_id", scope.school_id) != scope.school_id:
            raise OtherSchool(f"{mapper.class_.__name__} belongs to another school")


@event.listens_for(Session, "before_flush")
def _stamp_and_refuse(work: Session, _context: object, _instances: object) -> None:
    touched = [row for row in (*work.new, *work.dirty, *work.deleted) if isinstance(row, SchoolOwned)]
    if not touched:
        return
    scope = current.get()
    if scope is None:
        raise NoCurrentSchool(f"writing {type(touched[0]).__name__} needs a school")
    for row in touched:
        if row.school_id is None:
            if scope.school_id is None:
                raise NoCurrentSchool(f"{type(row).__name__} must name its school across schools")
            row.school_id = scope.school_id
        if scope.school_id is not None and row.school_id != scope.school_id:
            raise OtherSchool(f"{type(row).__name__} belongs to another school")
