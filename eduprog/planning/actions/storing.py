"""Write many planned lessons at once, in the way the database takes them fastest.

A year of a large school is some thousand rows; built one by one as objects they would take longer than planning them. The
rows go to the driver as they are: one statement of whole columns on PostgreSQL (row-level security knows no COPY), statements
of many rows on SQLite, which looks through the lists of its checks once for each statement. Nothing that filters or stamps
rows is passed on the way, so every row names its school itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from itertools import chain
from typing import Any

from eduprog.core.db import session
from eduprog.core.tenancy import current_school_id
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import Place, PlanState

_COLUMNS = (
    "school_id", "teaching_group_id", "module_id", "lesson_number", "part", "block", "planned_on", "starts_at", "minutes",
    "state", "why_unplaced", "planned_at", "planning_run_id", "moved_by_hand", "recorded", "version",
)  # fmt: skip
_NAMES = ", ".join(_COLUMNS)
_TABLE = PlannedLesson.__tablename__
_PLANNED, _UNPLACED = PlanState.PLANNED.value, PlanState.UNPLACED.value
_ROWS_AT_ONCE = 500
_ROW = f"({', '.join('?' * len(_COLUMNS))})"
_TYPES = (
    "int", "int", "text", "int", "int", "text", "date", "time", "int", "text", "text", "timestamptz", "int", "bool", "bool",
    "int",
)  # fmt: skip
_ARRAYS = ", ".join(f"%s::{kind}[]" for kind in _TYPES)
_INSERT_COLUMNS = f"INSERT INTO {_TABLE} ({_NAMES}) SELECT * FROM unnest({_ARRAYS})"  # noqa: S608 - our own names
_INSERT = f"INSERT INTO {_TABLE} ({_NAMES}) VALUES "  # noqa: S608 - our own names


def store_places(places: Sequence[tuple[int, Place]], *, run_id: int, now: datetime) -> None:
    """Add the lesson of each class's place to the current school, whether it has a meeting or not, in the open transaction."""
    if not places:
        return
    work = session()
    work.flush()
    connection = work.connection()
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        driver.execute(_INSERT_COLUMNS, [list(column) for column in zip(*_rows(places, run_id, now), strict=True)])
        return
    rows = _rows(places, run_id, _Texts.of_moment(now), _Texts())
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[start : start + _ROWS_AT_ONCE]
        connection.exec_driver_sql(_INSERT + ", ".join([_ROW] * len(some)), tuple(chain.from_iterable(some)))


class _Texts(dict[date | time, str]):
    """Days and times as SQLite keeps them: as text, as its dialect would write them; each worked out once."""

    def __missing__(self, one: date | time) -> str:
        self[one] = text = one.strftime("%H:%M:%S.%f") if isinstance(one, time) else one.isoformat()
        return text

    @staticmethod
    def of_moment(moment: datetime) -> str:
        return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _rows(
    places: Sequence[tuple[int, Place]], run_id: int, planned_at: datetime | str, texts: _Texts | None = None
) -> list[tuple[Any, ...]]:
    """Give the values of each row in the order of the columns; days and times as texts where those are given."""
    school_id = current_school_id()
    rows: list[tuple[Any, ...]] = []
    for group_id, place in places:
        wanted, part, meeting, why, _ = place
        if meeting is None:
            rows.append((
                school_id, group_id, wanted.module_id, wanted.lesson_number, part, wanted.block.value, None, None, None,
                _UNPLACED, why.value if why else None, planned_at, run_id, False, False, 1,
            ))  # fmt: skip
            continue
        day, block, starts_at = meeting[:3]
        rows.append((
            school_id, group_id, wanted.module_id, wanted.lesson_number, part, block.value,
            texts[day] if texts is not None else day, texts[starts_at] if texts is not None else starts_at, place.minutes,
            _PLANNED, None, planned_at, run_id, False, False, 1,
        ))  # fmt: skip
    return rows
