"""Do passwords and tokens stay out of the logs?"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest
import structlog
from structlog.testing import LogCapture

from eduprog.accounts.emails import mail_kinds
from eduprog.core import clock
from eduprog.core.db import session
from eduprog.core.permissions import Role
from eduprog.core.tenancy import school_scope
from tests.integration.accounts.conftest import PASSWORD, People
from tests.support.listening import listened
from tests.support.page import Browser

AMA = "ama@oakfield.example"


@pytest.fixture
def logged() -> Iterator[LogCapture]:
    """Take everything that would be logged, however small."""
    with listened() as capture:
        yield capture


def test_who_is_refused_what_is_logged_with_numbers_alone_and_each_in_one_line(
    people: People, browser: Browser, logged: LogCapture
) -> None:
    school_id = people.school()
    ama = people.member(school_id, AMA, Role.TEACHER)
    typed = 'zqx\r\n{"event": "made up"}'
    people.sign_in(browser, AMA, typed)
    people.sign_in(browser, f"nobody@{typed}.example", typed)
    people.sign_in(browser, AMA)
    asked = [browser.client.get(path).status_code for path in ("/staff", "/follow-ups/77", "/lessons/zqx%0D%0Azqx")]
    asked.append(browser.client.post(f"/own-lessons?x={typed}", data={"title": typed}).status_code)
    assert asked == [403, 404, 404, 400]
    for _ in range(9):
        people.sign_in(Browser(people.app), "ben@oakfield.example", "x")
    found = [(one["event"], one.get("why"), one.get("person_id"), one.get("asked")) for one in logged.entries]
    for wanted in (
        ("sign-in refused", None, ama, None),
        ("sign-in refused", None, None, None),
        ("refused", "may not", ama, {}),
        ("refused", "not there, or not theirs", ama, {"follow_up_id": 77}),
        ("refused", "its form could not be checked", ama, {}),
    ):
        assert wanted in found
    assert "sign-in held back" in [one[0] for one in found]
    assert {one["school_id"] for one in logged.entries if one["event"] == "refused"} == {school_id}
    lines = [structlog.processors.JSONRenderer()(None, "", dict(one)) for one in logged.entries]
    assert not [line for line in lines if "zqx" in line or "\n" in str(line) or "\r" in str(line)]


def test_nothing_secret_is_logged(
    people: People, browser: Browser, logged: LogCapture, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    school_id = people.school()
    ama = people.member(school_id, AMA, Role.TEACHER)
    people.sign_in(browser, AMA, "mistaken kettle raven")
    people.sign_in(browser, AMA)
    token = people.token(browser)
    (kind,) = [k for k in mail_kinds("http://127.0.0.1") if k.name == "password-reset"]
    session().rollback()
    with school_scope(school_id):
        send = kind.still_due([ama], clock.now())[ama]
    path = getattr(send, "slots")["link"].removeprefix("http://127.0.0.1")  # noqa: B009 - a Send, or the test fails
    browser.submit(browser.get(path), path, password="lantern gravel moose")

    def fail(*_args: object, **_facts: object) -> None:
        raise RuntimeError("something broke")

    monkeypatch.setattr("eduprog.accounts.views.sign_in.check_password", fail)
    browser.submit(browser.get("/account"), "/sign-out")
    assert people.sign_in(browser, AMA).status == 500
    text = f"{logged.entries} {[record.getMessage() for record in caplog.records]}"
    assert "signed in" in text, "the log was listened to"
    assert "something broke" in text
    secrets = [
        PASSWORD,
        "mistaken kettle raven",
        "lantern gravel moose",
        token,
        path.rsplit("/", 1)[1],
        people.token(browser),
        AMA,
    ]
    for secret in filter(None, secrets):
        assert not re.search(re.escape(secret), text)
