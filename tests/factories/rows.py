"""The smallest valid row of any table, by the table's own description: what it references is made first.

`ODD` holds what a column's type cannot tell. The rows are written as plain statements, so that the database alone judges them.
"""

from __future__ import annotations

import enum
import itertools
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    Time,
    insert,
)
from sqlalchemy.engine import Connection

from eduprog import wiring as _wiring  # noqa: F401 - it imports every table
from eduprog.core.db import Base

NOW = datetime(2026, 9, 8, 9, 30, tzinfo=UTC)
DAY = date(2026, 9, 8)
_numbers = itertools.count(1)


def _a_fresh_day() -> date:
    return date(1990, 1, 1) + timedelta(days=next(_numbers))


ODD: dict[str, dict[str, Any]] = {
    "academic_year": {"starts_on": _a_fresh_day, "ends_on": date(2099, 7, 20), "week_cycle": 1},
    "meeting_slot": {"weekday": 1, "minutes": 60},
    "school_settings": {"quiet_from": time(19, 0), "quiet_until": time(7, 0), "digest_weekday": 3, "weekly_follow_up_cap": 4},
    "invitation": {"expires_at": datetime(2026, 9, 15, tzinfo=UTC)},
    "sign_in_session": {"expires_at": datetime(2026, 9, 8, 21, 30, tzinfo=UTC)},
    "planned_lesson": {"planned_on": DAY},
    "parent_carer": {"address_encrypted": "a token"},
    "follow_up": {"due_on": DAY},
    "whole_school_act": {"due_on": DAY, "evidence": ""},
    "lesson_wording": {"number": lambda: next(_numbers)},
    "own_draft": {"number": lambda: next(_numbers)},
    "contact_import": {"entries_encrypted": "a token"},
    "closed_sign_off": {"closes_on": date(2026, 9, 20)},
}
NEEDED = {
    "consent_record": ("teaching_group_id",),
    "calendar_feed": ("teaching_group_id",),
}  # may be empty, not in the smallest row


def table_of(name: str) -> Table:
    """Give a table by its name."""
    return Base.metadata.tables[name]


def valid_values(connection: Connection, table: Table, **given: Any) -> dict[str, Any]:
    """Give the values of a valid row, after making the rows it must reference; `given` wins."""
    odd = {name: value() if callable(value) else value for name, value in ODD.get(table.name, {}).items()}
    values = {**{column.name: some_value(column) for column in table.columns if _needs_one(column)}, **odd, **given}
    if needs_school(table) and "school_id" not in given:
        values["school_id"] = add(connection, table_of("school"))
    for reference in sorted(references(table), key=lambda fk: len(fk.elements)):
        for column, parent in local_parents(reference):
            needed = not column.nullable or column.name in NEEDED.get(table.name, ())
            if needed and column.name not in values:
                values[column.name] = add_parent(connection, parent, values)
    return values


def add(connection: Connection, table: Table, **given: Any) -> Any:
    """Write a valid row; give its primary key."""
    values = valid_values(connection, table, **given)
    return connection.execute(insert(table).values(values)).inserted_primary_key[0]  # type: ignore[index]


def add_parent(connection: Connection, parent: Table, values: dict[str, Any]) -> Any:
    """Write the row that `values` will reference: of the same school, if it belongs to one."""
    return add(connection, parent, **({"school_id": values["school_id"]} if needs_school(parent) else {}))


def needs_school(table: Table) -> bool:
    """Say whether rows of a table belong to one school."""
    return "school_id" in table.c and not table.c.school_id.nullable


def references(table: Table) -> list[ForeignKeyConstraint]:
    """Give the foreign keys of a table."""
    return [item for item in table.constraints if isinstance(item, ForeignKeyConstraint)]


def local_parents(reference: ForeignKeyConstraint) -> list[tuple[Column[Any], Table]]:
    """Give each referencing column with the table it points to."""
    return [(element.parent, element.column.table) for element in reference.elements]  # type: ignore[misc]


def _needs_one(column: Column[Any]) -> bool:
    return not column.nullable and not column.primary_key and not column.foreign_keys


def some_value(column: Column[Any]) -> Any:
    """Give a value a column may hold, a fresh one where it is text."""
    kind = column.type
    if isinstance(kind, Enum):
        assert kind.enum_class is not None
        members: list[enum.Enum] = list(kind.enum_class)
        return members[0]
    if isinstance(kind, (String, Text)):
        return f"{column.name}-{next(_numbers)}"[-(kind.length or 200) :]
    for known, value in ((Boolean, False), (Integer, 5), (Time, time(9, 30)), (Date, DAY), (LargeBinary, b"%PDF-")):
        if isinstance(kind, known):
            return value
    if isinstance(getattr(kind, "impl", kind), DateTime):
        return NOW
    return {}
