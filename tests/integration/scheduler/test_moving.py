"""Does everything an installation holds arrive on the other engine, the same to the last value, or nothing at all?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from flask_migrate import upgrade
from sqlalchemy import Engine, NullPool, create_engine, text

from eduprog import wiring
from eduprog.core import audit
from eduprog.core.db import Base, db, session
from eduprog.core.tenancy import school_scope
from eduprog.planning import queries as planning
from eduprog.scheduler import queries
from eduprog.wiring import cli
from tests.factories import rows
from tests.support.figures import tell
from tests.support.scenes import a_planned_school

OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}


@pytest.fixture
def target(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database on the other engine."""
    if OTHER[engine_name] == "sqlite":
        yield f"sqlite:///{tmp_path / 'moved.db'}"
        return
    cluster = request.getfixturevalue("cluster")
    with create_engine(cluster.url(), isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS moved WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE moved"))
    yield cluster.url("moved")


def _move(app: Flask, target: str, *options: str) -> Result:
    session().rollback()
    made = ScriptInfo(create_app=lambda settings=None: app if settings is None else _there(app, settings.DATABASE_URL))
    return CliRunner().invoke(cli, ["db", "move", target, *options], obj=made, catch_exceptions=False)


def _there(app: Flask, url: str) -> Flask:
    """The application on the other database, without pages and lessons: they take long to load, and the move needs none."""
    there = Flask("there")
    there.extensions["eduprog"] = app.extensions["eduprog"].model_copy(update={"DATABASE_URL": url})
    wiring._database(there, there.extensions["eduprog"])
    return there


def _fill() -> int:
    """A row in every table, and a planned school whose lessons, classes and follow-ups point to one another."""
    with db.engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            rows.add(connection, table)
    scene = a_planned_school()
    with school_scope(scene.school_id):
        numbers = [lesson.id for lesson in planning.lessons_of_class(scene.group_ids["Y1"])]
    session().rollback()
    early, late = min(numbers), max(numbers)
    with db.engine.begin() as connection:  # an earlier number points to a later one, so that copying by number would fail
        connection.execute(
            text("UPDATE planned_lesson SET make_good_of = :late WHERE id = :early"), {"late": late, "early": early}
        )
        first, second = scene.group_ids.values()
        connection.execute(text("UPDATE teaching_group SET host_group_id = :b WHERE id = :a"), {"a": first, "b": second})
    return scene.school_id


def _engine(url: str) -> Engine:
    return create_engine(url, poolclass=NullPool)


def test_everything_arrives_the_same_and_the_installation_goes_on_there(app: Flask, target: str) -> None:
    school_id = _fill()
    result = _move(app, target)
    assert result.exit_code == 0, result.output
    with db.engine.connect() as ours, _engine(target).connect() as theirs:
        held = queries.held_by(ours)
        assert queries.held_by(theirs) == held
        assert all(one.rows for one in held.values()), "a table was empty: nothing was shown about it"
        words = "SELECT email, name FROM person ORDER BY id"
        assert ours.execute(text(words)).all() == theirs.execute(text(words)).all()
    assert f"{sum(one.rows for one in held.values()):,} rows in {len(held)} tables" in result.output
    tell(f"{db.engine.dialect.name} moved: {sum(one.rows for one in held.values())} rows in {len(held)} tables, digests equal")
    there = _there(app, target)
    with there.app_context():
        with school_scope(school_id):
            assert audit.broken_at() is None
        session().rollback()
        a_planned_school(name="New School Of Late")  # new rows take numbers that are free
        session().rollback()
        db.engine.dispose()


def test_a_database_that_holds_anything_is_not_written_to(app: Flask, target: str) -> None:
    a_planned_school()
    assert _move(app, target).exit_code == 0
    with _engine(target).connect() as theirs:
        before = queries.held_by(theirs)
    again = _move(app, target)
    assert (again.exit_code, again.output) == (1, again.output)
    assert "The target is not empty" in again.output
    with _engine(target).connect() as theirs:
        assert queries.held_by(theirs) == before


def test_a_copy_that_differs_by_one_letter_is_refused_and_nothing_of_it_stays(app: Flask, target: str) -> None:
    a_planned_school()
    there = _there(app, target)
    with there.app_context():
        upgrade()
        with db.engine.begin() as connection:
            _spoil_one_name(connection, db.engine.dialect.name)
        db.engine.dispose()
    result = _move(app, target)
    assert result.exit_code == 1
    assert re.search(r"The copy is not the same: person\. Nothing was kept", result.output)
    with _engine(target).connect() as theirs:
        assert queries.rows_in(theirs) == {}


def _spoil_one_name(connection: Any, engine: str) -> None:
    if engine == "sqlite":
        connection.exec_driver_sql(
            "CREATE TRIGGER spoil AFTER INSERT ON person WHEN new.name LIKE 'Hana%' BEGIN"
            " UPDATE person SET name = 'Hana Alj' WHERE id = new.id; END"
        )
        return
    connection.exec_driver_sql(
        "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF new.name LIKE 'Hana%%' THEN new.name := 'Hana Alj'; END IF; RETURN new; END $$"
    )
    connection.exec_driver_sql("CREATE TRIGGER spoil BEFORE INSERT ON person FOR EACH ROW EXECUTE FUNCTION spoil()")


def test_a_database_of_somebody_else_is_left_alone(app: Flask, target: str) -> None:
    with _engine(target).begin() as connection:
        connection.execute(text("CREATE TABLE somebody (id INTEGER)"))
    result = _move(app, target)
    assert result.exit_code == 1
    assert "it has a table somebody" in result.output
    with _engine(target).connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM somebody")).scalar_one() == 0
