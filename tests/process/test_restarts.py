"""A deploy is invisible: asked to stop at random moments under load, every process ends in time, nothing lost or doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.request

import pytest

from tests.conftest import FULL
from tests.process.arrivals import check_nothing_lost, doubtful
from tests.process.conftest import ROOT, Installation, Process
from tests.support.figures import tell
from tests.support.smtp import MailServer, Stall, mail_server, on

pytestmark = pytest.mark.process
ROUNDS = 500 if FULL else 3  # of each command on each engine
WAITING = 60
WHO = [("sqlite", "dispatch"), ("sqlite", "serve"), ("postgresql", "serve"), ("postgresql", "worker")]


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("any_installation", "command"), WHO, indirect=["any_installation"])
def test_asked_to_stop_under_load_nothing_is_lost_doubled_or_in_doubt(any_installation: Installation, command: str) -> None:
    luck, slowest, queued, busy = random.Random(2), 0.0, 0, 0
    with mail_server(on("DOT", Stall(0.02))) as server:
        any_installation.settings |= {"SMTP_PORT": str(server.port), "PORT": "0"}
        parent = any_installation.start_again_and_again(command)
        for number in range(ROUNDS):
            before = len(server.log.received)
            while queued - before < WAITING:
                any_installation.queue(WAITING, first=queued + 1)
                queued += WAITING
            slowest = max(slowest, _run_for_a_moment(parent, command, server, luck, at_work=number % 3 != 2))
            busy += len(server.log.received) > before
            assert set(any_installation.states()) <= {"sent", "pending"}
        process, _ = _started(parent)
        any_installation.wait_for(lambda: any_installation.states() == {"sent": queued}, seconds=120)
        slowest = max(slowest, _stopped(parent, process))
        assert check_nothing_lost(any_installation, server, queued) == 0
    assert parent.errors == []
    assert doubtful(any_installation) == 0
    assert busy >= ROUNDS / 2, "most were stopped before they sent anything: this run proved too little"
    if any_installation.engine == "sqlite":
        assert list((any_installation.folder / "owners").iterdir()) == []
    if command == "worker":
        assert any_installation.sql("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'") == [(0,)]
    told = f"{any_installation.engine}: {ROUNDS} restarts of eduprog {command}, {queued} messages"
    tell(f"{told}: 0 lost, 0 copies, slowest exit {slowest:.1f} s")


def test_told_to_stop_at_any_step_of_its_waiting_it_stops() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.process.interrupted"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert int(told.stdout) > 0


def _started(parent: Process) -> tuple[int, str]:
    parent.tell("1")
    return int(parent.line()), parent.line()


def _stopped(parent: Process, process: int) -> float:
    begun = time.monotonic()
    os.kill(process, signal.SIGTERM)
    assert parent.line(60) == "ended 0"
    took = time.monotonic() - begun
    assert took < 10
    return took


def _run_for_a_moment(parent: Process, command: str, server: MailServer, luck: random.Random, *, at_work: bool) -> float:
    """Start it and stop it at a random moment, mostly at work, and at a page if it makes any; gives the seconds its end took."""
    process, said = _started(parent)
    if at_work:
        server.log.wait_for(len(server.log.received) + 1)
    answers: list[bytes] = []
    address = said.removeprefix("eduprog is at ")

    def ask() -> None:
        with urllib.request.urlopen(f"{address}/slow?seconds=0.1", timeout=10) as answer:
            answers.append(answer.read())

    asking = threading.Thread(target=ask)
    if command == "serve":
        asking.start()
        assert parent.line() == "asked"
    time.sleep(luck.uniform(0, 0.1))
    took = _stopped(parent, process)
    if command == "serve":
        asking.join()
        assert answers == [b"answered"]
    return took
