"""Databases for tests: migrated once for each engine, emptied before each test."""

from __future__ import annotations

import shutil
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from eduprog.core.db import Base, db


class SqliteStore:
    """A file, migrated once and copied back before each test."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "eduprog.db"
        self.template = folder / "template.db"
        self.url = f"sqlite:///{self.file}"

    def migrate(self, app: Flask) -> None:
        """Bring the template to the newest schema."""
        with app.app_context():
            upgrade()
            db.engine.dispose()
        shutil.copyfile(self.file, self.template)

    def empty(self, app: Flask) -> None:
        """Start from the template again, in a new file: a connection a test's thread forgot keeps the old one to itself."""
        with app.app_context():
            db.engine.dispose()
        for leftover in ("", "-wal", "-shm"):
            Path(f"{self.file}{leftover}").unlink(missing_ok=True)
        shutil.copyfile(self.template, self.file)


class PostgresStore:
    """A database of a test cluster, migrated once and truncated before each test."""

    def __init__(self, url: str) -> None:
        self.url = url

    def migrate(self, app: Flask) -> None:
        """Bring it to the newest schema."""
        with app.app_context():
            upgrade()

    def empty(self, app: Flask) -> None:
        """Delete what there is, constraints and triggers asleep, and restart its ids: truncating takes longer than most tests."""
        names = [f'"{table.name}"' for table in Base.metadata.sorted_tables]
        any_rows = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in names)
        with app.app_context(), db.engine.begin() as connection:
            if filled := connection.scalars(text(any_rows)).all():
                connection.execute(text("SET LOCAL session_replication_role = replica"))
                for name in filled:
                    connection.execute(text(f"DELETE FROM {name}"))
                connection.execute(text(RESTART_IDS))


RESTART_IDS = """SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE last_value IS NOT NULL"""
