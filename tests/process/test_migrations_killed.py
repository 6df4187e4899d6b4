"""A migration that is killed at any moment is simply run again: what it left is nothing, or all of it."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import NullPool, create_engine, inspect, text

from eduprog.core.db import Base, db
from eduprog.wiring import create_app, load_settings
from tests.conftest import FULL
from tests.support.figures import tell

pytestmark = pytest.mark.process
KILLS = 50 if FULL else 1
_FORK = multiprocessing.get_context("fork")


def _migrate(folder: Path, url: str, ready: Event) -> None:
    app = create_app(
        load_settings({}, DATA_DIR=str(folder), DATABASE_URL=url, MAIL_TRANSPORT="folder", SCHEDULER=False, LOG_LEVEL="ERROR")
    )
    with app.app_context():
        ready.set()
        upgrade()
    os._exit(0)


@pytest.fixture
def fresh(app: Flask, engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[int], str]:
    """Give the address of another empty database each time."""
    shutil.copy(app.extensions["eduprog"].KEY_FILE, tmp_path)
    db.engine.dispose()

    def make(number: int) -> str:
        if engine_name == "sqlite":
            return f"sqlite:///{tmp_path / f'{number}.db'}"
        cluster, name = request.getfixturevalue("cluster"), f"killed_{number}"
        with create_engine(cluster.url(), isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS killed_{max(0, number - 1)} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {name}"))
        return str(cluster.url(name))

    return make


@pytest.mark.timeout(1800)
def test_a_migration_that_is_killed_is_run_again_to_its_end(
    app: Flask, fresh: Callable[[int], str], engine_name: str, tmp_path: Path
) -> None:
    dice, took, killed = random.Random(7), 0.0, 0
    for number in range(KILLS + 1):  # the first is left to end, so that it is known how long it takes
        url, ready = fresh(number), _FORK.Event()
        migrating = _FORK.Process(target=_migrate, args=(tmp_path, url, ready))
        migrating.start()
        assert ready.wait(60)
        begun = time.monotonic()
        if number:
            time.sleep(dice.uniform(0, took))
            migrating.kill()
        migrating.join(120)
        killed += migrating.exitcode == -signal.SIGKILL
        took = took or time.monotonic() - begun
        again = _FORK.Process(target=_migrate, args=(tmp_path, url, _FORK.Event()))
        again.start()
        again.join(120)
        assert again.exitcode == 0, f"kill {number}: what was left cannot be migrated"
        assert _tables(url) == {*Base.metadata.tables, "alembic_version"}
    tell(f"{killed} of {KILLS} migrations killed on {engine_name}: each run again to its end")


def _tables(url: str) -> set[str]:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return {name for name in inspect(connection).get_table_names() if not name.startswith("procrastinate_")}
