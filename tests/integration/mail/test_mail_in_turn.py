"""Where much is due at once: who comes first?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from eduprog.core.db import transaction
from eduprog.mail import queries
from eduprog.mail.jobs import Dispatcher
from eduprog.mail.rules import MailState
from tests.factories.mail import Notices, address_of
from tests.factories.organisations import a_school
from tests.integration.mail.conftest import NOW, queue, rows, smtp, states
from tests.support.smtp import Stall, mail_server, on

Make = Callable[..., Dispatcher]


def test_what_fell_due_last_goes_before_what_its_school_has_waiting(app: Flask, school_id: int) -> None:
    queue(school_id, 200, due_at=NOW - timedelta(minutes=10))
    queue(school_id, 2, first=201, due_at=NOW)
    by_id = {row.id: row.subject_id for row in rows(school_id)}
    groups = queries.due_groups(NOW, size=50)
    assert [by_id[message.id] for message in groups[0][:4]] == [201, 202, 1, 2]
    assert sorted(by_id[message.id] for group in groups for message in group) == list(range(1, 203))


def test_before_a_slow_server_schools_take_turns_of_one_batch(
    app: Flask, school_id: int, notices: Notices, dispatcher: Make
) -> None:
    with transaction() as work:
        small = a_school()
        work.add(small)
        work.flush()
    queue(school_id, 16)
    queue(small.id, 4, first=17)
    with mail_server(on("DOT", Stall(0.07))) as server:
        dispatcher(smtp(server, patience=20, verb_seconds=20), batch=4).drain(NOW)
    came = [received.recipients[0] for received in server.log.received]
    assert came[4:8] == [address_of(number) for number in range(17, 21)]
    assert states(small.id) == {MailState.SENT: 4}
