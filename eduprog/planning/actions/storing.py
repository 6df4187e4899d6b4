"""Write many planned lessons at once, in the way the database takes them fastest.

A year of a large school is some thousand rows; built one by one as objects they would take longer than planning them. The
values that differ from row to row go to the driver as they are, what all rows share stands once in the statement: whole columns
on PostgreSQL (row-level security knows no COPY), many rows a statement on SQLite, which looks through the lists of its checks
once for each statement. Nothing that filters or stamps rows is passed on the way, so every row names its school itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from itertools import chain
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.engine import Connection, CursorResult

from eduprog.core import row_security
from eduprog.core.db import session
from eduprog.core.tenancy import current_school_id
from eduprog.planning.models import PlannedLesson, PlanningRun
from eduprog.planning.rules import Place, Placed, PlanState

_TABLE = PlannedLesson.__tablename__
_NEW_RUN = insert(cast(Table, PlanningRun.__table__))
_PLANNED, _UNPLACED = PlanState.PLANNED.value, PlanState.UNPLACED.value
_SHARED = ("school_id", "state", "planned_at", "planning_run_id", "moved_by_hand", "recorded", "version")
_LESSON = {"teaching_group_id": "int", "module_id": "text", "lesson_number": "int", "part": "int", "block": "text"}
_WITH_MEETING = _LESSON | {"planned_on": "date", "starts_at": "time", "minutes": "int"}
_WITHOUT = _LESSON | {"why_unplaced": "text"}
_ROWS_AT_ONCE = 2000
"""Eight values each, half of what one statement of SQLite may hold."""
_Columns = list[list[Any]]
"""Values column by column, in the order of the columns' names."""


def new_run(**values: Any) -> int:
    """Add a planning run with these values to the current school, in the open transaction; give its id."""
    added = cast(CursorResult[Any], session().execute(_NEW_RUN, {"school_id": current_school_id(), **values}))
    assert added.inserted_primary_key is not None
    return int(added.inserted_primary_key[0])


def store_places(added: Iterable[tuple[int, Placed]], *, run_id: int, now: datetime) -> None:
    """Add the lessons of each class's places to the current school, with a meeting or without, in the open transaction."""
    work = session()
    work.flush()
    connection = work.connection()
    store = _store_columns if connection.dialect.name == "postgresql" else _store_rows
    planned, unplaced = _columns(added)
    store(connection, _WITH_MEETING, planned, (current_school_id(), _PLANNED, now, run_id))
    store(connection, _WITHOUT, unplaced, (current_school_id(), _UNPLACED, now, run_id))


def _store_columns(
    connection: Connection, columns: Mapping[str, str], values: _Columns, shared: tuple[int, str, datetime, int]
) -> None:
    """Give PostgreSQL each column as one array, written out: no value of ours holds what an array would need quoted."""
    if not values[0]:
        return
    arrays = [_array(held) for held in values]
    kinds = ", ".join(f"%s::{kind}[]" for kind in columns.values())
    statement = (
        f"INSERT INTO {_TABLE} ({', '.join((*_SHARED, *columns))}) "  # noqa: S608 - our own names
        f"SELECT %s::int, %s::text, %s::timestamptz, %s::int, false, false, 1, one.* FROM unnest({kinds}) AS one"
    )
    row_security.tell(connection)
    driver: Any = connection.connection.driver_connection
    driver.execute(statement, [*shared, *arrays])


def _array(values: list[Any]) -> str:
    """Write a column of numbers or of words out; a list of numbers writes itself, which is quickest."""
    return "{" + (str(values)[1:-1] if isinstance(values[0], int) else ",".join(values)) + "}"


def _store_rows(
    connection: Connection, columns: Mapping[str, str], values: _Columns, shared: tuple[int, str, datetime, int]
) -> None:
    school_id, state, now, run_id = shared
    at = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    row = f"({', '.join('?' * len(columns))})"
    head = (
        f"INSERT INTO {_TABLE} ({', '.join((*_SHARED, *columns))}) "  # noqa: S608 - our own names
        "SELECT ?, ?, ?, ?, false, false, 1, one.* FROM (VALUES "
    )
    driver: Any = connection.connection.driver_connection
    rows = list(zip(*values, strict=True))
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[start : start + _ROWS_AT_ONCE]
        driver.execute(
            f"{head}{', '.join([row] * len(some))}) AS one", (school_id, state, at, run_id, *chain.from_iterable(some))
        )


class _Texts(dict[Any, str]):
    """Days or times as both databases read them, each written once."""

    def __init__(self, write: Callable[[Any], str]) -> None:
        super().__init__()
        self._write = write

    def __missing__(self, value: Any) -> str:
        self[value] = text = self._write(value)
        return text


def _columns(added: Iterable[tuple[int, Placed]]) -> tuple[_Columns, _Columns]:
    """Give the columns of the lessons with a meeting, and of those without; what classes alike share is worked out once."""
    planned: _Columns = [[] for _ in _WITH_MEETING]
    unplaced: _Columns = [[] for _ in _WITHOUT]
    days, times = _Texts(date.isoformat), _Texts(lambda at: time.isoformat(at, "microseconds"))
    shared: dict[int | None, _Columns] = {}
    groups, modules, numbers, parts, blocks, on, at, minutes = planned
    for group_id, (places, alike) in added:
        met = [place for place in places if place[2] is not None]
        if len(met) < len(places):
            _add_unplaced(unplaced, group_id, [place for place in places if place[2] is None])
        if alike is None or alike not in shared:
            shared[alike] = _columns_of_lessons(met)
        groups += [group_id] * len(met)
        for column, values in zip((modules, numbers, parts, blocks, minutes), shared[alike], strict=True):
            column += values
        meetings: Any = [place[2] for place in met]
        on += [days[meeting[0]] for meeting in meetings]
        at += [times[meeting[2]] for meeting in meetings]
    return planned, unplaced


def _columns_of_lessons(places: Sequence[Place]) -> _Columns:
    """Give module, lesson, part, half-term and minutes of places that all have a meeting; column by column is quickest."""
    lessons = [place[0] for place in places]
    meetings: Any = [place[2] for place in places]
    return [
        [lesson.module_id for lesson in lessons],
        [lesson.lesson_number for lesson in lessons],
        [place[1] for place in places],
        [meeting[1].value for meeting in meetings],
        [place.minutes for place in places],
    ]


def _add_unplaced(columns: _Columns, group_id: int, places: Sequence[Place]) -> None:
    for wanted, part, _meeting, why, _late in places:
        assert why is not None
        row = (group_id, wanted.module_id, wanted.lesson_number, part, wanted.block.value, why.value)
        for column, value in zip(columns, row, strict=True):
            column.append(value)
