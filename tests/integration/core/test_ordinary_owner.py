"""Can the role that docs/operations.md has a superuser make, which may do nothing special, own the database and run all of it?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import NullPool, create_engine, delete, text, update
from sqlalchemy.exc import IntegrityError

from eduprog.core import crypto
from eduprog.core.db import db, session, transaction
from eduprog.core.tenancy import school_scope
from eduprog.planning.models import PlannedLesson
from eduprog.school.models import TeachingGroup
from eduprog.wiring import create_app, load_settings
from tests.support import postgres
from tests.support.databases import PostgresStore
from tests.support.scenes import a_planned_school


@pytest.fixture
def ordinary(cluster: postgres.Cluster, tmp_path: Path) -> Iterator[Flask]:
    """An installation whose owner is no superuser and has no way around row-level security."""
    with create_engine(cluster.url(), isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
        connection.execute(text("CREATE ROLE ordinary_owner LOGIN"))
        connection.execute(text("CREATE DATABASE ordinary OWNER ordinary_owner"))
    url = cluster.url("ordinary").replace("eduprog@", "ordinary_owner@")
    settings = load_settings({}, DATA_DIR=str(tmp_path), DATABASE_URL=url, SCHEDULER=False, LOG_LEVEL="ERROR")
    crypto.write_keys(crypto.make_keys(), settings.KEY_FILE)
    made = create_app(settings)
    PostgresStore(url).migrate(made)
    with made.app_context():
        yield made
        session().rollback()
        db.engine.dispose()


def test_an_ordinary_owner_makes_the_schema_plans_a_year_and_is_held_to_its_references(ordinary: Flask) -> None:
    who, is_super = session().execute(text("SELECT current_user, usesuper FROM pg_user WHERE usename = current_user")).one()
    assert (who, is_super) == ("ordinary_owner", False)
    session().rollback()
    scene = a_planned_school()
    with school_scope(scene.school_id):
        assert session().query(PlannedLesson).count() > 10
        with pytest.raises(IntegrityError, match="teaching_group_id"), transaction() as work:
            work.execute(update(PlannedLesson).values(teaching_group_id=999_999))
        with transaction() as work:
            work.execute(delete(TeachingGroup).where(TeachingGroup.id == scene.group_ids["Y1"]))
            assert work.connection().scalar(text("SELECT current_setting('eduprog.across', true)")) in ("", "off")
        assert {row.teaching_group_id for row in session().query(PlannedLesson)} == {scene.group_ids["Y4"]}
