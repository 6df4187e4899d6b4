"""Dispatch against a real server that behaves."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from datetime import timedelta

import pytest

from eduprog.mail.jobs import Dispatcher
from eduprog.mail.rules import MailState
from tests.factories.mail import Notices, address_of
from tests.integration.mail.conftest import NOW, queue, rows, smtp, states
from tests.support.smtp import mail_server

Make = Callable[..., Dispatcher]


@pytest.mark.parametrize("pipelining", [False, True])
def test_what_is_due_arrives_once_each_with_one_recipient(
    school_id: int, notices: Notices, dispatcher: Make, pipelining: bool
) -> None:
    queue(school_id, 25)
    with mail_server(pipelining=pipelining) as server:
        drained = dispatcher(smtp(server)).drain(NOW)
        assert drained.accepted == 25
        assert [r.recipients for r in server.log.received] == [(address_of(n),) for n in range(1, 26)]
        assert len(server.log.connections) == 2  # one of them is the server's own knock at its start
    assert states(school_id) == {MailState.SENT: 25}
    assert {len({r.message_id for r in server.log.received})} == {25}
    assert notices.rendered == ["activity"]
    assert [number for asked in notices.asked for number in asked] == [*range(1, 26)]


def test_a_message_reads_as_it_was_written(school_id: int, notices: Notices, dispatcher: Make) -> None:
    queue(school_id, 1)
    with mail_server() as server:
        dispatcher(smtp(server)).drain(NOW)
    message = email.message_from_bytes(server.log.received[0].content, policy=email.policy.default)
    assert message["Subject"] == "This week’s activity"
    assert message["To"] == address_of(1)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Unsubscribe"] == "<https://eduprog.example/f/1?t=abc&u=1&stop=1>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "https://eduprog.example/f/1?t=abc&u=1" in message.get_body(("plain",)).get_content()
    assert "https://eduprog.example/f/1?t=abc&amp;u=1" in message.get_body(("html",)).get_content()


def test_nothing_leaves_before_it_is_due(school_id: int, notices: Notices, dispatcher: Make) -> None:
    queue(school_id, 3, due_at=NOW + timedelta(seconds=30))
    with mail_server() as server:
        sender = dispatcher(smtp(server))
        assert sender.drain(NOW).accepted == 0
        assert sender.drain(NOW + timedelta(seconds=31)).accepted == 3


def test_the_feature_decides_at_send_time(school_id: int, notices: Notices, dispatcher: Make) -> None:
    queue(school_id, 3)
    notices.stopped[2] = "They have left."
    with mail_server() as server:
        dispatcher(smtp(server)).drain(NOW)
    assert [r.recipients[0] for r in server.log.received] == [address_of(1), address_of(3)]
    second = rows(school_id)[1]
    assert (second.state, second.outcome) == (MailState.CANCELLED, "They have left.")


def test_what_is_too_late_is_declared_missed_and_never_sent(school_id: int, notices: Notices, dispatcher: Make) -> None:
    queue(school_id, 2, too_late_at=NOW + timedelta(hours=2))
    with mail_server() as server:
        dispatcher(smtp(server)).drain(NOW + timedelta(hours=2))
        assert server.log.received == []
    assert states(school_id) == {MailState.MISSED: 2}


def test_a_feature_that_fails_holds_up_nobody_else(school_id: int, notices: Notices, dispatcher: Make) -> None:
    queue(school_id, 2)

    def fail() -> None:
        raise ValueError("broken")

    notices.on_ask = fail
    with mail_server() as server:
        dispatcher(smtp(server)).drain(NOW)
    first = rows(school_id)[0]
    assert (first.state, first.attempts, first.outcome) == (MailState.PENDING, 1, "A fault of ours kept it back (ValueError).")
    assert first.due_at > NOW


def test_one_message_that_cannot_be_answered_for_holds_up_no_other(school_id: int, notices: Notices, dispatcher: Make) -> None:
    queue(school_id, 5)

    def fail_for_three() -> None:
        if 3 in notices.asked[-1]:
            raise ValueError("broken")

    notices.on_ask = fail_for_three
    with mail_server() as server:
        assert dispatcher(smtp(server)).drain(NOW).accepted == 4
    assert [row.state for row in rows(school_id)].count(MailState.PENDING) == 1


def test_features_are_asked_about_what_was_claimed_batch_by_batch(school_id: int, notices: Notices, dispatcher: Make) -> None:
    queue(school_id, 25)
    with mail_server() as server:
        dispatcher(smtp(server)).drain(NOW)
    assert notices.asked == [tuple(range(1, 11)), tuple(range(11, 21)), tuple(range(21, 26))]


def test_an_answer_is_used_for_a_moment_only(
    school_id: int, notices: Notices, dispatcher: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eduprog.mail.jobs.dispatcher._ANSWER_GOOD_FOR", -1.0)
    queue(school_id, 3)
    notices.on_ask = lambda: notices.stopped.update({3: "no more"}) if notices.asked[-1] == (2, 3) else None
    with mail_server() as server:
        assert dispatcher(smtp(server)).drain(NOW).accepted == 2
    assert notices.asked == [(1, 2, 3), (1, 2, 3), (2, 3), (3,)]
