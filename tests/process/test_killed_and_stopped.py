"""Real processes, killed and stopped: nothing lost, nothing doubled but in the gap, and that marked."""

from __future__ import annotations

import os
import re
import threading
import time
import urllib.request

import pytest

from tests.conftest import FULL
from tests.process.arrivals import check_nothing_lost, doubtful
from tests.process.conftest import Installation
from tests.support.figures import tell
from tests.support.smtp import Stall, mail_server, on

pytestmark = pytest.mark.process


@pytest.mark.parametrize("command", ["dispatch", "serve"])
def test_killed_between_the_servers_word_and_our_note_nothing_is_lost(installation: Installation, command: str) -> None:
    with mail_server(on("DOT", Stall(30), numbers=range(3, 4))) as server:
        installation.settings |= {"SMTP_PORT": str(server.port), "DISPATCH_THREADS": "1", "PORT": "0"}
        installation.queue(25)
        first = installation.start(command)
        first.line()
        server.log.wait_for(3)
        first.kill()
        assert installation.states()["sending"] == 10
        second = installation.start(command)
        second.line()
        installation.wait_for(lambda: installation.states() == {"sent": 25})
        assert second.terminate()[0] == 0
        assert check_nothing_lost(installation, server, 25) == 1
    assert installation.sql("SELECT subject_id FROM outbound_email WHERE doubts > 0") == [(3,)]


@pytest.mark.timeout(5400)
def test_killed_at_random_moments_nothing_is_lost(any_installation: Installation) -> None:
    kills, messages, longest = (10_000, 40_000, 0.05) if FULL else (40, 800, 0.1)
    with mail_server(on("DOT", Stall(0.003))) as server:
        any_installation.settings["SMTP_PORT"] = str(server.port)
        any_installation.queue(messages)
        parent = any_installation.fork_and_kill(kills, seed=7, longest=longest)
        at_work = int(parent.line(seconds=5000))
        assert parent.end(seconds=600) == 0, parent.errors[-10:]
        twice = check_nothing_lost(any_installation, server, messages)
    doubts = doubtful(any_installation)
    told = f"{any_installation.engine}: {kills} kills at random moments, {messages} deliveries"
    tell(f"{told}: 0 lost, {twice} copies, all marked, {doubts} in doubt; {at_work} of {kills // 4} pairs looked at were at work")
    assert at_work > kills // 4 * 0.7, "most were killed when there was nothing left to send: they proved nothing"
    assert 1 <= doubts <= kills, "no kill fell between claim and note: this run proved nothing"
    assert twice <= doubts


def test_asked_to_stop_while_a_mail_server_keeps_silent_it_ends_in_time_and_marks_the_message(installation: Installation) -> None:
    with mail_server(on("DOT", Stall(40), numbers=range(1, 2))) as server:
        installation.settings["SMTP_PORT"] = str(server.port)
        installation.queue(3)
        process = installation.start("dispatch", DISPATCH_THREADS=1)
        process.line()
        server.log.wait_for(1)
        code, took = process.terminate()
        assert code == 0
        assert 5 < took < 10
        assert installation.states() == {"in_doubt": 1, "pending": 2}


def test_asked_to_stop_a_page_in_hand_is_still_answered(installation: Installation) -> None:
    process = installation.start("serve", PORT=0, SCHEDULER=False)
    address = process.line().removeprefix("eduprog is at ")
    answers: list[bytes] = []

    def ask() -> None:
        with urllib.request.urlopen(f"{address}/slow?seconds=1.5", timeout=10) as answer:
            answers.append(answer.read())

    asking = threading.Thread(target=ask)
    asking.start()
    assert process.line() == "asked"
    code, took = process.terminate()
    asking.join()
    assert (code, answers) == (0, [b"answered"])
    assert took < 10


def test_a_server_says_how_it_is(installation: Installation) -> None:
    process = installation.start("serve", PORT=0, MAIL_TRANSPORT="folder")
    address = process.line().removeprefix("eduprog is at ")
    for path in ("/readyz", "/healthz"):
        until = time.monotonic() + 10
        while True:
            try:
                with urllib.request.urlopen(f"{address}{path}", timeout=10) as answer:
                    assert b'"ok":true' in answer.read()
                break
            except urllib.error.HTTPError:
                assert time.monotonic() < until
                time.sleep(0.2)
    assert process.terminate()[0] == 0


def test_without_its_tables_it_refuses_to_start_and_says_what_to_do(installation: Installation) -> None:
    process = installation.start("serve", PORT=0, DATABASE_URL=f"sqlite:///{installation.folder / 'other.db'}")
    assert process.end() == 2
    assert process.errors == ["The database has no tables yet, this eduprog knows 0001: run `eduprog db upgrade`."]


def test_with_a_newer_schema_it_refuses_to_start(installation: Installation) -> None:
    installation.sql("UPDATE alembic_version SET version_num = '9999'")
    process = installation.start("dispatch")
    assert process.end() == 2
    assert process.errors == ["The database has schema 9999, this eduprog knows 0001: install the eduprog that made it."]


def test_with_a_log_that_was_cut_after_a_kill_it_refuses_to_start(installation: Installation) -> None:
    first = installation.start("serve", PORT=0, MAIL_TRANSPORT="folder")
    first.line()
    installation.queue(300)
    first.kill()
    log = installation.folder / "eduprog.db-wal"
    os.truncate(log, log.stat().st_size - 5000)
    second = installation.start("serve", PORT=0)
    assert second.end() == 2
    assert re.match(r"The database is damaged \(its log ends after \d+ of \d+ pages that were confirmed\)", second.errors[0])


def test_a_taken_port_is_said_in_words(installation: Installation) -> None:
    with mail_server() as server:
        process = installation.start("serve", PORT=server.port)
        assert process.end() == 2
        assert "cannot be listened on" in process.errors[0]


def test_jobs_run_once_by_hand_and_say_what_they_did(installation: Installation) -> None:
    with mail_server() as server:
        installation.settings["SMTP_PORT"] = str(server.port)
        installation.queue(3)
        process = installation.start("scheduler", "run-once")
        assert process.end() == 0
        printed = [process.line() for _ in range(process._lines.qsize())]
    assert "mail.dispatch: 3 done" in printed
    assert installation.sql("SELECT name, done FROM job_run WHERE name = 'mail.dispatch'") == [("mail.dispatch", 3)]
