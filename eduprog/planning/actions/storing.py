"""Write many planned lessons at once, in the way the database takes them fastest.

A year of a large school is some thousand rows; built one by one as objects they would take longer than planning them. The
values that differ from row to row go to the driver as they are, what all rows share stands once in the statement: whole columns
on PostgreSQL (row-level security knows no COPY), many rows a statement on SQLite, which looks through the lists of its checks
once for each statement. Nothing that filters or stamps rows is passed on the way, so every row names its school itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.engine import Connection, CursorResult

from eduprog.core.db import session
from eduprog.core.tenancy import current_school_id
from eduprog.planning.models import PlannedLesson, PlanningRun
from eduprog.planning.rules import Meeting, Place, PlanState

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


def store_places(places: Iterable[tuple[int, Sequence[Place]]], *, run_id: int, now: datetime) -> None:
    """Add the lessons of each class's places to the current school, with a meeting or without, in the open transaction."""
    work = session()
    work.flush()
    connection = work.connection()
    store = _store_columns if connection.dialect.name == "postgresql" else _store_rows
    planned, unplaced = _columns(places)
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


def _columns(places: Iterable[tuple[int, Sequence[Place]]]) -> tuple[_Columns, _Columns]:
    """Give the columns of the lessons with a meeting, and of those without."""
    planned: _Columns = [[] for _ in _WITH_MEETING]
    unplaced: _Columns = [[] for _ in _WITHOUT]
    texts: dict[int, tuple[str, str, str]] = {}
    for group_id, of_class in places:
        met = [place for place in of_class if place[2] is not None]
        if len(met) < len(of_class):
            _add_unplaced(unplaced, group_id, [place for place in of_class if place[2] is None])
        _add_planned(planned, group_id, met, texts)
    return planned, unplaced


def _add_planned(columns: _Columns, group_id: int, places: Sequence[Place], texts: dict[int, tuple[str, str, str]]) -> None:
    """Add the places of one class, all of which have a meeting; column by column takes half the time of row by row."""
    groups, modules, numbers, parts, blocks, days, times, minutes = columns
    lessons = [place[0] for place in places]
    held = [texts.get(id(place[2])) or texts.setdefault(id(place[2]), _texts_of(place[2])) for place in places]
    groups += [group_id] * len(places)
    modules += [lesson.module_id for lesson in lessons]
    numbers += [lesson.lesson_number for lesson in lessons]
    parts += [place[1] for place in places]
    blocks += [text[0] for text in held]
    days += [text[1] for text in held]
    times += [text[2] for text in held]
    minutes += [place.minutes for place in places]


def _add_unplaced(columns: _Columns, group_id: int, places: Sequence[Place]) -> None:
    for wanted, part, _meeting, why, _late in places:
        assert why is not None
        row = (group_id, wanted.module_id, wanted.lesson_number, part, wanted.block.value, why.value)
        for column, value in zip(columns, row, strict=True):
            column.append(value)


def _texts_of(meeting: Meeting | None) -> tuple[str, str, str]:
    """Give half-term, day and time as both databases read them; worked out once for all classes that meet then."""
    assert meeting is not None
    return meeting.block.value, meeting.day.isoformat(), meeting.starts_at.isoformat("microseconds")
