"""Does a session end when it should, and do rights hold as they are now?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from eduprog.accounts import actions, queries
from eduprog.accounts.models import SessionSeen
from eduprog.core import clock
from eduprog.core.db import db, session, transaction
from eduprog.core.permissions import Role
from eduprog.core.tenancy import across_schools, school_scope
from tests.factories.accounts import a_group_membership
from tests.factories.organisations import a_school_group
from tests.integration.accounts.conftest import TESTS, People
from tests.support.page import Browser

AMA = "ama@oakfield.example"


def seen() -> list[datetime]:
    session().rollback()
    return list(session().scalars(select(SessionSeen.seen_at)))


def visit(browser: Browser, path: str = "/account") -> int:
    """Fetch a page to its last byte, as a server does."""
    answer = browser.client.get(path)
    answer.get_data()
    answer.close()
    return answer.status_code


@pytest.fixture
def oakfield(people: People) -> int:
    return people.school()


def test_a_busy_session_ends_after_its_hours(oakfield: int, people: People, time: Any) -> None:
    people.member(oakfield, AMA, Role.TEACHER)
    browser = people.signed_in(AMA)
    for _ in range(12 * 4 - 1):
        time.shift(timedelta(minutes=15))
        assert visit(browser) == 200
    time.shift(timedelta(minutes=14, seconds=59))
    assert visit(browser) == 200
    time.shift(1)
    assert visit(browser) == 302


@pytest.mark.parametrize(("role", "minutes"), [(Role.TEACHER, 30), (Role.SAFEGUARDING_LEAD, 30), (Role.SCHOOL_ADMIN, 15)])
def test_a_session_nobody_uses_ends_sooner_for_admins(role: Role, minutes: int, oakfield: int, people: People, time: Any) -> None:
    people.member(oakfield, AMA, role)
    browser = people.signed_in(AMA)
    time.shift(timedelta(minutes=minutes, seconds=-1))
    assert visit(browser) == 200
    time.shift(timedelta(minutes=minutes))
    assert visit(browser) == 302


def test_an_admin_of_another_school_has_the_short_rest_here_too(oakfield: int, people: People, time: Any) -> None:
    ama = people.member(oakfield, AMA, Role.TEACHER)
    browser = people.signed_in(AMA)
    people.also(people.school("Elm School"), ama, Role.SCHOOL_ADMIN)
    time.shift(timedelta(minutes=16))
    assert visit(browser) == 302


def test_that_a_session_is_used_is_noted_at_most_every_five_minutes(oakfield: int, people: People, time: Any) -> None:
    people.member(oakfield, AMA, Role.TEACHER)
    browser = people.signed_in(AMA)
    began = clock.now()
    time.shift(timedelta(minutes=5, seconds=-1))
    visit(browser)
    assert seen() == [began]
    time.shift(1)
    visit(browser)
    assert seen() == [began + timedelta(minutes=5)]


def test_noting_it_is_a_unit_of_work_of_its_own(oakfield: int, people: People, time: Any, app: Flask) -> None:
    people.member(oakfield, AMA, Role.TEACHER)
    browser = people.signed_in(AMA)
    time.shift(timedelta(minutes=6))
    written: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "BEGIN", "PRAGMA")):
            written.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        answer = browser.client.get("/account")
        assert written == [], "a GET writes nothing while it is answered"
        answer.get_data()
        answer.close()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(written) == 1
    assert "session_seen" in written[0]


def test_that_it_cannot_be_noted_spoils_no_page(
    oakfield: int, people: People, time: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.member(oakfield, AMA, Role.TEACHER)
    browser = people.signed_in(AMA)
    time.shift(timedelta(minutes=6))

    def broken(**_facts: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(actions, "mark_seen", broken)
    assert visit(browser) == 200


def test_signing_out_ends_the_session_and_takes_the_cookie_back(oakfield: int, people: People, app: Flask) -> None:
    people.member(oakfield, AMA, Role.TEACHER)
    browser = people.signed_in(AMA)
    token = people.token(browser)
    page = browser.submit(browser.get("/account"), "/sign-out")
    assert page.heading == "Sign in"
    assert people.token(browser) == ""
    browser.client.set_cookie("eduprog-session", token, domain="127.0.0.1")
    assert not people.is_in(browser)


def test_signing_out_needs_a_form_not_a_link(oakfield: int, people: People) -> None:
    people.member(oakfield, AMA, Role.TEACHER)
    browser = people.signed_in(AMA)
    assert browser.client.get("/sign-out").status_code == 405
    assert people.is_in(browser)


def test_one_can_sign_out_everywhere_else(oakfield: int, people: People) -> None:
    people.member(oakfield, AMA, Role.TEACHER)
    other = people.member(oakfield, "ben@oakfield.example", Role.TEACHER)
    classroom, home, ben = people.signed_in(AMA), people.signed_in(AMA), people.signed_in("ben@oakfield.example")
    page = home.get("/account")
    assert page.words.count("Another browser") == 1
    assert page.words.count("This browser") == 1
    page = home.submit(page, "/account/sign-out-elsewhere")
    assert "signed out everywhere else" in page.words
    assert (people.is_in(classroom), people.is_in(home), people.is_in(ben)) == (False, True, True)
    assert other


@pytest.mark.parametrize("token", ["", "x" * 43, "' OR 1=1 --", "\u00e9" * 20])
def test_a_made_up_cookie_opens_nothing(token: str, oakfield: int, people: People, browser: Browser) -> None:
    people.member(oakfield, AMA, Role.TEACHER)
    browser.client.set_cookie("eduprog-session", token, domain="127.0.0.1")
    assert not people.is_in(browser)


def test_a_role_that_is_given_or_taken_holds_at_once(oakfield: int, people: People) -> None:
    ama = people.member(oakfield, AMA, Role.TEACHER)
    people.member(oakfield, "admin@oakfield.example", Role.SCHOOL_ADMIN)
    browser = people.signed_in(AMA)
    assert visit(browser, "/staff") == 403
    people.also(oakfield, ama, Role.SCHOOL_ADMIN)
    assert visit(browser, "/staff") == 200
    with transaction(), school_scope(oakfield):
        actions.end_role(person_id=ama, role=Role.SCHOOL_ADMIN, by=TESTS, now=clock.now())
    assert visit(browser, "/staff") == 403
    assert visit(browser, "/account") == 200


def test_a_disabled_account_is_out_at_once(oakfield: int, people: People) -> None:
    ama = people.member(oakfield, AMA, Role.TEACHER)
    browser = people.signed_in(AMA)
    with transaction():
        queries.person(ama).disabled_at = clock.now()
    assert not people.is_in(browser)


def test_who_works_at_two_schools_chooses_one_and_sees_only_that(oakfield: int, people: People) -> None:
    ama = people.member(oakfield, AMA, Role.TEACHER)
    people.also(people.school("Elm School"), ama, Role.SCHOOL_ADMIN)
    browser = Browser(people.app)
    page = browser.submit(browser.get("/sign-in"), "/sign-in", email=AMA, password="violin teapot orbit")
    assert page.heading == "Choose a school"
    assert "Elm School" in page.words
    assert "Oakfield Primary School" in page.words
    assert visit(browser, "/staff") == 302, "no school is chosen yet: first choose"
    place = next(p.key for p in places_of(ama) if p.name == "Elm School")
    page = browser.submit(page, "/places", place=place, next="/staff")
    assert page.heading == "Staff"
    assert "Elm School" in page.words
    assert "Oakfield" not in page.words
    oak = next(p.key for p in places_of(ama) if p.name != "Elm School")
    browser.submit(browser.get("/places"), "/places", place=oak)
    assert visit(browser, "/staff") == 403, "a teacher there, whatever she is elsewhere"


def places_of(person_id: int) -> list[queries.Place]:
    with across_schools("a test looks"):
        return queries.places_of(person_id, site_admin=queries.person(person_id).site_admin)


@pytest.mark.parametrize("place", ["school-{other}", "group-1", "site-0", "", "school-x"])
def test_nobody_chooses_a_place_that_is_not_theirs(place: str, oakfield: int, people: People) -> None:
    people.member(oakfield, AMA, Role.TEACHER)
    other = people.school("Elm School")
    browser = people.signed_in(AMA)
    page = browser.post("/places", {**form_token(browser), "place": place.format(other=other)})
    assert page.status == 409
    assert "Oakfield Primary School" in browser.get("/account").words


def form_token(browser: Browser) -> dict[str, str]:
    return {"csrf_token": browser.get("/account").form("/sign-out")["csrf_token"]}


def test_who_looks_over_a_group_sees_the_group_not_a_school(oakfield: int, people: People) -> None:
    ama = people.member(oakfield, AMA, Role.TEACHER)
    with transaction() as work:
        group = a_school_group(name="Riverbank Trust")
        work.add(group)
        work.flush()
        work.add(a_group_membership(ama, group.id))
        work.flush()
    browser = Browser(people.app)
    page = browser.submit(browser.get("/sign-in"), "/sign-in", email=AMA, password="violin teapot orbit")
    assert "Riverbank Trust" in page.words
    key = next(p.key for p in places_of(ama) if p.name == "Riverbank Trust")
    browser.submit(page, "/places", place=key, next="/account")
    assert "Riverbank Trust" in browser.get("/account").words
    assert visit(browser, "/staff") == 403


def test_each_request_asks_as_many_questions_for_one_school_as_for_many(oakfield: int, people: People) -> None:
    ama = people.member(oakfield, AMA, Role.TEACHER)
    browser = people.signed_in(AMA)

    def asked() -> int:
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        visit(browser, "/help")
        event.remove(db.engine, "before_cursor_execute", note)
        return sum("SELECT" in statement for statement in statements)

    before = asked()
    for name in ("Elm School", "Ash School", "Yew School"):
        people.also(people.school(name), ama, Role.TEACHER)
    assert before == asked() == 1
