"""An installation to measure: migrated, filled by a function of the bench, on SQLite and, where its programs are, PostgreSQL."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import Any, TypeVar

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import Connection

from eduprog import wiring
from eduprog.core import crypto
from eduprog.core.db import Base, db
from tests.support import postgres

Filled = TypeVar("Filled")


@contextmanager
def installation(url: str, fill: Callable[[Connection], Filled]) -> Iterator[tuple[Flask, Filled]]:
    """Make an application on a fresh database at the URL (empty: SQLite in its own folder) and fill it; no context is pushed."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("EDUPROG_BENCH_DIR")) as folder:
        settings = wiring.load_settings(
            {}, DATA_DIR=folder, DATABASE_URL=url, SCHEDULER=False, LOG_LEVEL="ERROR", SESSION_HOURS=24, STAFF_IDLE_MINUTES=120
        )
        crypto.write_keys(crypto.make_keys(), settings.KEY_FILE)
        app = wiring.create_app(settings)
        with app.app_context():
            upgrade()
            with db.engine.connect() as connection, connection.begin():
                filled = fill(connection)
            _settle()
        yield app, filled
        with app.app_context():
            db.engine.dispose()


def _settle() -> None:
    is_postgres = db.engine.dialect.name == "postgresql"
    raw: Any = db.engine.raw_connection()
    if is_postgres:
        raw.driver_connection.autocommit = True
        for table in Base.metadata.sorted_tables:
            if "id" in table.c:  # the bench names its rows itself; what comes after them goes on from there
                raw.driver_connection.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), (SELECT max(id) FROM {table.name}))"
                )
    raw.driver_connection.execute("VACUUM ANALYZE" if is_postgres else "ANALYZE")
    if is_postgres:
        raw.driver_connection.autocommit = False
    raw.close()


@contextmanager
def engines() -> Iterator[Iterator[tuple[str, Callable[[], str]]]]:
    """Give the engines to measure, each with a maker of empty databases: SQLite, and PostgreSQL where its programs are."""
    with ExitStack() as stack:

        def each() -> Iterator[tuple[str, Callable[[], str]]]:
            yield "SQLite", lambda: ""
            if postgres.binaries() is not None:
                cluster = postgres.start()
                stack.callback(cluster.stop)
                numbers = count()

                def make() -> str:
                    name = f"bench{next(numbers)}"
                    with create_engine(cluster.url(), isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
                        connection.execute(text(f"CREATE DATABASE {name}"))
                    return cluster.url(name)

                yield "PostgreSQL", make

        yield each()
