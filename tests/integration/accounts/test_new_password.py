"""Can who forgot their password get in again, and nobody else?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from eduprog.accounts import actions, queries
from eduprog.accounts.emails import mail_kinds
from eduprog.core import clock
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.mail.models import OutboundEmail
from eduprog.mail.rules import Send, Stop
from tests.factories.accounts import a_group_membership, a_person
from tests.factories.organisations import a_school, a_school_group
from tests.integration.accounts.conftest import PASSWORD, TESTS, People
from tests.support.page import Browser, Page

AMA = "ama@oakfield.example"
NEW = "lantern gravel moose"


@pytest.fixture
def oakfield(people: People) -> int:
    return people.school()


@pytest.fixture
def ama(oakfield: int, people: People) -> int:
    return people.member(oakfield, AMA, Role.TEACHER)


def ask(browser: Browser, email: str) -> tuple[int, str, str]:
    """Ask for a link; give status, address and words of the answer once it is out."""
    fields = {**browser.get("/forgotten-password").form("/forgotten-password"), "email": email}
    answer = browser.client.post("/forgotten-password", data=fields)
    status, location = answer.status_code, answer.headers["Location"]
    answer.get_data()
    answer.close()
    return status, location, browser.get(location).words


def outbox() -> list[OutboundEmail]:
    session().rollback()
    with across_schools("a test looks"):
        return list(session().scalars(select(OutboundEmail).order_by(OutboundEmail.id)))


def link(school_id: int, person_id: int) -> str:
    """Give the path of the link as dispatch would send it now."""
    session().rollback()
    (kind,) = [k for k in mail_kinds("http://127.0.0.1") if k.name == "password-reset"]
    with school_scope(school_id):
        send = kind.still_due([person_id], clock.now())[person_id]
    assert isinstance(send, Send)
    assert send.address == queries.person(person_id).email
    return send.slots["link"].removeprefix("http://127.0.0.1")


def choose(browser: Browser, path: str, password: str = NEW) -> Page:
    page = browser.get(path)
    return browser.submit(page, path, password=password) if page.status == 200 else page


def test_a_link_lets_its_owner_choose_a_new_password(ama: int, oakfield: int, people: People, browser: Browser) -> None:
    before = people.signed_in(AMA)
    ask(browser, " Ama@Oakfield.example")
    (mail,) = outbox()
    assert (mail.kind, mail.subject_id, mail.school_id) == ("password-reset", ama, oakfield)
    path = link(oakfield, ama)
    page = browser.get(path)
    assert page.heading == "Choose a new password"
    choose(browser, path)
    assert people.is_in(browser)
    assert not people.is_in(before), "whoever was in with the old one is out"
    assert people.is_in(people.signed_in(AMA, NEW))
    assert "is not right" in people.sign_in(Browser(people.app), AMA, PASSWORD).words


def test_the_link_works_once_even_if_it_was_sent_twice(ama: int, oakfield: int, people: People, browser: Browser) -> None:
    first, second = link(oakfield, ama), link(oakfield, ama)
    page = Browser(people.app).get(second)
    assert page.status == 200
    choose(browser, first)
    for path in (first, second):
        assert choose(Browser(people.app), path, "another gravel moose").status == 410
    assert people.is_in(people.signed_in(AMA, NEW))


def test_the_link_runs_out_after_an_hour(ama: int, oakfield: int, people: People, browser: Browser, time: Any) -> None:
    path = link(oakfield, ama)
    time.shift(timedelta(minutes=59, seconds=59))
    page = browser.get(path)
    assert page.status == 200
    time.shift(1)
    assert browser.get(path).status == 410
    assert browser.submit(page, path, password=NEW).status == 410
    assert people.is_in(people.signed_in(AMA))


def test_looking_at_the_link_changes_nothing(ama: int, oakfield: int, people: People, browser: Browser) -> None:
    path = link(oakfield, ama)
    for _ in range(3):
        browser.get(path)
    assert people.is_in(people.signed_in(AMA))
    assert choose(browser, path).status == 200


@pytest.mark.parametrize("path", ["/new-password/x", "/new-password/WzEsImEiLDFd.aaaa.bbbb"])
def test_a_made_up_link_opens_nothing(path: str, ama: int, browser: Browser) -> None:
    assert browser.get(path).status == 410


def test_a_weak_password_is_refused(ama: int, oakfield: int, browser: Browser) -> None:
    assert "too easy" in choose(browser, link(oakfield, ama), "qwertyuiop").words


def test_nobody_learns_who_has_an_account(ama: int, oakfield: int, people: People, browser: Browser) -> None:
    known = ask(browser, AMA)
    unknown = ask(browser, "nobody@oakfield.example")
    assert known == unknown
    assert known[0] == 302
    assert [mail.recipient_id for mail in outbox()] == [ama], "and nothing is sent to an unknown address"


def test_whether_there_is_an_account_is_looked_up_after_the_answer(
    ama: int, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(actions, "request_password_reset", lambda **facts: asked.append(facts["email"]))
    fields = {**browser.get("/forgotten-password").form("/forgotten-password"), "email": AMA}
    answer = browser.client.post("/forgotten-password", data=fields)
    assert asked == []
    answer.get_data()
    answer.close()
    assert asked == [AMA]


def test_asking_over_and_over_sends_one_mail_in_five_minutes(ama: int, browser: Browser, time: Any) -> None:
    for _ in range(3):
        ask(browser, AMA)
    assert len(outbox()) == 1
    time.shift(timedelta(minutes=5))
    ask(browser, AMA)
    assert len(outbox()) == 2


def test_the_disabled_and_those_without_a_place_get_no_mail(ama: int, oakfield: int, people: People, browser: Browser) -> None:
    ben = people.member(oakfield, "ben@oakfield.example", Role.TEACHER)
    with transaction():
        queries.person(ama).disabled_at = clock.now()
        with school_scope(oakfield):
            actions.end_membership(person_id=ben, by=TESTS, now=clock.now())
    ask(browser, AMA)
    ask(browser, "ben@oakfield.example")
    assert outbox() == []
    (kind,) = [k for k in mail_kinds("http://x") if k.name == "password-reset"]
    with school_scope(oakfield):
        assert isinstance(kind.still_due([ama], clock.now())[ama], Stop)


def test_group_leads_and_site_admins_get_their_mail_through_a_school_of_theirs(people: People, browser: Browser) -> None:
    people.school("Oldest School")
    with transaction() as work:
        group = a_school_group()
        work.add(group)
        work.flush()
        member = a_school(name="Riverbank School", school_group_id=group.id)
        lead, keeper = a_person(email="lead@trust.example"), a_person(email="keeper@trust.example", site_admin=True)
        work.add_all([member, lead, keeper])
        work.flush()
        work.add(a_group_membership(lead.id, group.id))
        work.flush()
        of_group, lead_id, keeper_id = member.id, lead.id, keeper.id
    ask(browser, "lead@trust.example")
    ask(browser, "keeper@trust.example")
    assert [(m.recipient_id, m.school_id) for m in outbox()] == [(lead_id, of_group), (keeper_id, of_group - 1)]


def test_the_own_password_is_changed_by_who_knows_it(ama: int, people: People) -> None:
    browser, elsewhere = people.signed_in(AMA), people.signed_in(AMA)
    page = browser.get("/account/password")
    page = browser.submit(page, "/account/password", old_password="wrong", password=NEW)
    assert "That is not the password you have now" in page.words
    page = browser.submit(page, "/account/password", old_password=PASSWORD, password="oakfield2026")
    assert "must not be made of" in page.words
    page = browser.submit(page, "/account/password", old_password=PASSWORD, password=NEW)
    assert "Your password is changed" in page.words
    assert people.is_in(browser)
    assert not people.is_in(elsewhere)
    assert people.is_in(people.signed_in(AMA, NEW))


def test_guessing_the_own_password_is_slowed_down_too(ama: int, people: People, time: Any) -> None:
    browser = people.signed_in(AMA)
    page = browser.get("/account/password")
    for _ in range(3):
        page = browser.submit(page, "/account/password", old_password="wrong", password=NEW)
    page = browser.submit(page, "/account/password", old_password=PASSWORD, password=NEW)
    assert "Too many wrong tries" in page.words


def test_a_password_that_was_changed_meanwhile_is_not_overwritten(ama: int) -> None:
    with transaction(), pytest.raises(actions.PasswordNotRight):
        actions.change_password(person_id=ama, kept_before="another", kept="new", keep_session=None, now=clock.now())
