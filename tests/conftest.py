"""What every test stands on: two real engines, one application for each, pages that check themselves."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import settings as hypothesis_settings

from tests.support import postgres
from tests.support.page import Browser

FIXTURES = Path(os.environ.get("EDUPROG_FIXTURES", Path(__file__).parent.parent.parent / "shared" / "fixtures"))
FULL = os.environ.get("EDUPROG_FULL") == "1"
ENGINES = ("sqlite", "postgresql")

hypothesis_settings.register_profile("house", deadline=None, derandomize=not FULL, print_blob=True)
hypothesis_settings.load_profile("house")

_connect = socket.socket.connect


def _only_loopback(self: socket.socket, address: object) -> None:
    if isinstance(address, tuple) and str(address[0]) not in ("127.0.0.1", "::1", "localhost"):
        raise RuntimeError(f"a test tried to reach {address}")
    _connect(self, address)  # type: ignore[arg-type]


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    socket.socket.connect = _only_loopback  # type: ignore[method-assign]
    yield
    socket.socket.connect = _connect  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """The folder of real files others wrote; tests that need it are skipped, with this reason, where it is absent."""
    if not FIXTURES.is_dir():
        pytest.skip(f"no fixtures at {FIXTURES}; EDUPROG_FIXTURES names their folder")
    return FIXTURES


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    """A PostgreSQL server of our own."""
    if postgres.binaries() is None:
        pytest.skip(postgres.WHY_NOT)
    running = postgres.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def _applications() -> Iterator[dict[str, tuple[Flask, object]]]:
    made: dict[str, tuple[Flask, object]] = {}
    yield made
    from eduprog.core.db import db

    for app, _store in made.values():
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each test that touches the database runs on both engines."""
    return str(request.param)


@pytest.fixture
def app(
    engine_name: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, _applications: dict
) -> Iterator[Flask]:
    """The application on an empty database of the engine, its context pushed."""
    if engine_name not in _applications:
        _applications[engine_name] = _make(engine_name, request, tmp_path_factory.mktemp(engine_name))
    made, store = _applications[engine_name]
    store.empty(made)
    _no_own_lessons()
    with made.app_context():
        yield made


def _no_own_lessons() -> None:
    """Forget the own lessons of schools that are gone, and look again only when one is added: no test depends on time."""
    from eduprog.library.queries import own

    own.forget()
    own.LOOK_AGAIN_AFTER = float("inf")


def _make(engine_name: str, request: pytest.FixtureRequest, folder: Path) -> tuple[Flask, object]:
    from sqlalchemy import NullPool, create_engine, text

    from eduprog.core import crypto
    from eduprog.wiring import create_app, load_settings
    from tests.support.databases import PostgresStore, SqliteStore

    if engine_name == "sqlite":
        store: SqliteStore | PostgresStore = SqliteStore(folder)
    else:
        cluster = request.getfixturevalue("cluster")
        with create_engine(cluster.url(), isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
            connection.execute(text("CREATE DATABASE eduprog_tests"))
        store = PostgresStore(cluster.url("eduprog_tests"))
    settings = load_settings(
        {}, DATA_DIR=str(folder), DATABASE_URL=store.url, MAIL_TRANSPORT="folder", SCHEDULER=False, LOG_LEVEL="ERROR"
    )
    if not settings.KEY_FILE.exists():
        crypto.write_keys(crypto.make_keys(), settings.KEY_FILE)
    made = create_app(settings)
    made.config.update(TESTING=False, SERVER_NAME="127.0.0.1", PROPAGATE_EXCEPTIONS=False)
    store.migrate(made)
    return made, store


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser that nobody is signed in to."""
    return Browser(app)
