"""A page of PostgreSQL's own files is spoilt: the thorough doctor, the nightly check, commands and pages say so in words."""

from __future__ import annotations

import random
import shutil
import time
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from eduprog.core import clock
from eduprog.core.db import db, session
from eduprog.core.tenancy import school_scope
from eduprog.delivery import queries as delivery
from eduprog.scheduler import queries
from eduprog.scheduler.jobs.nightly import DatabaseDamaged, check_storage
from eduprog.scheduler.rules import Finding, Verdict
from eduprog.wiring import create_app, load_settings
from tests.architecture.test_routes import SCHOOL_ROLES
from tests.conftest import FULL
from tests.support import postgres
from tests.support.figures import tell
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.scenes import a_planned_school
from tests.support.sweeping import at_noon

pytestmark = pytest.mark.process
TIMES = 200 if FULL else 4
PAGE = 8192


def _database(app: Flask) -> Finding:
    found = queries.examine(app.extensions["eduprog"], (), clock.now(), thorough=True)
    return next(one for one in found if one.what == "Database")


@pytest.mark.timeout(1800 if FULL else 300)
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_spoilt_page_is_named_everywhere_and_restored_bytes_are_well_again(
    app: Flask, durable: postgres.Cluster, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    shutil.copy(app.extensions["eduprog"].KEY_FILE, tmp_path / "data")  # one process has one set of keys
    folder = str(tmp_path / "data")
    served = create_app(load_settings(
        {}, DATA_DIR=folder, DATABASE_URL=durable.url(), MAIL_TRANSPORT="folder", SCHEDULER=False, LOG_LEVEL="ERROR"
    ))  # fmt: skip
    served.config.update(SERVER_NAME="127.0.0.1", PROPAGATE_EXCEPTIONS=False)
    dice = random.Random(5)
    with at_noon(), served.app_context():
        upgrade()
        scene = a_planned_school()
        browser = Browser(served)
        sign_in(browser, make_person(name="Ada Mason", school_id=scene.school_id, roles=(*SCHOOL_ROLES,)), scene.school_id)
        assert _database(served).verdict is Verdict.WELL
        files = _files(durable)
        for number in range(TIMES):
            table = "planned_lesson" if number == 0 else dice.choice(sorted(files))
            held = _spoil(durable, files[table], dice)
            found = _database(served)
            assert found.verdict is Verdict.FAULT, table
            assert f"({table}: invalid page in block" in found.sentence
            with pytest.raises(DatabaseDamaged, match=table):
                check_storage(clock.now())
            if number == 0:
                _told_in_words(browser, scene.school_id)
            _put_back(durable, files[table], held)
        assert _database(served).verdict is Verdict.WELL
        assert browser.get("/plan").status == 200
        db.session.remove()
        db.engine.dispose()
    tell(f"postgresql: {TIMES} of {TIMES} spoilt pages named with their table")


def _told_in_words(browser: Browser, school_id: int) -> None:
    page = browser.client.get("/plan")
    assert page.status_code == 503
    with school_scope(school_id), pytest.raises(DatabaseError) as caught:
        delivery.tally_facts()
    session().rollback()
    assert "is damaged (invalid page" in (queries.in_words(caught.value) or "")


def _files(cluster: postgres.Cluster) -> dict[str, Path]:
    """Give the file of each table that holds anything."""
    asked = (
        "SELECT relname, pg_relation_filepath(oid) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    found = {name: cluster.folder / "data" / path for name, path in db.session.execute(text(asked))}
    db.session.rollback()
    _stop(cluster)
    _start(cluster)
    return {name: path for name, path in found.items() if path.stat().st_size and name not in _ASKED_BY_EVERYBODY}


_ASKED_BY_EVERYBODY = {"alembic_version"}
"""Without it nobody knows whether the schema fits, and the doctor says that instead."""


def _spoil(cluster: postgres.Cluster, path: Path, dice: random.Random) -> bytes:
    """Change one bit of a page of the file while the server is down; gives what the file held."""
    _stop(cluster)
    held = path.read_bytes()
    place = dice.randrange(len(held) // PAGE) * PAGE + dice.randrange(32, PAGE)
    path.write_bytes(held[:place] + bytes([held[place] ^ 1 << dice.randrange(8)]) + held[place + 1 :])
    _start(cluster)
    return held


def _put_back(cluster: postgres.Cluster, path: Path, held: bytes) -> None:
    _stop(cluster)
    path.write_bytes(held)
    _start(cluster)


def _start(cluster: postgres.Cluster) -> None:
    """Start it again and wait until it takes connections: on a busy machine it listens before that."""
    cluster.start_again()
    while cluster.run("pg_isready -q").returncode:
        time.sleep(0.05)


def _stop(cluster: postgres.Cluster) -> None:
    """Let the server write down what it holds and end."""
    db.session.rollback()
    db.engine.dispose()
    done = cluster.run("pg_ctl -D data -m fast -w stop")
    assert done.returncode == 0, done.stderr
    assert cluster.process is not None
    cluster.process.wait()
