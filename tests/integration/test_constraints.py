"""Every CHECK and unique constraint of every table bites on both engines. The cases are found in the tables themselves.

For a CHECK, values for the columns it speaks of are tried, one and two and three at a time, until the database refuses by that
very name: a constraint that nothing breaks is no constraint. For a unique one, a second row is given the same values.
"""

from __future__ import annotations

import enum
import itertools
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Boolean, CheckConstraint, Column, Enum, Index, String, Table, UniqueConstraint, insert, literal
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from eduprog.core.db import Base, db
from tests.factories import rows

TABLES = Base.metadata.sorted_tables
NONSENSE = "no such value"
FAR_ID = 10**6  # no row has it yet: tried for an id and for a reference to its own table, it makes a row point to itself


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_each_check_refuses_what_breaks_it(app: Flask, table: Table) -> None:
    with db.engine.connect() as connection, connection.begin() as unit:
        valid = rows.valid_values(connection, table)
        unbroken = [f"{item.name}: {item.sqltext}" for item in _checks(table) if not _breaks(connection, table, item, valid)]
        unit.rollback()
    assert unbroken == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_second_row_with_what_must_be_unique_is_refused(app: Flask, table: Table) -> None:
    with db.engine.connect() as connection, connection.begin() as unit:
        for unique in _uniques(table):
            told = _said_of_a_double(connection, table, [column.name for column in unique.columns], _asked_by(table, unique))
            own_name = connection.dialect.identifier_preparer.format_index(unique)  # PostgreSQL shortens a long one
            columns = ", ".join(f"{table.name}.{column.name}" for column in unique.columns)
            assert own_name in told or told == f"UNIQUE constraint failed: {columns}"
        unit.rollback()


def test_every_constraint_has_a_name_of_its_own() -> None:
    names = [item.name for table in TABLES for item in (*_checks(table), *_uniques(table))]
    assert len(names) > 100
    assert None not in names
    assert len(names) == len(set(names))


def _nullable_pairs() -> Iterator[tuple[Table, Column[Any], Column[Any]]]:
    for table in TABLES:
        for who in table.columns:
            for suffix in ("_at", "_on"):
                when = table.columns.get(f"{who.name.removesuffix('_by')}{suffix}") if who.name.endswith("_by") else None
                if when is not None and when.nullable:
                    yield table, when, who


def test_there_are_pairs_of_who_and_when() -> None:
    assert len(list(_nullable_pairs())) >= 4


@pytest.mark.parametrize(
    ("table", "when", "who"), [pytest.param(*case, id=f"{case[0].name}.{case[2].name}") for case in _nullable_pairs()]
)
def test_who_and_when_are_there_together_or_nobody_is_named_without_a_time(
    table: Table, when: Column[Any], who: Column[Any]
) -> None:
    checks = [str(item.sqltext) for item in _checks(table)]
    wanted = {f"({when.name} IS NULL) = ({who.name} IS NULL)", f"({who.name} IS NULL) = ({when.name} IS NULL)"}
    wanted.add(f"{who.name} IS NULL OR {when.name} IS NOT NULL")  # where somebody without an account may act too
    assert wanted & set(checks), f"{table.name} needs CheckConstraint('({when.name} IS NULL) = ({who.name} IS NULL)')"


def _checks(table: Table) -> list[CheckConstraint]:
    return [item for item in table.constraints if isinstance(item, CheckConstraint)]


def _uniques(table: Table) -> list[UniqueConstraint | Index]:
    found: list[UniqueConstraint | Index] = [item for item in table.constraints if isinstance(item, UniqueConstraint)]
    found += [index for index in table.indexes if index.unique]
    # The pair a foreign key points to: `id` alone is unique already, so no row could show it.
    return [item for item in found if [column.name for column in item.columns] != ["school_id", "id"]]


def _breaks(connection: Connection, table: Table, check: CheckConstraint, valid: dict[str, Any]) -> bool:
    columns = _columns_of(table, check)
    changes = itertools.chain(*(_changes(connection, some, valid) for some in (columns, _entangled(table, columns))))
    return any(_refused_by(connection, table, {**valid, **change}) == check.name for change in changes)


def _asked_by(table: Table, unique: UniqueConstraint | Index) -> dict[str, Any]:
    """Give the values of a column that an index asks for, such as `state = 'approved'`."""
    asked = re.findall(r"(\w+) = '(\w+)'", str(unique.dialect_options["sqlite"].get("where", "")))
    return {name: table.c[name].type.enum_class(value) for name, value in asked if isinstance(table.c[name].type, Enum)}


def _said_of_a_double(connection: Connection, table: Table, names: list[str], asked: dict[str, Any]) -> str:
    trial = connection.begin_nested()
    first = rows.valid_values(connection, table) | asked
    first |= {name: _filled(connection, table.c[name], first) for name in names if first.get(name) is None}
    second = rows.valid_values(connection, table, **({"school_id": first["school_id"]} if rows.needs_school(table) else {}))
    second |= asked
    connection.execute(insert(table).values(first))
    with pytest.raises(IntegrityError) as refused, connection.begin_nested():
        connection.execute(insert(table).values({**second, **{name: first[name] for name in names}}))
    trial.rollback()
    return _said(refused.value)


def _columns_of(table: Table, check: CheckConstraint) -> list[Column[Any]]:
    words = set(re.findall(r"\w+", str(check.sqltext)))
    return [column for column in table.columns if column.name in words]


def _entangled(table: Table, columns: list[Column[Any]]) -> list[Column[Any]]:
    """Add the columns that other checks tie to these, so that those can be kept while one is broken."""
    found = set(columns)
    groups = [set(_columns_of(table, item)) for item in _checks(table)]
    while joined := [group for group in groups if group & found and not group <= found]:
        found = found.union(*joined)
    return sorted(found, key=lambda column: (column not in columns, column.name))


def _changes(connection: Connection, columns: list[Column[Any]], valid: dict[str, Any]) -> Iterator[dict[str, Any]]:
    options = {column.name: _options(connection, column, valid) for column in columns}
    for size in (1, 2, 3):
        for names in itertools.combinations(options, size):
            for values in itertools.product(*(options[name] for name in names)):
                yield dict(zip(names, values, strict=True))


def _options(connection: Connection, column: Column[Any], valid: dict[str, Any]) -> list[Any]:
    """Give values of all sorts for a column: none, small and large, early and late, each member, and nonsense."""
    found: list[Any] = [None] if column.nullable else []
    if not column.foreign_keys:
        return [*found, *_extremes(column)]
    return [*found, _filled(connection, column, valid), *_same_rows(column, valid)]


def _same_rows(column: Column[Any], valid: dict[str, Any]) -> list[Any]:
    """Give the rows a reference might share: those the other columns point to, and, where it points to its own table, itself."""
    targets = {reference.column for reference in column.foreign_keys}
    others = [other for other in column.table.columns if other is not column and valid.get(other.name) is not None]
    found = [valid[other.name] for other in others if targets & {reference.column for reference in other.foreign_keys}]
    return [*found, FAR_ID] if targets & set(column.table.primary_key) else found


def _extremes(column: Column[Any]) -> list[Any]:
    kind = column.type
    if isinstance(kind, Enum):
        assert kind.enum_class is not None
        members: list[enum.Enum] = list(kind.enum_class)
        return [literal(NONSENSE, String()), *members]
    if isinstance(kind, Boolean):
        return [True, False]
    if isinstance(kind, String):
        return ["UPPER@example.school", ""]
    value = rows.some_value(column)
    if isinstance(value, datetime):
        return [value - timedelta(days=900), value + timedelta(days=900), value]
    if isinstance(value, date):
        return [date(1970, 1, 1), date(2199, 1, 1), value]
    if isinstance(value, time):
        return [time(0, 0), time(23, 59)]
    return [-1, 0, 1, 2, FAR_ID]


def _filled(connection: Connection, column: Column[Any], valid: dict[str, Any]) -> Any:
    for reference in column.foreign_keys:
        return rows.add_parent(connection, reference.column.table, valid)
    return rows.some_value(column)


def _refused_by(connection: Connection, table: Table, values: dict[str, Any]) -> str | None:
    trial = connection.begin_nested()
    try:
        connection.execute(insert(table).values(values))
    except IntegrityError as problem:
        found = re.search(r'(?:CHECK constraint failed: |check constraint ")(\w+)', _said(problem))
        return found and found[1]
    finally:
        trial.rollback()
    return None


def _said(problem: IntegrityError) -> str:
    return str(problem.orig)
