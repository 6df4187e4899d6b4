"""An installation of its own for each test, with real processes on it."""

from __future__ import annotations

import os
import queue
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text

from eduprog.core import crypto
from tests.conftest import ENGINES
from tests.factories.mail import NOTICE
from tests.support import postgres

ROOT = Path(__file__).parent.parent.parent


class Process:
    """A running `eduprog` command; what it prints comes line by line."""

    def __init__(self, arguments: list[str], environment: dict[str, str], *, stdin: int | None = None) -> None:
        command = [sys.executable, "-u", *arguments]
        pipe = subprocess.PIPE
        self.popen = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=stdin, stdout=pipe, stderr=pipe, text=True)
        self._lines: queue.Queue[str] = queue.Queue()
        self.errors: list[str] = []
        self._readers = [
            threading.Thread(target=self._read_out, daemon=True),
            threading.Thread(target=self._read_err, daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def _read_out(self) -> None:
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            self._lines.put(line.rstrip())

    def _read_err(self) -> None:
        assert self.popen.stderr is not None
        self.errors.extend(line.rstrip() for line in self.popen.stderr)

    def line(self, seconds: float = 90) -> str:
        """Wait for the next line it prints."""
        try:
            return self._lines.get(timeout=seconds)
        except queue.Empty:
            raise AssertionError(f"nothing was printed; errors: {self.errors[-5:]}") from None

    def tell(self, words: str) -> None:
        """Write to its input."""
        assert self.popen.stdin is not None
        self.popen.stdin.write(words)
        self.popen.stdin.flush()

    def kill(self) -> None:
        """kill -9."""
        self.popen.kill()
        self.end()

    def terminate(self) -> tuple[int, float]:
        """Ask it to stop; give its exit code and the seconds it took."""
        begun = time.monotonic()
        self.popen.send_signal(signal.SIGTERM)
        return self.end(), time.monotonic() - begun

    def end(self, seconds: float = 60) -> int:
        """Wait for its end; give its exit code."""
        code = self.popen.wait(timeout=seconds)
        for reader in self._readers:
            reader.join(5)
        for stream in (self.popen.stdin, self.popen.stdout, self.popen.stderr):
            if stream is not None:
                stream.close()
        return code


@dataclass
class Installation:
    """A folder with keys and a migrated database, one school in it."""

    folder: Path
    url: str
    settings: dict[str, str] = field(default_factory=dict)
    running: list[Process] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def engine(self) -> str:
        """Give the name of its database."""
        return self.url.partition(":")[0].partition("+")[0]

    def environment(self, **changes: Any) -> dict[str, str]:
        """Give the environment of its processes."""
        return {
            **os.environ, "EDUPROG_DATA_DIR": str(self.folder), "EDUPROG_DATABASE_URL": self.url, "EDUPROG_LOG_LEVEL": "WARNING",
            "EDUPROG_TICK_SECONDS": "1", "PYTHONWARNINGS": "default",
            **{f"EDUPROG_{name}": str(value) for name, value in {**self.settings, **changes}.items()},
        }  # fmt: skip

    def start(self, *command: str, **changes: Any) -> Process:
        """Start an eduprog command."""
        return self.start_with({}, *command, **changes)

    def start_with(self, environment: dict[str, str], *command: str, **changes: Any) -> Process:
        """Start an eduprog command with more in its environment."""
        wanted = {**self.environment(**changes), **environment}
        self.running.append(Process(["-m", "tests.process.launch", *command], wanted))
        return self.running[-1]

    def start_again_and_again(self, *command: str) -> Process:
        """Start the parent that runs an eduprog command anew whenever it is told to."""
        again = ["-m", "tests.process.launch", "--again", *command]
        self.running.append(Process(again, self.environment(), stdin=subprocess.PIPE))
        return self.running[-1]

    def found(self) -> None:
        """Bring the schema up to date and make a school."""
        process = self.start("found-school")
        assert process.end(seconds=120) == 0, process.errors

    def fork_and_kill(self, kills: int, seed: int, longest: float = 0.25) -> Process:
        """Start the parent that kills its children; the last of them finishes."""
        command = ["-m", "tests.process.forking", str(kills), str(seed), str(longest)]
        self.running.append(Process(command, self.environment(), stdin=subprocess.PIPE))
        return self.running[-1]

    def fork_one_by_one(self) -> Process:
        """Start the parent that forks a sender when it is told to."""
        return self.fork_and_kill(0, 0)

    def sql(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Run a statement beside the processes."""
        with self._connected() as connection:
            result = connection.execute(text(statement), values)
            return [tuple(row) for row in result] if result.returns_rows else []

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        engine = create_engine(self.url, connect_args={"timeout": 15} if self.url.startswith("sqlite") else {})
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()

    def queue(self, count: int, first: int = 1) -> None:
        """Queue messages that are due."""
        due = datetime(2026, 1, 5, 8, 0)
        asked = text(
            "INSERT INTO outbound_email (school_id, key, kind, subject_id, recipient_kind, recipient_id, state, created_at,"
            " due_at, attempts, doubts, waits_for_person) VALUES (1, :key, :kind, :subject, 'contact', :subject, 'pending',"
            " :due, :due, 0, 0, :no)"
        )
        with self._connected() as connection:
            connection.execute(asked, [
                {"key": f"{NOTICE}:{subject}", "kind": NOTICE, "subject": subject, "due": due, "no": False}
                for subject in range(first, first + count)
            ])  # fmt: skip

    def states(self) -> dict[str, int]:
        """Count the messages by state."""
        return {state: count for state, count in self.sql("SELECT state, count(*) FROM outbound_email GROUP BY state")}

    def end(self) -> None:
        """Kill what still runs."""
        for process in self.running:
            if process.popen.poll() is None:
                process.kill()

    def wait_for(self, done: Callable[[], bool], seconds: float = 30) -> None:
        """Wait until something is so."""
        until = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < until, f"it did not happen: {self.states()}"
            time.sleep(0.05)


@pytest.fixture(scope="session")
def _migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest schema and one school, copied for each test."""
    folder = tmp_path_factory.mktemp("migrated")
    made = Installation(folder, f"sqlite:///{folder / 'eduprog.db'}")
    crypto.write_keys(crypto.make_keys(), folder / "keys.json")
    made.found()
    with sqlite3.connect(folder / "eduprog.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return folder


@pytest.fixture
def installation(_migrated: Path, tmp_path: Path) -> Iterator[Installation]:
    """An installation on SQLite."""
    for name in ("eduprog.db", "keys.json"):
        (tmp_path / name).write_bytes((_migrated / name).read_bytes())
    (tmp_path / "keys.json").chmod(0o600)
    made = Installation(tmp_path, f"sqlite:///{tmp_path / 'eduprog.db'}")
    yield made
    made.end()


@pytest.fixture(params=ENGINES)
def any_installation(request: pytest.FixtureRequest) -> Iterator[Installation]:
    """An installation on each engine."""
    if request.param == "sqlite":
        yield request.getfixturevalue("installation")
        return
    cluster = request.getfixturevalue("cluster")
    with create_engine(cluster.url(), isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS eduprog_process WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE eduprog_process"))
    made = Installation(request.getfixturevalue("tmp_path"), cluster.url("eduprog_process"))
    crypto.write_keys(crypto.make_keys(), made.folder / "keys.json")
    made.found()
    yield made
    made.end()


@pytest.fixture
def durable() -> Iterator[postgres.Cluster]:
    """A PostgreSQL server that keeps its promises."""
    if postgres.binaries() is None:
        pytest.skip(postgres.WHY_NOT)
    cluster = postgres.start(durable=True)
    yield cluster
    cluster.stop()
