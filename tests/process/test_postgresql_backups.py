"""Do PostgreSQL's own tools, as our documents print them, bring everything back onto an empty server, taken while we write?"""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import NullPool, create_engine, text

from eduprog.core.db import db
from eduprog.scheduler.commands.doctor import doctor
from eduprog.wiring import create_app, load_settings
from tests.conftest import FULL
from tests.process.conftest import ROOT
from tests.support import postgres
from tests.support.figures import tell
from tests.support.scenes import a_planned_school
from tests.support.writing import Writers, written

pytestmark = pytest.mark.process
DOCUMENT = ROOT / "docs" / "operations.md"
ROUNDS, WRITERS, BEFORE = 100 if FULL else 1, 3, 30
RESTORE_AT_MOST = 900.0


def _printed(beginning: str) -> str:
    """Give the one command of the document that begins so."""
    found = {line for line in DOCUMENT.read_text("utf-8").splitlines() if line.startswith(beginning)}
    assert len(found) == 1, f"{beginning}: {found}"
    return found.pop()


class Drill:
    """The commands of the document, with the places of this test in them."""

    def __init__(self, running: postgres.Cluster, empty: postgres.Cluster) -> None:
        self.running, self.empty = running, empty
        self._backups = running.folder / "backups"

    def back_up(self) -> Path:
        """Take a backup and verify it; gives its folder."""
        shutil.rmtree(self._backups, ignore_errors=True)
        self._done(self.running, self._here("pg_basebackup"))
        (made,) = self._backups.iterdir()
        self._done(self.running, self._here("pg_verifybackup /backups/$"))
        return made

    def refuses(self, made: Path) -> bool:
        """Say whether the check finds one bit of it changed."""
        largest = max((path for path in (made / "base").rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)
        held = largest.read_bytes()
        largest.write_bytes(held[:5000] + bytes([held[5000] ^ 4]) + held[5001:])
        refused = self.running.run(self._here("pg_verifybackup /backups/$")).returncode != 0
        largest.write_bytes(held)
        return refused

    def restore(self, made: Path) -> float:
        """Put a backup onto the empty server and start it; gives the seconds until it answers."""
        begun = time.monotonic()
        for beginning in ("cp -a ", "chmod 700 "):  # the one between them, chown, is for root: here the server's user copies
            command = re.sub(r"/backups/[\d-]+", str(made), _printed(beginning))
            self._done(self.empty, command.replace("/var/lib/postgresql/15/main", str(self.empty.folder / "data")))
        self.empty.start_again()
        while self.empty.run("pg_isready -q").returncode:
            time.sleep(0.1)
        return time.monotonic() - begun

    def forget(self) -> None:
        """Let the second server be empty again."""
        if self.empty.process is not None:
            self.empty.kill()
        shutil.rmtree(self.empty.folder / "data", ignore_errors=True)

    def _here(self, beginning: str) -> str:
        return _printed(beginning).replace("-h database.example.org ", "").replace("/backups", str(self._backups))

    def _done(self, cluster: postgres.Cluster, command: str) -> None:
        done = cluster.run(command)
        assert done.returncode == 0, f"{command}: {done.stderr}"


@pytest.fixture
def drill(durable: postgres.Cluster):
    """A server that runs, and one that has nothing yet."""
    there = postgres.empty()
    yield Drill(durable, there)
    there.stop()


def _app(app: Flask, cluster: postgres.Cluster, folder: Path) -> Flask:
    folder.mkdir()
    shutil.copy(app.extensions["eduprog"].KEY_FILE, folder)  # one process has one set of keys
    return create_app(load_settings(
        {}, DATA_DIR=str(folder), DATABASE_URL=cluster.url(), MAIL_TRANSPORT="folder", SCHEDULER=False, LOG_LEVEL="ERROR"
    ))  # fmt: skip


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_taken_under_load_by_the_printed_commands_it_comes_back_on_an_empty_server(
    app: Flask, drill: Drill, tmp_path: Path
) -> None:
    running, longest = _app(app, drill.running, tmp_path / "running"), 0.0
    writers = Writers(running)
    with running.app_context():
        upgrade()
        a_planned_school()
        db.session.execute(text(_printed("CREATE ROLE backup")))
        db.session.commit()
        for number in range(ROUNDS):
            drill.forget()
            with writers.at_work(WRITERS):
                writers.wait_for(len(writers.acknowledged) + BEFORE)
                before = set(writers.acknowledged)
                made = drill.back_up()
            assert number or drill.refuses(made), "a changed bit was not found"
            longest = max(longest, drill.restore(made))
            assert before - _held_by(drill.empty) == set()
        assert writers.broken == []
        db.engine.dispose()
    there = _app(app, drill.empty, tmp_path / "there")
    with there.app_context():
        assert before <= written()
        said = there.test_cli_runner().invoke(doctor, ["--thorough"]).output
        db.engine.dispose()
    for part in ("Database", "Schema", "Audit"):
        assert re.search(rf"well +{part}:", said), said
    told = f"{ROUNDS} of {ROUNDS} base backups under load verified and came back, {len(before)} rows acknowledged before, 0 lost"
    tell(f"postgresql: {told}; the longest took {longest:.1f} s")
    assert longest <= RESTORE_AT_MOST


def _held_by(cluster: postgres.Cluster) -> set[str]:
    engine = create_engine(cluster.url(), poolclass=NullPool)
    with engine.connect() as connection:
        return set(connection.execute(text("SELECT slug FROM school_group")).scalars())
