"""The web process is killed at every call that brings a record to the disk: all or none of it is there, and the page was true."""

from __future__ import annotations

import html
import http.client
import json
import re
import shutil
import sqlite3
import subprocess
import urllib.parse
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, inspect, text

from tests.conftest import FULL
from tests.process.conftest import Installation, Process
from tests.support.figures import tell
from tests.support.injecting import attach, needs_strace
from tests.support.postgres import Cluster

pytestmark = [pytest.mark.process, needs_strace]
NOW = "2026-11-24T12:00:00+00:00"
WRITES = {"sqlite": ("fdatasync", "pwrite64"), "postgresql": ("sendto",)}
# At full size every other call of the request as well, kind by kind: what it reads, locks, opens, looks at and closes.
OTHERS = {"sqlite": ("pread64", "fcntl", "openat", "newfstatat", "close", "write", "sendto"),
          "postgresql": ("recvfrom", "poll", "openat", "newfstatat", "close", "write")}  # fmt: skip
# Of these a request may make none before it has committed: on SQLite, for one, nothing but the answer goes through a socket.
AFTER = {"sqlite": {"write", "close", "poll", "sendto"}, "postgresql": {"write", "close", "poll"}}
CALLS = {engine: (*calls, *(OTHERS[engine] if FULL else ())) for engine, calls in WRITES.items()}
EVERY = {"pwrite64": 1 if FULL else 16, "sendto": 1 if FULL else 15}
NOT_COUNTED = {"session_seen", "sign_in_session", "alembic_version"}

Counts = dict[str, int]


@dataclass
class Stage:
    """A planned school that can be put back as it was, and a parent whose children answer for it."""

    installation: Installation
    lesson: str
    cookies: dict[str, str]
    parent: Process
    port: int
    template: Path | tuple[Cluster, str]
    fields: dict[str, str]
    _tables: list[str] = field(default_factory=list)

    def begin_again(self) -> None:
        """Take another parent, whose clock begins where the first one's began: a session rests after a while."""
        self.parent.kill()
        self.restore()
        self.parent = _parent(self.installation, f"{self.lesson}/record", self.cookies["eduprog-session"])
        self.port = int(self.parent.line())

    def restore(self) -> None:
        """Put the database back as it was staged."""
        if isinstance(self.template, Path):
            for name in ("eduprog.db-wal", "eduprog.db-shm"):
                (self.installation.folder / name).unlink(missing_ok=True)
            shutil.copyfile(self.template, self.installation.folder / "eduprog.db")
        else:
            copy_database(*self.template, "eduprog_process")

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None, inject: str = "") -> tuple[int, str, str, int]:
        """Let a child answer, killed where `inject` says: gives status (0 for a broken connection), place, text, exit code."""
        assert self.parent.popen.stdin is not None
        self.parent.popen.stdin.write("\n")
        self.parent.popen.stdin.flush()
        child = self.parent.line()
        watcher = attach(child, inject) if inject else None
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, path, urllib.parse.urlencode(fields) if fields else None, headers)
            answer = connection.getresponse()
            self.cookies |= dict(each.split(";")[0].split("=", 1) for each in answer.headers.get_all("Set-Cookie", []))
            said = answer.status, answer.getheader("Location") or "", answer.read().decode()
        except (http.client.HTTPException, OSError):
            said = 0, "", ""
        finally:
            connection.close()
        code = int(self.parent.line(60))
        if watcher is not None:
            watcher.communicate(timeout=20)
        return (*said, code)

    def record(self, inject: str = "") -> tuple[int, int]:
        """Send the form; gives the answer's status and the child's exit code."""
        status, place, _, code = self.ask("POST", f"{self.lesson}/deliveries", self.fields, inject)
        assert status in (0, 302, 303), status
        assert status == 0 or "sign-in" not in place
        return status, code

    def counts(self) -> Counts:
        """Count the rows of every table but those of sessions."""
        engine = create_engine(self.installation.url, poolclass=NullPool)
        with engine.connect() as connection:
            names = self._tables = self._tables or sorted(set(inspect(connection).get_table_names()) - NOT_COUNTED)
            counts = connection.execute(text("SELECT " + ", ".join(f"(SELECT count(*) FROM {name})" for name in names))).one()
            return dict(zip(names, counts, strict=True))


def copy_database(cluster: Cluster, template: str, name: str) -> None:
    """Make a database anew as a copy of another."""
    with create_engine(cluster.url(), isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))


@pytest.fixture
def stage(any_installation: Installation, request: pytest.FixtureRequest) -> Stage:
    """A school in which a lesson of one part waits to be recorded, on each engine."""
    any_installation.settings |= {"SCHEDULER": "false", "MAIL_TRANSPORT": "folder"}
    staging = Process(["-m", "tests.process.stage", NOW], any_installation.environment())
    any_installation.running.append(staging)
    said = json.loads(staging.line())
    assert staging.end() == 0, staging.errors
    lesson = f"/planned-lessons/{said['lesson_id']}"
    parent = _parent(any_installation, f"{lesson}/record", said["teacher"])
    port = int(parent.line())
    cookies = {"eduprog-session": said["teacher"]}
    made = Stage(any_installation, lesson, cookies, parent, port, _template(any_installation, request), {})
    made.restore()
    status, _, page, _ = made.ask("GET", f"{lesson}/record")
    assert status == 200
    form = next(found for found in re.findall(r"<form.*?</form>", page, re.S) if f'action="{lesson}/deliveries"' in found)
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            made.fields[name.group(1)] = html.unescape(value.group(1)) if value else ""
    return made


def _parent(installation: Installation, path: str, cookie: str) -> Process:
    environment = {**installation.environment(), "EDUPROG_TEST_NOW": NOW}
    parent = Process(["-m", "tests.process.launch", "--recording", path, cookie], environment, stdin=subprocess.PIPE)
    installation.running.append(parent)
    return parent


def _template(installation: Installation, request: pytest.FixtureRequest) -> Path | tuple[Cluster, str]:
    if installation.url.startswith("sqlite"):
        path = installation.folder / "staged.db"
        with closing(sqlite3.connect(installation.folder / "eduprog.db")) as live, closing(sqlite3.connect(path)) as copy:
            live.backup(copy)
        return path
    cluster = request.getfixturevalue("cluster")
    copy_database(cluster, "eduprog_process", "eduprog_staged")
    return cluster, "eduprog_staged"


@pytest.mark.timeout(7200 if FULL else 300)
def test_killed_at_any_call_a_record_is_whole_or_absent_and_sending_it_again_makes_it_whole(stage: Stage) -> None:
    engine = "sqlite" if isinstance(stage.template, Path) else "postgresql"
    stage.restore()
    nothing = stage.counts()
    assert stage.record() == (302, 0)
    everything = stage.counts()
    assert everything["delivery"] == nothing["delivery"] + 1
    assert everything["follow_up"] == nothing["follow_up"] + 4
    assert everything["parent_prompt"] == nothing["parent_prompt"] + 1
    points = sum(_sweep(stage, call, nothing, everything) for call in CALLS[engine])
    tell(f"{engine}: killed at {points} system calls of a record: each whole or absent, every page true, whole when sent again")


def _sweep(stage: Stage, call: str, nothing: Counts, everything: Counts) -> int:
    """Kill at every call of a kind until the request outlives them; gives the number of kills."""
    engine = "sqlite" if isinstance(stage.template, Path) else "postgresql"
    absent = whole = 0
    stage.begin_again()
    for number in range(1, 20_000, EVERY.get(call, 1)):
        stage.restore()
        status, code = stage.record(f"{call}:signal=KILL:when={number}")
        found = stage.counts()
        assert found in (nothing, everything), (call, number, {k: v for k, v in found.items() if v != nothing[k]})
        assert found == everything or not status, f"the page said it was recorded, and it was not ({call} {number})"
        if code == 0:
            break
        absent, whole = absent + (found == nothing), whole + (found == everything)
        if call in WRITES["sqlite"] + WRITES["postgresql"]:
            assert stage.record()[0] == 302
            assert stage.counts() == everything, (call, number)
    assert absent or (whole and call in AFTER[engine]), call
    print(f"{call}: {absent} times nothing, {whole} times all of it")
    return absent + whole
