"""What happens where two things meet: a link and a leaver, a reset and a failing database, a group and a stranger?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from eduprog.accounts import actions, queries
from eduprog.accounts.emails import mail_kinds
from eduprog.accounts.rules import invitation_token, reset_token
from eduprog.core import clock
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role
from eduprog.core.tenancy import school_scope
from eduprog.organisations import actions as organisations
from eduprog.organisations.rules import GroupKind
from tests.factories.accounts import a_person
from tests.integration.accounts.conftest import TESTS, People
from tests.support.page import Browser

BEN = "ben@oakfield.example"


@pytest.fixture
def oakfield(people: People) -> int:
    return people.school()


@pytest.fixture
def token(oakfield: int) -> str:
    """Ben is invited; give the secret of his link."""
    with transaction(), school_scope(oakfield):
        held = actions.invite(name="Ben", email=BEN, roles=[Role.TEACHER], by=TESTS, now=clock.now())
        return invitation_token(oakfield, BEN, held.invited_at)


def test_a_disabled_person_does_not_come_back_by_an_invitation(oakfield: int, token: str) -> None:
    with transaction():
        invited = queries.person_by_email(BEN)
        assert invited is not None
        invited.disabled_at = clock.now()
    with transaction(), school_scope(oakfield), pytest.raises(actions.InvitationOver):
        actions.accept_invitation(token=token, kept="kept", now=clock.now())


def test_nobody_joins_without_any_password(oakfield: int, token: str) -> None:
    with transaction(), school_scope(oakfield), pytest.raises(actions.InvitationOver):
        actions.accept_invitation(token=token, kept=None, now=clock.now())


def test_an_invitation_counts_in_its_own_school_only(token: str, people: People) -> None:
    elm = people.school("Elm School")
    with transaction(), school_scope(elm), pytest.raises(actions.InvitationOver):
        actions.accept_invitation(token=token, kept="kept", now=clock.now())


def test_a_role_that_was_given_meanwhile_is_not_given_twice(oakfield: int, token: str, people: People) -> None:
    ben = queries.person_by_email(BEN)
    assert ben is not None
    people.also(oakfield, ben.id, Role.TEACHER)
    with transaction(), school_scope(oakfield):
        actions.accept_invitation(token=token, kept="kept", now=clock.now())
        assert queries.person_of_school(ben.id).roles == (Role.TEACHER,)


def test_a_reset_link_loses_against_a_password_that_was_changed_first(oakfield: int, people: People) -> None:
    ben = people.member(oakfield, BEN, Role.TEACHER)
    link = reset_token(ben, queries.person(ben).password_hash, clock.now())
    with transaction():
        queries.person(ben).password_hash = "another"
    with transaction(), pytest.raises(actions.ResetOver):
        actions.reset_password(token=link, kept="mine", now=clock.now())
    with transaction(), pytest.raises(actions.ResetOver):
        actions.reset_password(token="made up", kept="mine", now=clock.now())


def test_the_password_that_is_checked_is_the_one_under_the_lock(
    oakfield: int, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    ben = people.member(oakfield, BEN, Role.TEACHER)
    link = reset_token(ben, queries.person(ben).password_hash, clock.now())
    real, asked = queries.person_of_reset, []

    def first_yes_then_no(*facts: object) -> int | None:
        asked.append(facts)
        return ben if len(asked) == 1 else real("changed meanwhile", clock.now())

    monkeypatch.setattr(queries, "person_of_reset", first_yes_then_no)
    with transaction(), pytest.raises(actions.ResetOver):
        actions.reset_password(token=link, kept="mine", now=clock.now())


def test_a_new_password_gives_no_school_to_who_has_none(oakfield: int, people: People, browser: Browser) -> None:
    with transaction() as work:
        row = a_person(email="nobody@oakfield.example")
        work.add(row)
        work.flush()
        person_id = row.id
    path = f"/new-password/{reset_token(person_id, None, clock.now())}"
    assert browser.submit(browser.get(path), path, password="lantern gravel moose").status == 403
    assert not people.is_in(browser)


def test_a_link_that_cannot_be_queued_is_no_page_of_errors(
    oakfield: int, people: People, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.member(oakfield, BEN, Role.TEACHER)

    def fail(**_facts: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(actions, "request_password_reset", fail)
    fields = {**browser.get("/forgotten-password").form("/forgotten-password"), "email": BEN}
    answer = browser.client.post("/forgotten-password", data=fields)
    assert answer.status_code == 302
    answer.close()


def test_what_is_no_address_is_said_at_once(browser: Browser) -> None:
    page = browser.submit(browser.get("/forgotten-password"), "/forgotten-password", email="ben")
    assert "Enter an email address like" in page.words


def test_the_mail_for_a_new_password_names_no_school(oakfield: int, people: People) -> None:
    people.member(oakfield, BEN, Role.TEACHER)
    (kind,) = [k for k in mail_kinds("http://127.0.0.1") if k.name == "password-reset"]
    with school_scope(oakfield):
        letter = kind.render("reset")
    assert letter.subject == "Choose a new password for eduprog"
    assert "Oakfield" not in letter.text + letter.html
    assert letter.text.count("«link»") == letter.html.count("«link»") == 1


def test_a_person_looks_over_a_group_once(people: People) -> None:
    with transaction():
        group = organisations.create_school_group(name="Trust", kind=GroupKind.TRUST, by=TESTS, now=clock.now()).id
        lead = actions.create_person(name="Lee", email="lee@trust.example", by=TESTS, now=clock.now()).id
        actions.grant_group_role(person_id=lead, school_group_id=group, by=TESTS, now=clock.now())
        with pytest.raises(actions.RoleAlreadyHeld):
            actions.grant_group_role(person_id=lead, school_group_id=group, by=TESTS, now=clock.now())


def test_the_demo_is_open_by_its_other_name_too(
    oakfield: int, people: People, browser: Browser, with_settings: Callable[..., None]
) -> None:
    people.member(oakfield, BEN, Role.TEACHER, name="Ben Okafor")
    with_settings(DEMO=True)
    assert "Ben Okafor" in browser.client.get("/sign-in", base_url="http://localhost").get_data(as_text=True)
    assert "Ben Okafor" in browser.client.get("/sign-in", base_url="http://[::1]").get_data(as_text=True)


def test_a_new_school_without_a_site_admin_known_before_makes_one_of_a_known_person(oakfield: int, people: People) -> None:
    ben = people.member(oakfield, BEN, Role.TEACHER)
    with transaction():
        assert actions.make_site_admin(name="ignored", email=BEN.upper(), by=TESTS, now=clock.now()) == ben
    session().rollback()
    assert queries.person(ben).site_admin
    assert queries.person(ben).name == "Ama Mensah"
