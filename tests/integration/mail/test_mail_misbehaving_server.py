"""A bad mail server delays, never loses, never floods. Every mode runs against a real server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest

from eduprog.core.db import session, transaction
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.mail import queries
from eduprog.mail.jobs import Dispatcher
from eduprog.mail.models import OutboundEmail
from eduprog.mail.rules import Later, MailState
from eduprog.mail.transports import Envelope
from tests.factories.mail import Notices, address_of
from tests.integration.mail.conftest import NOW, queue, rows, smtp, states
from tests.support.smtp import Act, Drop, Say, Stall, mail_server, on

Make = Callable[..., Dispatcher]
LATER = timedelta(minutes=2)


@pytest.fixture(params=[False, True], ids=["plain", "pipelining"])
def pipelining(request: pytest.FixtureRequest) -> bool:
    """With and without PIPELINING."""
    return bool(request.param)


@pytest.mark.parametrize("verb", ["RCPT", "DOT", "DATA"])
def test_a_refusal_for_ever_is_shown_with_its_reason_and_delays_nobody(
    school_id: int, notices: Notices, dispatcher: Make, verb: str, pipelining: bool
) -> None:
    queue(school_id, 5)
    behaviour = on(verb, Say(f"554 5.7.1 no <{address_of(3)}> here"), recipient=address_of(3))
    with mail_server(behaviour, pipelining=pipelining) as server:
        assert dispatcher(smtp(server)).drain(NOW).accepted == 4
        assert {r.recipients[0] for r in server.log.received} == {address_of(n) for n in (1, 2, 4, 5)}
    third = rows(school_id)[2]
    assert (third.state, third.outcome) == (MailState.FAILED, "554 5.7.1 no (address) here")


def test_an_address_refused_for_ever_is_not_written_to_again(school_id: int, notices: Notices, dispatcher: Make) -> None:
    queue(school_id, 1)
    with mail_server(on("RCPT", Say("550 5.1.1 no such box"))) as server:
        dispatcher(smtp(server)).drain(NOW)
        with school_scope(school_id):
            assert queries.suppressed([queries.address_hash(address_of(1))])
        with across_schools("test"), transaction():
            session().query(OutboundEmail).update({"state": MailState.PENDING})
        dispatcher(smtp(server)).drain(NOW)
        assert server.log.counts["RCPT"] == 1
    assert rows(school_id)[0].outcome == "This address was refused before, or its owner has left."


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "DOT"])
def test_a_passing_refusal_is_tried_again_later_with_the_same_message_id(
    school_id: int, notices: Notices, dispatcher: Make, verb: str, pipelining: bool
) -> None:
    queue(school_id, 3)
    with mail_server(on(verb, Say("451 4.7.1 greylisted"), numbers=range(2, 3)), pipelining=pipelining) as server:
        sender = dispatcher(smtp(server))
        assert sender.drain(NOW).accepted == 2
        second = rows(school_id)[1]
        assert (second.state, second.attempts, second.doubts) == (MailState.PENDING, 1, 0)
        assert timedelta(seconds=44) < second.due_at - NOW < timedelta(seconds=80)
        assert sender.drain(NOW + LATER).accepted == 1
        assert sorted(r.recipients[0] for r in server.log.received) == [address_of(n) for n in (1, 2, 3)]
    assert states(school_id) == {MailState.SENT: 3}


@pytest.mark.parametrize("act", [Drop(), Stall(10)], ids=["dropped", "silent"])
@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
def test_a_connection_lost_before_the_final_dot_leaves_no_doubt(
    school_id: int, notices: Notices, dispatcher: Make, verb: str, act: Act, pipelining: bool
) -> None:
    queue(school_id, 4)
    with mail_server(on(verb, act, numbers=range(2, 3)), pipelining=pipelining) as server:
        sender = dispatcher(smtp(server, verb_seconds=0.6, patience=0.6))
        sender.drain(NOW)
        assert states(school_id) == {MailState.SENT: 3, MailState.PENDING: 1}
        sender.drain(NOW + LATER)
        assert sorted(r.recipients[0] for r in server.log.received) == [address_of(n) for n in (1, 2, 3, 4)]
    assert states(school_id) == {MailState.SENT: 4}


def test_a_short_message_lost_in_its_middle_is_in_doubt_because_all_of_it_was_on_its_way(
    school_id: int, notices: Notices, dispatcher: Make, pipelining: bool
) -> None:
    queue(school_id, 3)
    with mail_server(on("BODY", Drop(), numbers=range(2, 3)), pipelining=pipelining) as server:
        sender = dispatcher(smtp(server))
        sender.drain(NOW)
        assert states(school_id) == {MailState.SENT: 2, MailState.IN_DOUBT: 1}
        sender.drain(NOW + LATER)
        assert len(server.log.received) == 3
    assert states(school_id) == {MailState.SENT: 3}


@pytest.mark.parametrize("act", [Drop(), Stall(30)], ids=["dropped", "silent"])
def test_a_long_message_lost_in_its_middle_leaves_no_doubt(act: Act) -> None:
    content = b"Subject: long\r\n\r\n" + b"x" * 70 + b"\r\n" * 10_000_000
    with mail_server(on("BODY", act)) as server:
        connection = smtp(server, verb_seconds=1).connect()
        outcome = connection.hand_over(Envelope("a@b.example", "c@d.example", "<1@b.example>", content), lambda _seconds: None)
        connection.close()
    assert isinstance(outcome, Later)
    assert not connection.usable


def test_a_connection_lost_after_the_final_dot_is_marked_and_sent_again_with_the_same_id(
    school_id: int, notices: Notices, dispatcher: Make
) -> None:
    queue(school_id, 3)
    with mail_server(on("DOT", Drop(), numbers=range(2, 3))) as server:
        sender = dispatcher(smtp(server))
        sender.drain(NOW)
        second = rows(school_id)[1]
        assert (second.state, second.doubts) == (MailState.IN_DOUBT, 1)
        sender.drain(NOW + LATER)
        twice = [r.message_id for r in server.log.received if r.recipients == (address_of(2),)]
        assert len(twice) == 2
        assert len(set(twice)) == 1
    assert states(school_id) == {MailState.SENT: 3}
    assert [row.doubts for row in rows(school_id)] == [0, 1, 0]


def test_where_the_school_wants_it_a_doubtful_message_waits_for_a_person(
    school_id: int, notices: Notices, dispatcher: Make
) -> None:
    notices.waits = True
    queue(school_id, 1)
    with mail_server(on("DOT", Drop())) as server:
        sender = dispatcher(smtp(server))
        sender.drain(NOW)
        sender.drain(NOW + LATER)
        assert len(server.log.received) == 1
    row = rows(school_id)[0]
    assert (row.state, row.waits_for_person) == (MailState.IN_DOUBT, True)


def test_a_slow_word_after_the_final_dot_is_waited_for(school_id: int, notices: Notices, dispatcher: Make) -> None:
    queue(school_id, 2)
    with mail_server(on("DOT", Stall(1.2), numbers=range(1, 2))) as server:
        assert dispatcher(smtp(server, patience=5, verb_seconds=0.5)).drain(NOW).accepted == 2
    assert states(school_id) == {MailState.SENT: 2}


def test_while_one_message_stalls_others_of_its_batch_go_another_way(
    app, school_id: int, notices: Notices, dispatcher: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eduprog.mail.jobs.dispatcher._LET_OTHERS_AFTER", 0.5)
    queue(school_id, 5)
    with mail_server(on("DOT", Stall(4), recipient=address_of(2))) as server:
        slow = dispatcher(smtp(server, patience=8))

        def run() -> None:
            with app.app_context():
                slow.drain(NOW)

        stuck = threading.Thread(target=run)
        stuck.start()
        server.log.wait_for(2)
        time.sleep(1.2)
        assert dispatcher(smtp(server)).drain(NOW).accepted == 3
        assert rows(school_id)[0].state is MailState.SENT
        stuck.join()
        assert len(server.log.received) == 5
    assert states(school_id) == {MailState.SENT: 5}


def test_after_421_there_is_at_most_one_new_connection_a_second(school_id: int, notices: Notices, dispatcher: Make) -> None:
    queue(school_id, 8)
    with mail_server(on("MAIL", Say("421 4.7.0 too much at once"), numbers=range(2, 100, 2))) as server:
        sender = dispatcher(smtp(server), batch=2)
        begun = time.monotonic()
        sender.drain(NOW)
        took = time.monotonic() - begun
        ours = server.log.connections[1:]
        gaps = [after - before for before, after in pairwise(ours)]
        assert len(ours) >= 2
        assert all(gap >= 0.95 for gap in gaps), gaps
        assert took < 20
        assert len(server.log.received) == len({r.recipients for r in server.log.received})
    assert set(states(school_id)) <= {MailState.SENT, MailState.PENDING}


@pytest.mark.parametrize("greeting", ["421 come back later", "554 no service", "hello"])
def test_a_server_that_lets_nobody_in_costs_no_message_anything(
    school_id: int, notices: Notices, dispatcher: Make, greeting: str
) -> None:
    queue(school_id, 3)
    with mail_server(on("CONNECT", Say(greeting), numbers=range(2, 100))) as server:
        drained = dispatcher(smtp(server)).drain(NOW)
    assert drained.accepted == 0
    assert drained.fault
    assert [(row.state, row.attempts) for row in rows(school_id)] == [(MailState.PENDING, 0)] * 3


def test_a_server_that_is_away_costs_no_message_anything(school_id: int, notices: Notices, dispatcher: Make) -> None:
    queue(school_id, 3)
    with mail_server() as server:
        pass
    sender = dispatcher(smtp(server))
    assert "cannot be reached" in sender.drain(NOW).fault
    assert states(school_id) == {MailState.PENDING: 3}


@pytest.mark.parametrize(
    ("verb", "reply"),
    [("DATA", "250 fine"), *((verb, reply) for verb in ("RCPT", "DATA") for reply in ("999 what", "not smtp at all", "3"))],
)
def test_an_answer_that_makes_no_sense_before_the_dot_is_tried_later(
    school_id: int, notices: Notices, dispatcher: Make, verb: str, reply: str
) -> None:
    queue(school_id, 2)
    with mail_server(on(verb, Say(reply), numbers=range(1, 2))) as server:
        sender = dispatcher(smtp(server, verb_seconds=1))
        sender.drain(NOW)
        sender.drain(NOW + LATER)
        assert sorted(r.recipients[0] for r in server.log.received) == [address_of(1), address_of(2)]
    assert states(school_id) == {MailState.SENT: 2}


def test_three_days_of_passing_refusals_end_as_failed_with_the_last_word(
    school_id: int, notices: Notices, dispatcher: Make
) -> None:
    queue(school_id, 1)
    tries = 0
    moment = NOW
    with mail_server(on("RCPT", Say("450 4.2.1 box is busy"))) as server:
        sender = dispatcher(smtp(server))
        while (row := rows(school_id)[0]).state is MailState.PENDING:
            moment = max(row.due_at, NOW)
            sender.drain(moment)
            tries += 1
            assert tries < 60
    assert (row.state, row.outcome) == (MailState.FAILED, "450 4.2.1 box is busy")
    assert timedelta(hours=66) < moment - NOW <= timedelta(hours=72)
    assert 15 < tries < 40


def test_a_message_whose_next_try_would_be_too_late_is_missed(school_id: int, notices: Notices, dispatcher: Make) -> None:
    queue(school_id, 1, too_late_at=NOW + timedelta(seconds=30))
    with mail_server(on("RCPT", Say("450 busy"))) as server:
        dispatcher(smtp(server)).drain(NOW)
    assert rows(school_id)[0].state is MailState.MISSED
