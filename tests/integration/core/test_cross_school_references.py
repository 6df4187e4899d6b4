"""The database itself refuses a reference from one school's row to another's: each such foreign key, found in the tables."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import Column, ForeignKeyConstraint, Integer, Table, insert
from sqlalchemy.exc import IntegrityError

from eduprog.core.db import Base, db
from tests.factories import rows

OWNED = [table for table in Base.metadata.sorted_tables if rows.needs_school(table)]
BETWEEN = [
    pytest.param(table, reference, id=str(reference.name))
    for table in OWNED
    for reference in rows.references(table)
    if rows.needs_school(reference.referred_table)
]
# Ids that point at one of several kinds of row, told by the column beside them.
OF_MANY_KINDS = {"audit_entry.subject_id", "audit_entry.actor_id", "outbound_email.subject_id", "outbound_email.recipient_id"}


def test_there_are_such_references() -> None:
    assert len(BETWEEN) > 20


@pytest.mark.parametrize(("table", "reference"), BETWEEN)
def test_a_reference_between_school_owned_tables_names_the_school(table: Table, reference: ForeignKeyConstraint) -> None:
    pairs = {(element.parent.name, element.column.name) for element in reference.elements}
    assert ("school_id", "school_id") in pairs


@pytest.mark.parametrize("table", OWNED, ids=lambda table: table.name)
def test_a_reference_to_another_schools_row_is_refused(app: Flask, table: Table) -> None:
    for reference in rows.references(table):
        if rows.needs_school(reference.referred_table):
            _refuses_another_schools_row(table, reference)


def _refuses_another_schools_row(table: Table, reference: ForeignKeyConstraint) -> None:
    column = next(element.parent.name for element in reference.elements if element.parent.name != "school_id")
    with db.engine.connect() as connection, connection.begin() as unit:
        ours, theirs = (rows.add(connection, rows.table_of("school")) for _ in range(2))
        own, foreign = (rows.add_parent(connection, reference.referred_table, {"school_id": school}) for school in (ours, theirs))
        values = rows.valid_values(connection, table, school_id=ours, **{column: own})
        with connection.begin_nested() as trial:
            connection.execute(insert(table).values(values))
            trial.rollback()
        with pytest.raises(IntegrityError, match=r"(?i)foreign key"), connection.begin_nested():
            connection.execute(insert(table).values({**values, column: foreign}))
        unit.rollback()


def _points_somewhere(column: Column[object]) -> bool:
    return isinstance(column.type, Integer) and column.name.endswith(("_id", "_of", "_by"))


def test_every_column_that_holds_an_id_is_a_foreign_key() -> None:
    loose = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if _points_somewhere(column) and not column.foreign_keys
    }
    assert loose == OF_MANY_KINDS
