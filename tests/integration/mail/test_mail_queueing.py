"""Putting messages in, taking them out, asking for another try."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from eduprog.core import audit
from eduprog.core.db import WriteOutsideTransaction, db, session, transaction
from eduprog.core.errors import NotHere
from eduprog.core.permissions import job, person
from eduprog.core.tenancy import school_scope
from eduprog.mail import actions, queries
from eduprog.mail.models import OutboundEmail
from eduprog.mail.rules import MailState, RecipientKind
from tests.factories.mail import NOTICE, a_suppressed_address, an_outbound_email
from tests.factories.organisations import a_school
from tests.integration.mail.conftest import NOW, queue, rows, states

BY = person(7)


def enqueue(key: str = "digest:1", subject_id: int = 1) -> OutboundEmail:
    return actions.enqueue(
        key=key, kind=NOTICE, subject_id=subject_id, recipient_kind=RecipientKind.CONTACT, recipient_id=1, due_at=NOW, now=NOW
    )


def test_a_key_queued_twice_gives_the_first_row_back(school_id: int) -> None:
    with school_scope(school_id), transaction():
        first = enqueue()
        again = enqueue(subject_id=2)
        assert (again.id, again.subject_id) == (first.id, 1)
    assert len(rows(school_id)) == 1


def test_the_same_key_may_stand_in_two_schools(school_id: int) -> None:
    with transaction() as work:
        other = a_school()
        work.add(other)
        work.flush()
    for each in (school_id, other.id):
        with school_scope(each), transaction():
            enqueue()
    assert len(rows(school_id)) == len(rows(other.id)) == 1


def test_what_is_rolled_back_was_never_queued(school_id: int) -> None:
    with school_scope(school_id), transaction() as work:
        enqueue()
        work.rollback()
    assert rows(school_id) == []


def test_queueing_outside_a_unit_of_work_is_refused(school_id: int) -> None:
    with pytest.raises(WriteOutsideTransaction), school_scope(school_id):
        enqueue()


def test_many_queue_the_same_key_at_once_and_one_row_comes_of_it(app: Flask, school_id: int) -> None:
    together = threading.Barrier(4)
    found: list[int] = []

    def run() -> None:
        with app.app_context(), school_scope(school_id):
            together.wait()
            with transaction():
                found.append(enqueue().id)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert len(rows(school_id)) == 1


def test_cancelled_means_not_sent_and_is_on_record(school_id: int) -> None:
    queue(school_id, 2)
    with school_scope(school_id), transaction():
        assert actions.cancel(kind=NOTICE, subject_id=2, by=BY, now=NOW, reason="The lesson was undone.") == 1
    with school_scope(school_id), transaction():
        assert actions.cancel(kind=NOTICE, subject_id=2, by=BY, now=NOW, reason="again") == 0
        assert audit.broken_at() is None
    assert [(row.state, row.outcome) for row in rows(school_id)] == [
        (MailState.PENDING, None),
        (MailState.CANCELLED, "The lesson was undone."),
    ]


def test_what_is_on_its_way_cannot_be_cancelled(school_id: int) -> None:
    queue(school_id, 1)
    with school_scope(school_id), transaction():
        actions.claim(ids=[rows(school_id)[0].id], owner="somebody", now=NOW, lease=timedelta(minutes=5))
    with school_scope(school_id), transaction():
        assert actions.cancel(kind=NOTICE, subject_id=1, by=BY, now=NOW, reason="too late") == 0
    assert states(school_id) == {MailState.SENDING: 1}


@pytest.mark.parametrize("state", [MailState.FAILED, MailState.MISSED, MailState.CANCELLED])
def test_a_person_may_have_a_message_sent_again(school_id: int, state: MailState) -> None:
    past = NOW - timedelta(days=1)
    with school_scope(school_id), transaction() as work:
        row = an_outbound_email(state=state, due_at=past, too_late_at=past + timedelta(hours=1), attempts=5, outcome="no")
        work.add(row)
    with school_scope(school_id), transaction():
        actions.send_again(email_id=row.id, by=BY, now=NOW)
    again = rows(school_id)[0]
    assert (again.state, again.due_at, again.too_late_at, again.attempts) == (MailState.PENDING, NOW, None, 0)


def test_a_doubtful_message_stays_marked_when_a_person_sends_it_again(school_id: int) -> None:
    with school_scope(school_id), transaction() as work:
        row = an_outbound_email(state=MailState.IN_DOUBT, waits_for_person=True, doubts=1, due_at=NOW)
        work.add(row)
    with school_scope(school_id), transaction():
        actions.send_again(email_id=row.id, by=BY, now=NOW)
    again = rows(school_id)[0]
    assert (again.state, again.waits_for_person, again.doubts) == (MailState.IN_DOUBT, False, 1)


@pytest.mark.parametrize("state", [MailState.PENDING, MailState.SENT])
def test_what_is_sent_or_waiting_is_not_sent_again(school_id: int, state: MailState) -> None:
    with school_scope(school_id), transaction() as work:
        row = an_outbound_email(state=state, sent_at=NOW if state is MailState.SENT else None)
        work.add(row)
    with pytest.raises(actions.NotToSendAgain), school_scope(school_id), transaction():
        actions.send_again(email_id=row.id, by=BY, now=NOW)


def test_another_schools_message_is_not_here(school_id: int) -> None:
    with transaction() as work:
        other = a_school()
        work.add(other)
        work.flush()
    queue(school_id, 1)
    with pytest.raises(NotHere), school_scope(other.id), transaction():
        actions.send_again(email_id=rows(school_id)[0].id, by=BY, now=NOW)
    with school_scope(other.id), transaction():
        assert actions.cancel(kind=NOTICE, subject_id=1, by=job("test"), now=NOW, reason="no") == 0
    assert states(school_id) == {MailState.PENDING: 1}


@pytest.mark.parametrize(
    "changes",
    [
        {"owner": "x"},
        {"state": MailState.SENDING},
        {"state": MailState.SENT},
        {"sent_at": NOW},
        {"waits_for_person": True},
        {"attempts": -1},
        {"too_late_at": NOW - timedelta(days=300)},
    ],
)
def test_the_database_refuses_states_that_contradict_themselves(school_id: int, changes: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), school_scope(school_id), transaction() as work:
        work.add(an_outbound_email(**{"due_at": NOW, **changes}))


def test_an_address_is_suppressed_once_and_may_be_let_in_again(school_id: int) -> None:
    for _ in range(2):
        with school_scope(school_id), transaction():
            actions.suppress(address="Ama@Home.example", reason="left", now=NOW)
    hashed = queries.address_hash("ama@home.example ")
    with school_scope(school_id):
        assert queries.suppressed([hashed]) == {hashed}
    with school_scope(school_id), transaction():
        actions.unsuppress(address="ama@home.example")
    with school_scope(school_id):
        assert queries.suppressed([hashed]) == frozenset()


def test_a_suppression_is_unique_in_its_school(school_id: int) -> None:
    with pytest.raises(IntegrityError), school_scope(school_id), transaction() as work:
        work.add_all([a_suppressed_address(address_hash="a"), a_suppressed_address(address_hash="a")])


def test_troubles_show_what_failed_with_its_reason(school_id: int) -> None:
    with school_scope(school_id), transaction() as work:
        work.add_all([
            an_outbound_email(subject_id=1, state=MailState.FAILED, outcome="550 no such box", due_at=NOW),
            an_outbound_email(subject_id=2, state=MailState.SENT, sent_at=NOW),
            an_outbound_email(subject_id=3),
            an_outbound_email(subject_id=4, attempts=2, outcome="451 greylisted", due_at=NOW + timedelta(hours=1)),
        ])  # fmt: skip
    with school_scope(school_id):
        assert [(t.subject_id, t.state, t.reason) for t in queries.troubles()] == [
            (4, MailState.PENDING, "451 greylisted"),
            (1, MailState.FAILED, "550 no such box"),
        ]
        assert queries.states_of(NOTICE, [1, 2, 9]) == {1: MailState.FAILED, 2: MailState.SENT}
    state = queries.outbox_state()
    assert state.counts == {MailState.FAILED: 1, MailState.SENT: 1, MailState.PENDING: 2}
    assert state.oldest_due is not None


def test_looking_for_what_is_due_uses_the_partial_indexes(app: Flask, school_id: int) -> None:
    queue(school_id, 400, due_at=NOW + timedelta(days=1))
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE outbound_email")
            connection.exec_driver_sql("SET enable_seqscan = off")
            plan = _plan(connection, "EXPLAIN ")
    else:
        with db.engine.connect() as connection:
            plan = _plan(connection, "EXPLAIN QUERY PLAN ")
    assert "ix_outbound_email_queue" in plan or "ix_outbound_email_due" in plan
    session().rollback()


def _plan(connection, prefix: str) -> str:
    statement = (
        "SELECT school.id FROM school WHERE EXISTS (SELECT 1 FROM outbound_email WHERE outbound_email.school_id = school.id AND "
        f"{queries.TO_SEND.text} AND outbound_email.due_at <= '2026-11-12 08:00:00') ORDER BY school.id"
    )
    return " ".join(str(row) for row in connection.exec_driver_sql(prefix + statement))
