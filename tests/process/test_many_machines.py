"""Two workers and two web processes on PostgreSQL, killed at random: nothing lost, nothing doubled but what is marked."""

from __future__ import annotations

import json
import signal
import socket
import time
import urllib.error
from collections import Counter
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text

from eduprog.core import crypto
from eduprog.mail.queries import message_mark
from tests.conftest import FULL
from tests.factories.mail import address_of
from tests.process.conftest import Installation, Process
from tests.process.person import Person
from tests.support.figures import tell
from tests.support.postgres import Cluster
from tests.support.smtp import MailServer, Stall, mail_server, on

pytestmark = pytest.mark.process
MONDAY = "2026-11-09T10:00:00+00:00"  # in term: the Monday message is due, and families may be written to


@pytest.fixture
def machines(cluster: Cluster, tmp_path: Path) -> Iterator[Installation]:
    """An installation on PostgreSQL."""
    with create_engine(cluster.url(), isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS eduprog_machines WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE eduprog_machines"))
    made = Installation(tmp_path, cluster.url("eduprog_machines"))
    crypto.write_keys(crypto.make_keys(), made.folder / "keys.json")
    yield made
    made.end()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.mark.timeout(3600)
def test_killed_at_random_while_prompts_and_reminders_go_out_all_arrive_and_copies_are_marked(machines: Installation) -> None:
    schools, families, leads, kills = (50, 200, 100, 2000) if FULL else (2, 60, 20, 30)
    with mail_server(on("DOT", Stall(0.004))) as server:
        port = _free_port()
        herd = _herd(machines, server, port, schools=schools, families=families, leads=leads, kills=kills)
        base, told = f"http://127.0.0.1:{port}", machines.said["schools"]
        _teach_and_send(machines, base, told)
        said = json.loads(herd.line(900))
        machines.wait_for(lambda: _waiting(machines) == 0, seconds=600 if FULL else 60)
        machines.wait_for(lambda: machines.sql("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'") == [(0,)])
        assert herd.popen.stdin is not None
        herd.popen.stdin.write("end\n")
        herd.popen.stdin.flush()
        assert json.loads(herd.line(30))["codes"] == [0, 0, 0]
        assert herd.end() == 0
        copies, doubts = _check(machines, server, schools, families, leads)
    sent = f"{schools * families} prompts and {schools * (leads + 1)} reminders"
    tell(f"{said['killed']} kills {said['by']}: {sent}, 0 lost, {copies} copies, {doubts} in doubt, queue empty")
    assert all(said["by"].values()), "somebody was never killed: this run proved too little"


def _herd(machines: Installation, server: MailServer, port: int, **plan: int) -> Process:
    """Stage schools and start killing."""
    machines.settings |= {
        "PORT": str(port), "SMTP_PORT": str(server.port), "PROMPT_HOLD_MINUTES": "0", "TEST_NOW": MONDAY,
        "WORKER_STALLED_SECONDS": "20", "DISPATCH_THREADS": "2", "THREADS": "4",
    }  # fmt: skip
    wanted = json.dumps({**plan, "seed": 9, "port": port, "every": [0.02, 0.25]})
    herd = Process(["-m", "tests.process.machines", wanted], machines.environment(), stdin=-1)
    machines.running.append(herd)
    machines.said = json.loads(herd.line(1800))
    return herd


def _teach_and_send(machines: Installation, base: str, schools: list[dict[str, Any]]) -> None:
    """In every school a lesson is recorded and its prompts sent, as often as it takes."""
    for school in schools:
        school_id, lesson = school["school_id"], f"/planned-lessons/{school['lesson_id']}"
        taught = f"SELECT count(*) FROM delivery WHERE school_id = {school_id}"
        asked = f"SELECT count(*) FROM family_digest WHERE school_id = {school_id}"
        record = Person(base, school["teacher"])
        _until(machines, taught, lambda p=record, at=lesson: p.submit(f"{at}/record", f"{at}/deliveries"))
        send = Person(base, school["lead"])
        _until(machines, asked, lambda p=send: p.submit("/families/digests/new", "/families/digests"))


def _until(machines: Installation, count: str, act: Callable[[], object], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while machines.sql(count)[0][0] == 0:
        assert time.monotonic() < until, "a page could not be sent"
        try:
            act()
        except (OSError, HTTPException, StopIteration, urllib.error.URLError):
            time.sleep(0.05)


def _waiting(machines: Installation) -> int:
    """Count what is still to go: messages not final, and schools whose Monday message was not made."""
    made = machines.sql("SELECT count(DISTINCT school_id) FROM outbound_email WHERE kind = 'reminder-weekly'")[0][0]
    left = machines.sql("SELECT count(*) FROM outbound_email WHERE state IN ('pending', 'sending', 'in_doubt')")[0][0]
    return int(left) + len(machines.said["schools"]) - int(made)


def _check(machines: Installation, server: MailServer, schools: int, families: int, leads: int) -> tuple[int, int]:
    """Every prompt and reminder is noted as sent and arrived; copies carry one Message-ID and are marked. Give both counts."""
    rows = machines.sql("SELECT id, school_id, key, kind, doubts, state FROM outbound_email WHERE state <> 'cancelled'")
    assert Counter((kind, state) for *_, kind, _, state in rows) == {
        ("family-digest", "sent"): schools * families, ("reminder-weekly", "sent"): schools * (leads + 1),
    }  # fmt: skip
    crypto.install(crypto.read_keys(machines.folder / "keys.json"))
    marks = {message_mark(number, school, key): doubts for number, school, key, _, doubts, _ in rows}
    arrived = Counter(received.message_id.strip("<>").partition("@")[0] for received in server.log.received)
    found = {mark: arrived[mark] for mark in marks}
    assert all(found.values()), f"{sum(not count for count in found.values())} are noted as sent and never arrived"
    assert sum(found.values()) == len(server.log.received)
    unmarked = {mark: count for mark, count in found.items() if count - 1 > marks[mark]}
    assert unmarked == {}
    assert machines.sql("SELECT count(*) FROM delivery") == [(schools,)]
    return sum(count - 1 for count in found.values()), sum(count > 0 for count in marks.values())


def _workers(machines: Installation, server: MailServer, count: int, **settings: str) -> list[Process]:
    machines.settings |= {"SMTP_PORT": str(server.port), "DISPATCH_THREADS": "1", **settings}
    started = [machines.start("worker") for _ in range(count)]
    for worker in started:
        assert worker.line(60) == "eduprog works"
    return started


@pytest.mark.timeout(1800)
@pytest.mark.skipif(not FULL, reason="starts several whole processes; part of the full run")
def test_a_worker_stopped_past_the_lease_sends_nothing_again_and_its_jobs_go_on_elsewhere(machines: Installation) -> None:
    rounds, each = 10, 40
    machines.found()
    stalled = {"WORKER_STALLED_SECONDS": "2", "SMTP_PATIENCE_SECONDS": "5", "TEST_LEASE": "2"}
    doubtful = 0
    with mail_server(on("DOT", Stall(0.05))) as server:
        for number in range(rounds):
            machines.queue(each, first=each * number + 1)
            sleeper, other = _workers(machines, server, 2, **stalled)
            server.log.wait_for(each * number + 3, 60)
            sleeper.popen.send_signal(signal.SIGSTOP)
            machines.wait_for(lambda done=each * (number + 1): machines.states().get("sent") == done, seconds=120)
            sleeper.popen.send_signal(signal.SIGCONT)
            time.sleep(1.0)  # what it might do wrong it does at once
            assert other.terminate()[0] == 0
            sleeper.terminate()
        arrived = Counter(received.recipients[0] for received in server.log.received)
        doubts = {address_of(subject): count for subject, count in machines.sql("SELECT subject_id, doubts FROM outbound_email")}
    assert machines.states() == {"sent": each * rounds}
    assert set(arrived) == set(doubts)
    assert {address: count for address, count in arrived.items() if count - 1 > doubts[address]} == {}
    doubtful = sum(doubts.values())
    tell(f"worker: {rounds} stops past the lease, {each * rounds} messages, 0 lost, 0 unmarked copies, {doubtful} in doubt")
