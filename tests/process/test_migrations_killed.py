"""A migration that is killed at any moment, up or down, is simply run again: what it left is nothing, or all of it."""

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
from flask_migrate import downgrade, upgrade
from sqlalchemy import NullPool, create_engine, inspect, text

from eduprog.core.db import Base, db
from eduprog.wiring import create_app, load_settings
from tests.conftest import ENGINES, FULL
from tests.factories import rows
from tests.support.figures import tell

pytestmark = pytest.mark.process
KILLS, KILLS_BACK, ROWS = (50, 25, 1_000_000) if FULL else (1, 1, 5_000)
_MANY = {
    "sqlite": "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :rows)",
    "postgresql": "WITH numbers AS (SELECT n FROM generate_series(1, :rows) AS n)",
}
_FORK = multiprocessing.get_context("fork")


def _migrate(folder: Path, url: str, ready: Event, *, down: bool = False) -> None:
    app = create_app(
        load_settings({}, DATA_DIR=str(folder), DATABASE_URL=url, MAIL_TRANSPORT="folder", SCHEDULER=False, LOG_LEVEL="ERROR")
    )
    with app.app_context():
        ready.set()
        downgrade(revision="base") if down else upgrade()
    os._exit(0)


def _migrated(folder: Path, url: str, after: float | None = None, *, down: bool = False) -> tuple[int, float]:
    """Migrate in a process of its own, killed after so many seconds if it is to be; gives how it ended and how long it took."""
    ready = _FORK.Event()
    migrating = _FORK.Process(target=_migrate, args=(folder, url, ready), kwargs={"down": down})
    migrating.start()
    assert ready.wait(60)
    begun = time.monotonic()
    if after is not None:
        time.sleep(after)
        migrating.kill()
    migrating.join(120)
    return migrating.exitcode or 0, time.monotonic() - begun


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


@pytest.mark.timeout(3600)
def test_a_migration_that_is_killed_is_run_again_to_its_end(
    app: Flask, fresh: Callable[[int], str], engine_name: str, tmp_path: Path
) -> None:
    dice, took, killed = random.Random(7), 0.0, 0
    for number in range(KILLS + 1):  # the first is left to end, so that it is known how long it takes
        url = fresh(number)
        code, seconds = _migrated(tmp_path, url, dice.uniform(0, took) if number else None)
        killed += code == -signal.SIGKILL
        took = took or seconds
        assert _migrated(tmp_path, url)[0] == 0, f"kill {number}: what was left cannot be migrated"
        assert set(_rows(url)) == {*Base.metadata.tables, "alembic_version"}
    tell(f"{engine_name}: {killed} of {KILLS} migrations killed: each run again to its end")


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("engine_name", ENGINES if FULL else ("sqlite",), indirect=True)
def test_a_way_back_that_is_killed_leaves_every_row_or_none_and_is_run_again_to_its_end(
    app: Flask, fresh: Callable[[int], str], engine_name: str, tmp_path: Path
) -> None:
    dice, took, killed, whole = random.Random(8), 0.0, 0, 0
    url = fresh(0)
    for number in range(KILLS_BACK + 1):
        assert _migrated(tmp_path, url)[0] == 0
        before = _filled(url)
        code, seconds = _migrated(tmp_path, url, dice.uniform(0, took) if number else None, down=True)
        killed += code == -signal.SIGKILL
        took = took or seconds
        left = _rows(url)
        assert left in (before, {"alembic_version": 0}), f"kill {number}: half of it is gone"
        whole += left == before
        assert _migrated(tmp_path, url, down=True)[0] == 0
        assert _rows(url) == {"alembic_version": 0}
    told = f"{engine_name}: {killed} of {KILLS_BACK} ways back killed, {ROWS} rows in one table and some in all"
    tell(f"{told}: {whole} times every row was left, else none; not killed it took {took:.1f} s")
    assert took <= 60


def _filled(url: str) -> dict[str, int]:
    """Put a row into every table, and many into one; give how many there are."""
    engine = create_engine(url, poolclass=NullPool)
    numbers = _MANY[engine.dialect.name]
    with engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            rows.add(connection, table)
        connection.execute(text(
            f"{numbers} INSERT INTO school_group (name, slug, kind, created_at)"
            " SELECT 'A trust', 'trust-' || n, kind, created_at FROM numbers, (SELECT * FROM school_group LIMIT 1) AS one"
        ), {"rows": ROWS})  # fmt: skip
    return _rows(url)


def _rows(url: str) -> dict[str, int]:
    """Count the rows of every table but the queue's."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if not name.startswith("procrastinate_")]
        return {name: int(connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0) for name in names}
