"""Every table as data protection sees it: which rows hang on which, and where words or people stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Enum,
    ForeignKeyConstraint,
    String,
    Table,
    Text,
    and_,
    false,
    not_,
    or_,
    select,
)

from eduprog.core.db import Base
from eduprog.core.tenancy import current_school_id

# A proof of consent outlives the class it was given for.
STAYS = {("consent_record", "teaching_group_id")}


@cache
def tables() -> tuple[Table, ...]:
    """Give every table, those that are referenced first."""
    return tuple(Base.metadata.sorted_tables)


def table(name: str) -> Table:
    """Give a table by its name."""
    return Base.metadata.tables[name]


def hanging_on(root: str, which: ColumnElement[bool]) -> list[tuple[Table, ColumnElement[bool]]]:
    """Give every table with rows that hang on the chosen rows of `root`, and which they are; the outermost first, the root last.

    A row hangs on another if it references it, over as many tables as it takes, except where `STAYS` says that it stays.
    All of them are the current school's.
    """
    found: dict[str, tuple[Table, ColumnElement[bool]]] = {root: (table(root), which)}
    for one in tables():
        conditions = [
            points_to(_local(fk), *found[fk.referred_table.name]) for fk in _outward(one) if fk.referred_table.name in found
        ]
        if conditions and one.name != root:
            found[one.name] = (one, and_(one.c.school_id == current_school_id(), or_(*conditions)))
    return list(reversed(found.values()))


def staying_with(gone: Table, which: ColumnElement[bool]) -> Iterator[tuple[Table, Column[Any], ColumnElement[bool]]]:
    """Give the columns that point to rows that go, in rows that stay: they are to be emptied first."""
    for one in tables():
        for fk in one.foreign_key_constraints:
            local = _local(fk)
            if fk.referred_table is gone and ((one.name, local.name) in STAYS or fk.referred_table is one):
                goes = which if one is gone else false()
                yield one, local, and_(one.c.school_id == current_school_id(), points_to(local, gone, which), not_(goes))


def points_to(column: Column[Any], parent: Table, which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say that a column names one of the chosen rows."""
    return column.in_(select(parent.c.id).where(parent.c.school_id == current_school_id(), which))


def _outward(one: Table) -> list[ForeignKeyConstraint]:
    references = [fk for fk in one.foreign_key_constraints if fk.referred_table is not one and "school_id" in one.c]
    return [fk for fk in references if (one.name, _local(fk).name) not in STAYS]


def person_columns(of: Table) -> list[Column[Any]]:
    """Give the columns of a table that name a member of staff."""
    return [_local(fk) for fk in of.foreign_key_constraints if fk.referred_table.name == "person"]


def wordy_columns() -> Iterator[tuple[Table, Column[Any]]]:
    """Give every column that can hold words, structured ones included."""
    for one in tables():
        for column in one.columns:
            if isinstance(column.type, (String, Text, JSON)) and not isinstance(column.type, Enum):
                yield one, column


def _local(reference: ForeignKeyConstraint) -> Column[Any]:
    """Give the column that names the other row, beside the school."""
    columns: Sequence[Column[Any]] = list(reference.columns)
    return next((column for column in columns if column.name != "school_id"), columns[0])
