"""Does every planned lesson name a class and a planning run of its own school, however it is written, on both engines?

On PostgreSQL triggers check once for a statement what foreign keys would for each row, so what those promise is shown here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from eduprog.core.db import db
from tests.factories import rows

SCHOOL, GROUP, RUN, LESSON = map(rows.table_of, ("school", "teaching_group", "planning_run", "planned_lesson"))
REFUSED = pytest.mark.parametrize(
    ("column", "table"), [("teaching_group_id", GROUP), ("planning_run_id", RUN)], ids=("class", "run")
)


@dataclass
class Two:
    """A connection, a school with two classes and a run, and what one lesson of each class holds."""

    connection: Connection
    school_id: int
    run_id: int
    lessons: list[dict[str, Any]]

    def of_another_school(self, table: Any) -> int:
        """Give the number of a row of another school."""
        other = rows.add(self.connection, SCHOOL)
        return rows.add_parent(self.connection, table, {"school_id": other})


@pytest.fixture
def two(app: Flask) -> Iterator[Two]:
    with db.engine.connect() as connection, connection.begin() as unit:
        school_id = rows.add(connection, SCHOOL)
        run_id = rows.add_parent(connection, RUN, {"school_id": school_id})
        groups = [rows.add_parent(connection, GROUP, {"school_id": school_id}) for _ in range(2)]
        lessons = [
            rows.valid_values(connection, LESSON, school_id=school_id, teaching_group_id=group, planning_run_id=run_id)
            for group in groups
        ]
        yield Two(connection, school_id, run_id, lessons)
        unit.rollback()


def _count(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(LESSON)) or 0


@REFUSED
def test_one_foreign_lesson_among_many_refuses_the_statement(two: Two, column: str, table: Any) -> None:
    foreign = {**two.lessons[1], column: two.of_another_school(table)}
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), two.connection.begin_nested():
        two.connection.execute(insert(LESSON).values([two.lessons[0], foreign]))
    assert _count(two.connection) == 0
    two.connection.execute(insert(LESSON).values(two.lessons))
    assert _count(two.connection) == 2


@REFUSED
def test_a_lesson_cannot_be_changed_to_name_another_schools_row(two: Two, column: str, table: Any) -> None:
    two.connection.execute(insert(LESSON).values(two.lessons))
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), two.connection.begin_nested():
        two.connection.execute(update(LESSON).values({column: two.of_another_school(table)}))
    two.connection.execute(update(LESSON).values(planning_run_id=None))


def test_a_class_takes_its_lessons_with_it_and_no_others(two: Two) -> None:
    two.connection.execute(insert(LESSON).values(two.lessons))
    two.connection.execute(delete(GROUP).where(GROUP.c.id == two.lessons[0]["teaching_group_id"]))
    assert two.connection.scalars(select(LESSON.c.teaching_group_id)).all() == [two.lessons[1]["teaching_group_id"]]


def test_a_run_that_lessons_name_stays(two: Two) -> None:
    two.connection.execute(insert(LESSON).values(two.lessons))
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), two.connection.begin_nested():
        two.connection.execute(delete(RUN).where(RUN.c.id == two.run_id))
    two.connection.execute(delete(LESSON))
    two.connection.execute(delete(RUN).where(RUN.c.id == two.run_id))


@REFUSED
def test_what_lessons_name_keeps_its_number(two: Two, column: str, table: Any) -> None:
    two.connection.execute(insert(LESSON).values(two.lessons))
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), two.connection.begin_nested():
        two.connection.execute(update(table).where(table.c.id == two.lessons[0][column]).values(id=10**6))


def test_a_school_takes_its_lessons_and_runs_with_it(two: Two) -> None:
    two.connection.execute(insert(LESSON).values(two.lessons))
    two.connection.execute(delete(SCHOOL).where(SCHOOL.c.id == two.school_id))
    assert _count(two.connection) == 0


def test_a_class_cannot_go_while_lessons_of_it_are_being_planned(app: Flask) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer")
    with db.engine.begin() as connection:
        school_id = rows.add(connection, SCHOOL)
        lesson = rows.valid_values(connection, LESSON, school_id=school_id)
    with db.engine.connect() as planning, planning.begin() as unit, db.engine.connect() as removing:
        planning.execute(insert(LESSON).values(lesson))
        removing.execute(text("SET lock_timeout = '50ms'"))
        with pytest.raises(DBAPIError, match="lock timeout"):
            removing.execute(delete(GROUP).where(GROUP.c.id == lesson["teaching_group_id"]))
        unit.rollback()
