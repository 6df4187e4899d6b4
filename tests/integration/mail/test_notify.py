"""Does a school's own account at GOV.UK Notify carry its letters, each once, and stop what cannot be delivered?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from eduprog.core.db import session, transaction
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.mail import actions, queries
from eduprog.mail.jobs import poll_notify
from eduprog.mail.models import NotifyAccount
from eduprog.mail.rules import Accepted, Later, Letter, Refused
from eduprog.mail.rules.frame import Frame
from eduprog.mail.transports import Envelope, MemoryTransport
from eduprog.mail.transports.logins import NotifyLogin
from eduprog.mail.transports.notify import NotifyConnection
from eduprog.mail.transports.routing import SchoolsTransport
from tests.integration.families.conftest import TAUGHT
from tests.support.notify import KEY, TEMPLATE, NotifyServer
from tests.support.scenes import SET_UP, Scene, a_planned_school


@pytest.fixture
def notify() -> Iterator[NotifyServer]:
    """A server that speaks as Notify does."""
    running = NotifyServer()
    yield running
    running.close()


def _quiet(_seconds: float) -> None:
    return None


def _envelope(school_id: int = 1, message_id: str = "<1@eduprog.example>") -> Envelope:
    letter = Letter("Ten minutes together", "Zażółć gęślą jaźń.\n\n«leave»\n", "<p>…</p>", ("leave",), "pl")
    leave = "https://eduprog.example/leave/token"
    content = Frame(letter, "eduprog", "post@eduprog.example").fill(
        address="ada@home.example", message_id=message_id, date="Thu, 26 Nov 2026 16:30:00 +0000", slots={"leave": leave},
        unsubscribe=leave,
    )  # fmt: skip
    return Envelope("post@eduprog.example", "ada@home.example", message_id, content, school_id)


def test_a_letter_goes_whole_with_its_one_click_link_and_never_twice(notify: NotifyServer) -> None:
    connection = NotifyConnection(NotifyLogin(KEY, TEMPLATE, notify.url))
    for _again in range(2):
        assert connection.hand_over(_envelope(), _quiet) == Accepted()
    [taken] = notify.taken
    assert taken["email_address"] == "ada@home.example"
    assert taken["template_id"] == TEMPLATE
    assert taken["personalisation"]["subject"] == "Ten minutes together"
    assert "Zażółć gęślą jaźń." in taken["personalisation"]["body"]
    assert taken["one_click_unsubscribe_url"] == "https://eduprog.example/leave/token"
    connection.close()


@pytest.mark.parametrize(
    ("status", "said", "outcome"),
    [
        (400, "email_address Not a valid email address", Refused("GOV.UK Notify refused it", bad_address=True)),
        (400, "Missing personalisation: body", Refused("GOV.UK Notify refused it")),
        (429, "Exceeded rate limit", Later("GOV.UK Notify takes no more messages for now")),
        (500, "Internal server error", Later("GOV.UK Notify answered 500")),
    ],
)
def test_what_notify_refuses_is_told_as_what_it_is(notify: NotifyServer, status: int, said: str, outcome: object) -> None:
    notify.answers.append((status, said))
    connection = NotifyConnection(NotifyLogin(KEY, TEMPLATE, notify.url))
    assert connection.hand_over(_envelope(), _quiet) == outcome
    assert notify.taken == []
    connection.close()


def test_a_wrong_key_or_a_server_that_is_away_loses_nothing(notify: NotifyServer) -> None:
    wrong = NotifyConnection(NotifyLogin(KEY[:-1] + "1", TEMPLATE, notify.url))
    assert wrong.hand_over(_envelope(), _quiet) == Later("GOV.UK Notify refused the school's key")
    wrong.close()
    away = NotifyConnection(NotifyLogin(KEY, TEMPLATE, "http://127.0.0.1:9"))
    assert away.hand_over(_envelope(), _quiet) == Later("GOV.UK Notify cannot be reached")
    away.close()


def test_each_school_goes_its_own_way(notify: NotifyServer) -> None:
    usual = MemoryTransport()
    transport = SchoolsTransport(usual, lambda: {7: NotifyLogin(KEY, TEMPLATE, notify.url)})
    connection = transport.connect()
    assert connection.hand_over(_envelope(7, "<7@eduprog.example>"), _quiet) == Accepted()
    assert connection.hand_over(_envelope(8, "<8@eduprog.example>"), _quiet) == Accepted()
    assert [one["reference"] for one in notify.taken] == ["<7@eduprog.example>"]
    assert [one.message_id for one in usual.sent] == ["<8@eduprog.example>"]
    connection.close()
    assert SchoolsTransport(usual, dict).connect() is usual


def test_a_key_is_kept_encrypted_and_addresses_that_do_not_work_are_not_written_to_again(
    app: Flask, notify: NotifyServer
) -> None:
    scene: Scene = a_planned_school()
    with school_scope(scene.school_id), transaction():
        actions.save_notify_account(key=f" {KEY} ", template_id=TEMPLATE, by=SET_UP, now=TAUGHT)
    with across_schools("test"):
        [row] = session().query(NotifyAccount).all()
        assert KEY[-36:] not in row.key_encrypted
    session().rollback()
    assert [(one.school_id, one.key) for one in queries.notify_accounts()] == [(scene.school_id, KEY)]
    notify.taken += [
        {"reference": "a", "email_address": "gone@home.example", "status": "permanent-failure"},
        {"reference": "b", "email_address": "fine@home.example", "status": "delivered"},
    ]
    assert poll_notify(school_id=scene.school_id, now=TAUGHT, url=notify.url) == 1
    assert poll_notify(school_id=scene.school_id, now=TAUGHT, url=notify.url) == 0
    with school_scope(scene.school_id):
        hashes = [queries.address_hash(f"{who}@home.example") for who in ("gone", "fine")]
        assert queries.suppressed(hashes) == {hashes[0]}
        with transaction():
            actions.remove_notify_account(by=SET_UP, now=TAUGHT)
    assert poll_notify(school_id=scene.school_id, now=TAUGHT, url=notify.url) == 0
