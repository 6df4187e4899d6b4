"""Write many planned lessons at once, in the way the database takes them fastest.

A year of a large school is some thousand rows; built one by one as objects they would take longer than planning them. The
rows go to the driver as they are: COPY on PostgreSQL, one prepared INSERT on SQLite. Nothing that filters or stamps rows is
passed on the way, so every row names its school itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple

from eduprog.core.db import session
from eduprog.core.tenancy import current_school_id
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import Place, PlanState, WhyUnplaced
from eduprog.school.rules import HalfTermBlock

_COLUMNS = (
    "school_id", "teaching_group_id", "module_id", "lesson_number", "part", "block", "planned_on", "starts_at", "minutes",
    "state", "why_unplaced", "planned_at", "planning_run_id", "moved_by_hand", "recorded", "version",
)  # fmt: skip
_NAMES = ", ".join(_COLUMNS)
_TABLE = PlannedLesson.__tablename__
_PLANNED, _UNPLACED = PlanState.PLANNED.value, PlanState.UNPLACED.value


class LessonRow(NamedTuple):
    """A planned lesson to be added."""

    group_id: int
    module_id: str
    lesson_number: int
    part: int
    block: HalfTermBlock
    day: date | None
    starts_at: time | None
    minutes: int | None
    why: WhyUnplaced | None

    @classmethod
    def of(cls, group_id: int, place: Place) -> LessonRow:
        """Make the row of a place that was found, or of one that was not."""
        wanted, meeting = place.wanted, place.meeting
        if meeting is None:
            return cls(group_id, wanted.module_id, wanted.lesson_number, place.part, wanted.block, None, None, None, place.why)
        return cls(
            group_id, wanted.module_id, wanted.lesson_number, place.part, meeting.block, meeting.day, meeting.starts_at,
            place.minutes, None,
        )  # fmt: skip


def store_lessons(rows: Sequence[LessonRow], *, run_id: int, now: datetime) -> None:
    """Add planned lessons to the current school, in the transaction that is open."""
    if not rows:
        return
    work = session()
    work.flush()
    connection = work.connection()
    school_id = current_school_id()
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor().copy(f"COPY {_TABLE} ({_NAMES}) FROM STDIN") as copy:
            for values in _for_postgresql(rows, school_id, run_id, now):
                copy.write_row(values)
        return
    marks = ", ".join("?" * len(_COLUMNS))
    insert = f"INSERT INTO {_TABLE} ({_NAMES}) VALUES ({marks})"  # noqa: S608 - our own names
    connection.exec_driver_sql(insert, list(_for_sqlite(rows, school_id, run_id, now)))


def _for_postgresql(rows: Sequence[LessonRow], school_id: int, run_id: int, now: datetime) -> Iterator[tuple[Any, ...]]:
    for group_id, module_id, number, part, block, day, starts_at, minutes, why in rows:
        state = _PLANNED if day else _UNPLACED
        yield (
            school_id, group_id, module_id, number, part, block.value, day, starts_at, minutes, state, why.value if why else None,
            now, run_id, False, False, 1,
        )  # fmt: skip


def _for_sqlite(rows: Sequence[LessonRow], school_id: int, run_id: int, now: datetime) -> Iterator[tuple[Any, ...]]:
    """Give the values as this database keeps days, times and moments: as text, as its dialect would write them."""
    planned_at = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    days: dict[date | None, str | None] = {None: None}
    times: dict[time | None, str | None] = {None: None}
    for group_id, module_id, number, part, block, day, starts_at, minutes, why in rows:
        if day not in days:
            days[day] = day.isoformat() if day else None
        if starts_at not in times:
            times[starts_at] = starts_at.strftime("%H:%M:%S.%f") if starts_at else None
        state = _PLANNED if day else _UNPLACED
        yield (
            school_id, group_id, module_id, number, part, block.value, days[day], times[starts_at], minutes, state,
            why.value if why else None, planned_at, run_id, False, False, 1,
        )  # fmt: skip
