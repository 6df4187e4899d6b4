"""A real server, its clock and a real SMTP server: the Monday message goes at seven, once, and once after a week of silence."""

from __future__ import annotations

import json
from collections import Counter
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from tests.conftest import FULL
from tests.process.conftest import Installation, Process
from tests.support.smtp import MailServer, mail_server

pytestmark = pytest.mark.process
BEFORE_SEVEN = "2026-11-09T06:30:00+00:00"  # a Monday of term, in winter time
AFTER_SEVEN = "2026-11-09T07:00:05+00:00"
LATER = "2026-11-09T07:20:00+00:00"
WEEKS_LATER = "2026-11-24T10:30:00+00:00"  # a Tuesday: two Mondays have passed in silence


def _stage(installation: Installation) -> None:
    stage = Process(["-m", "tests.process.stage", BEFORE_SEVEN], installation.environment())
    installation.running.append(stage)
    assert json.loads(stage.line(seconds=120))["teacher"]
    assert stage.end() == 0, stage.errors


def _weekly(server: MailServer) -> list[EmailMessage]:
    found = [message_from_bytes(received.content, policy=policy.default) for received in server.log.received]
    return [message for message in found if "reminders" in message.get_body(("plain",)).get_content()]  # type: ignore[union-attr, misc]


def _runs_at(installation: Installation, moment: str) -> Process:
    """Start the server at this moment and wait until the job that makes reminders has run."""
    installation.sql("DELETE FROM job_run WHERE name = 'prepare-reminders'")
    running = installation.start("serve", TEST_NOW=moment)
    running.line()
    ran = "SELECT count(*) FROM job_run WHERE name = 'prepare-reminders'"
    installation.wait_for(lambda: installation.sql(ran) == [(1,)])
    return running


def _all_sent(installation: Installation) -> bool:
    asked = "SELECT count(*) FROM outbound_email WHERE kind = 'reminder-weekly' AND state <> 'sent'"
    return installation.sql(asked) == [(0,)]


def test_it_goes_at_seven_once_though_killed_and_once_after_weeks_of_silence(installation: Installation) -> None:
    with mail_server() as server:
        installation.settings |= {"SMTP_PORT": str(server.port), "PORT": "0", "DISPATCH_THREADS": "1"}
        _stage(installation)
        if FULL:  # the sampled run leaves out the two starts after which nothing may have happened
            assert _runs_at(installation, BEFORE_SEVEN).terminate()[0] == 0
            assert _weekly(server) == []

        first = _runs_at(installation, AFTER_SEVEN)
        server.log.wait_for(2)
        installation.wait_for(lambda: _all_sent(installation))
        first.kill()
        assert {message["To"] for message in _weekly(server)} == {"hana@bls.example", "mark@bls.example"}

        if FULL:
            assert _runs_at(installation, LATER).terminate()[0] == 0
        assert len(_weekly(server)) == 2

        last = _runs_at(installation, WEEKS_LATER)
        server.log.wait_for(4)
        installation.wait_for(lambda: _all_sent(installation))
        assert last.terminate()[0] == 0
        messages = _weekly(server)
    assert Counter(message["To"] for message in messages) == {"hana@bls.example": 2, "mark@bls.example": 2}
    assert len({message["Message-ID"] for message in messages}) == 4
    newest = next(message for message in reversed(messages) if message["To"] == "hana@bls.example")
    body = newest.get_body(("plain",))
    assert body is not None
    waiting = installation.sql("SELECT id FROM planned_lesson WHERE planned_on < '2026-11-24' AND state = 'planned'")
    assert waiting
    for (lesson_id,) in waiting:
        assert f"/planned-lessons/{lesson_id}/record" in body.get_content()
