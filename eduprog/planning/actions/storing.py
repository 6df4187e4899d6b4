"""Write many planned lessons at once, in the way the database takes them fastest.

A year of a large school is some thousand rows; built one by one as objects they would take longer than planning them. The
values that differ from row to row go to the driver as they are, what all rows share stands once in the statement: whole columns
on PostgreSQL (row-level security knows no COPY), many rows a statement on SQLite, which looks through the lists of its checks
once for each statement. Nothing that filters or stamps rows is passed on the way, so every row names its school itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.engine import Connection

from eduprog.core.db import session
from eduprog.core.tenancy import current_school_id
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import Meeting, Place, PlanState

_TABLE = PlannedLesson.__tablename__
_PLANNED, _UNPLACED = PlanState.PLANNED.value, PlanState.UNPLACED.value
_SHARED = ("school_id", "state", "planned_at", "planning_run_id", "moved_by_hand", "recorded", "version")
_LESSON = {"teaching_group_id": "int", "module_id": "text", "lesson_number": "int", "part": "int", "block": "text"}
_WITH_MEETING = _LESSON | {"planned_on": "date", "starts_at": "time", "minutes": "int"}
_WITHOUT = _LESSON | {"why_unplaced": "text"}
_ROWS_AT_ONCE = 2000
"""Eight values each, half of what one statement of SQLite may hold."""


def store_places(places: Iterable[tuple[int, Sequence[Place]]], *, run_id: int, now: datetime) -> None:
    """Add the lessons of each class's places to the current school, with a meeting or without, in the open transaction."""
    planned, unplaced = _rows(places)
    if not planned and not unplaced:
        return
    work = session()
    work.flush()
    connection = work.connection()
    store = _store_columns if connection.dialect.name == "postgresql" else _store_rows
    store(connection, _WITH_MEETING, planned, (current_school_id(), _PLANNED, now, run_id))
    store(connection, _WITHOUT, unplaced, (current_school_id(), _UNPLACED, now, run_id))


def _store_columns(
    connection: Connection, columns: dict[str, str], values: Sequence[Any], shared: tuple[int, str, datetime, int]
) -> None:
    """Give PostgreSQL each column as one array, written out: no value of ours holds what an array would need quoted."""
    if not values:
        return
    arrays = ["{" + ",".join(map(str, values[number :: len(columns)])) + "}" for number in range(len(columns))]
    kinds = ", ".join(f"%s::{kind}[]" for kind in columns.values())
    statement = (
        f"INSERT INTO {_TABLE} ({', '.join((*_SHARED, *columns))}) "  # noqa: S608 - our own names
        f"SELECT %s::int, %s::text, %s::timestamptz, %s::int, false, false, 1, one.* FROM unnest({kinds}) AS one"
    )
    driver: Any = connection.connection.driver_connection
    driver.execute(statement, [*shared, *arrays])


def _store_rows(
    connection: Connection, columns: dict[str, str], values: Sequence[Any], shared: tuple[int, str, datetime, int]
) -> None:
    school_id, state, now, run_id = shared
    at = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    row = f"({', '.join('?' * len(columns))})"
    head = (
        f"INSERT INTO {_TABLE} ({', '.join((*_SHARED, *columns))}) "  # noqa: S608 - our own names
        "SELECT ?, ?, ?, ?, false, false, 1, one.* FROM (VALUES "
    )
    driver: Any = connection.connection.driver_connection
    for start in range(0, len(values), _ROWS_AT_ONCE * len(columns)):
        some = values[start : start + _ROWS_AT_ONCE * len(columns)]
        rows = ", ".join([row] * (len(some) // len(columns)))
        driver.execute(f"{head}{rows}) AS one", (school_id, state, at, run_id, *some))


def _rows(places: Iterable[tuple[int, Sequence[Place]]]) -> tuple[list[Any], list[Any]]:
    """Give the values of the rows with a meeting, and of those without: row after row, in the order of their columns."""
    planned: list[Any] = []
    unplaced: list[Any] = []
    texts: dict[int, tuple[str, str, str]] = {}
    for group_id, of_class in places:
        for place in of_class:
            wanted, part, meeting, why, _ = place
            if meeting is None:
                assert why is not None
                unplaced += (group_id, wanted.module_id, wanted.lesson_number, part, wanted.block.value, why.value)
                continue
            held = texts.get(id(meeting)) or texts.setdefault(id(meeting), _texts_of(meeting))
            planned += (group_id, wanted.module_id, wanted.lesson_number, part, *held, place.minutes)
    return planned, unplaced


def _texts_of(meeting: Meeting) -> tuple[str, str, str]:
    """Give half-term, day and time as both databases read them; worked out once for all classes that meet then."""
    return meeting.block.value, meeting.day.isoformat(), meeting.starts_at.isoformat("microseconds")
