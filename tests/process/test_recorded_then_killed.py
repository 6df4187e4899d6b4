"""A real server is killed between a lesson's record and its prompt: nothing is lost, each goes out once."""

from __future__ import annotations

import json
import socket
from collections import Counter

import pytest

from tests.process.conftest import Installation, Process
from tests.process.person import Person
from tests.process.stage import FAMILIES
from tests.support.smtp import Stall, mail_server, on

pytestmark = pytest.mark.process
NOW = "2026-11-24T12:00:00+00:00"  # a Tuesday of term, inside sending hours

Staged = dict[str, object]


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _serve(installation: Installation) -> Process:
    running = installation.start("serve")
    running.line()
    return running


@pytest.fixture
def staged(installation: Installation) -> Staged:
    """A planned school with families; every process believes it is a school day."""
    port = _free_port()
    installation.settings |= {
        "PORT": str(port), "SMTP_PORT": str(_free_port()), "PROMPT_HOLD_MINUTES": "0", "DISPATCH_THREADS": "1", "TEST_NOW": NOW,
    }  # fmt: skip
    stage = Process(["-m", "tests.process.stage", NOW], installation.environment())
    installation.running.append(stage)
    said = json.loads(stage.line())
    assert stage.end() == 0, stage.errors
    said["base"] = f"http://127.0.0.1:{port}"
    return said


def _record_and_send(staged: Staged) -> None:
    lesson = f"/planned-lessons/{staged['lesson_id']}"
    Person(str(staged["base"]), str(staged["teacher"])).submit(f"{lesson}/record", f"{lesson}/deliveries")
    Person(str(staged["base"]), str(staged["lead"])).submit("/families/digests/new", "/families/digests")


def _digests(installation: Installation) -> dict[str, int]:
    asked = "SELECT state, count(*) FROM outbound_email WHERE kind = 'family-digest' GROUP BY state"
    return {state: count for state, count in installation.sql(asked)}


def _check_records(installation: Installation) -> None:
    """The lesson and all it owes are there, once."""
    assert installation.sql("SELECT count(*) FROM delivery") == [(1,)]
    assert installation.sql("SELECT point FROM follow_up ORDER BY point") == [("R1",), ("R2",), ("R3",), ("R4",)]
    assert installation.sql("SELECT count(*) FROM parent_prompt") == [(1,)]


def test_killed_between_recording_and_sending_every_family_hears_once(installation: Installation, staged: Staged) -> None:
    first = _serve(installation)
    _record_and_send(staged)
    first.kill()
    _check_records(installation)
    assert sum(_digests(installation).values()) == FAMILIES
    with mail_server(port=int(installation.settings["SMTP_PORT"])) as server:
        second = _serve(installation)
        installation.wait_for(lambda: _digests(installation) == {"sent": FAMILIES}, seconds=60)
        assert second.terminate()[0] == 0
        arrived = Counter(received.recipients[0] for received in server.log.received)
    assert {address: arrived[address] for address in arrived if address.startswith("family")} == {
        f"family{number}@home.example": 1 for number in range(FAMILIES)
    }
    _check_records(installation)


def test_killed_while_sending_none_is_lost_and_a_second_copy_is_marked(installation: Installation, staged: Staged) -> None:
    with mail_server(on("DOT", Stall(60), numbers=range(4, 5)), port=int(installation.settings["SMTP_PORT"])) as server:
        first = _serve(installation)
        _record_and_send(staged)
        server.log.wait_for(4)
        first.kill()
        second = _serve(installation)
        installation.wait_for(lambda: _digests(installation) == {"sent": FAMILIES}, seconds=60)
        assert second.terminate()[0] == 0
        arrived = Counter(received.recipients[0] for received in server.log.received)
        copies = {address: {r.message_id for r in server.log.received if r.recipients == (address,)} for address in arrived}
    assert len([address for address in arrived if address.startswith("family")]) == FAMILIES
    assert all(len(ids) == 1 for ids in copies.values())
    doubted = installation.sql("SELECT count(*) FROM outbound_email WHERE doubts > 0")[0][0]
    assert sum(count > 1 for count in arrived.values()) <= doubted <= 10
    _check_records(installation)
