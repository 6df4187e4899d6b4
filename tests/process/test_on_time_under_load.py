"""Much is due at eight, the mail server takes its time, and a school reads: is everything on time, and nobody held up?"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from tests.conftest import FULL
from tests.factories.mail import NOTICE
from tests.process.conftest import ROOT, Installation
from tests.support.figures import tell
from tests.support.smtp import Stall, mail_server
from tests.support.visitors import crowd, share

pytestmark = pytest.mark.process
EIGHT = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
NOTICE_TO = re.compile(r"family-\d+@home\.example")
_SMALL_SCHOOLS = 40
_LONGEST_TURN = 120.0
_LATE_AT_MOST = 60.0 if FULL else 120.0
_ANSWER = 0.05


@dataclass(frozen=True)
class Load:
    """What is due at eight: so many messages of each small school, ten times as many of one; `fresh` fall due meanwhile."""

    each: int
    within: float
    fresh: int
    fresh_every: float
    page_ms: float
    teachers: int

    @property
    def at_eight(self) -> int:
        """Give how many are due at eight."""
        return self.each * (_SMALL_SCHOOLS + 10)


# On every change other tests run beside this one: what takes its share of the machine is held to the bar at full size alone.
_LOAD = Load(200, 900, 300, 2.0, 500, 100) if FULL else Load(20, 240, 30, 1.0, 5000, 40)
_WAITS_FOR = ("MAIL", "RCPT", "DATA", "DOT") if FULL else ("DATA", "DOT")


@pytest.mark.timeout(2400)
def test_what_is_due_at_eight_goes_out_in_time_and_in_turn_while_a_school_reads(any_installation: Installation) -> None:
    # At full size the server answers each of four commands after 50 ms; else it takes them at once, as most servers do.
    with mail_server(lambda verb, *_: Stall(_ANSWER) if verb in _WAITS_FOR else None, pipelining=not FULL) as server:
        any_installation.settings |= {"SMTP_PORT": str(server.port), "PORT": "0", "TICK_SECONDS": "15" if FULL else "2"}
        staged = _stage(any_installation)
        _queue(any_installation, staged["schools"][-_SMALL_SCHOOLS - 1 :])
        port = _start(any_installation)
        took, faults = _read_until_sent(any_installation, port, staged["teachers"])
        ours = (NOTICE_TO.match(received.recipients[0]) for received in server.log.received)
        arrived = [found[0] for found in ours if found]  # beside them the school's own reminders of a Tuesday went out
    said = [line for process in any_installation.running for line in process.errors]
    assert [line for line in said if "locked" in line or "Traceback" in line] == []
    assert faults == []
    assert len(arrived) == len(set(arrived)) == _LOAD.at_eight + _LOAD.fresh
    figures = _judged(any_installation)
    slowest = share(took, 95)
    tell(f"{any_installation.url.partition(':')[0]}: {figures}; {len(took)} pages meanwhile, p95 {slowest:.0f} ms, 0 refused")
    assert slowest <= _LOAD.page_ms


def _stage(installation: Installation) -> dict[str, Any]:
    """Make four schools with teachers, and others of which only messages are asked: the last is the large one."""
    plan = json.dumps({"schools": 4, "teachers": _LOAD.teachers // 4, "quiet": _SMALL_SCHOOLS - 3})
    command = [sys.executable, "-m", "tests.support.morning", plan]
    done = subprocess.run(command, cwd=ROOT, env=installation.environment(), capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    staged: dict[str, Any] = json.loads(done.stdout)
    return staged


def _queue(installation: Installation, schools: list[int]) -> None:
    engine = create_engine(installation.url, connect_args={"timeout": 15} if installation.url.startswith("sqlite") else {})
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO outbound_email (school_id, key, kind, subject_id, recipient_kind, recipient_id, state, created_at,"
                " due_at, attempts, doubts, waits_for_person) VALUES (:school, :key, :kind, :subject, 'contact', :subject,"
                " 'pending', :due, :due, 0, 0, :no)"
            ),
            [
                {"school": school, "key": f"{NOTICE}:{number}", "kind": NOTICE, "subject": number, "due": due, "no": False}
                for number, (school, due) in enumerate(_due(schools), 1)
            ],
        )
    engine.dispose()


def _due(schools: list[int]) -> Iterator[tuple[int, datetime]]:
    """Give school and moment of each message: those of eight o'clock, the large school's among them, then the fresh ones."""
    eight = EIGHT.replace(tzinfo=None)
    large = schools[-1]
    for place in range(_LOAD.each * 10):
        yield large, eight
        if place < _LOAD.each:
            yield from ((school, eight) for school in schools[:-1])
    for place in range(1, _LOAD.fresh + 1):
        yield schools[-1 - place % len(schools)], eight + timedelta(seconds=_LOAD.fresh_every * place)


def _start(installation: Installation) -> int:
    """Start one worker by its default settings and who answers pages: on SQLite both are one process. Give the port."""
    now = (EIGHT - timedelta(seconds=5)).isoformat()
    if installation.url.startswith("sqlite"):
        return _port(installation.start("serve", TEST_NOW=now))
    worker, pages = installation.start("worker", TEST_NOW=now), installation.start("serve", TEST_NOW=now, SCHEDULER=False)
    assert worker.line(180) == "eduprog works"
    return _port(pages)


def _port(process: Any) -> int:
    return int(process.line(180).rpartition(":")[2])


def _read_until_sent(installation: Installation, port: int, teachers: list[dict[str, Any]]) -> tuple[list[float], list[str]]:
    """Teachers sign in from one address and read, all within ten seconds, until nothing is left; give milliseconds and faults."""
    took: list[float] = []
    with crowd(port, teachers) as ask:
        answer = ask("sign_in", seconds=_LOAD.teachers / 6)
        faults = list(answer["faults"])
        rounds = 0
        while not faults and _left(installation):
            answer = ask("look", seconds=10, every=10)
            took += [one for each in answer["took"].values() for one in each]
            faults += answer["faults"]
            rounds += 1
            assert rounds * 10 < 2 * _LOAD.within, f"it did not end: {installation.states()}"
    return took, faults


def _left(installation: Installation) -> int:
    asked = "SELECT count(*) FROM outbound_email WHERE state <> 'sent' AND kind = :kind"
    return int(installation.sql(asked, kind=NOTICE)[0][0])


def _judged(installation: Installation) -> str:
    """Hold every moment of sending to the bar; give the figures in words."""
    eight: dict[int, list[float]] = defaultdict(list)
    late: list[float] = []
    asked = "SELECT school_id, due_at, sent_at FROM outbound_email WHERE kind = :kind"
    for school, due, sent in installation.sql(asked, kind=NOTICE):
        since = (_moment(sent) - EIGHT).total_seconds()
        if _moment(due) == EIGHT:
            eight[school].append(since)
        else:
            late.append(since - (_moment(due) - EIGHT).total_seconds())
    last = max(max(moments) for moments in eight.values())
    gap = max(_longest_gap(moments) for moments in eight.values())
    assert last <= _LOAD.within, f"{_LOAD.at_eight} took {last:.0f} s"
    assert gap <= _LONGEST_TURN, f"a school waited {gap:.0f} s while others were written to"
    assert share(late, 95) <= _LATE_AT_MOST, f"what fell due meanwhile was {share(late, 95):.0f} s late"
    words = f"{_LOAD.at_eight} due at eight in {len(eight)} schools sent within {last:.0f} s, longest wait of one {gap:.0f} s"
    return f"{words}, {len(late)} that fell due meanwhile p95 {share(late, 95):.0f} s late"


def _longest_gap(moments: list[float]) -> float:
    """Give the longest time in which nothing of a school went out, from eight until its last."""
    ordered = [0.0, *sorted(moments)]
    return max(after - before for before, after in pairwise(ordered))


def _moment(value: Any) -> datetime:
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo else found.replace(tzinfo=UTC)
