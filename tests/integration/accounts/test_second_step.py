"""Does the second step keep a stolen password out, let its owner in, and bind those who must have it?"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from eduprog.accounts import actions, queries
from eduprog.accounts.models import SecondFactor
from eduprog.accounts.rules import code_at
from eduprog.core import clock, crypto
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role, person
from tests.integration.accounts.conftest import PASSWORD, People
from tests.support.page import Browser, Page

AMA = "ama@oakfield.example"
STEP = timedelta(seconds=30)


@pytest.fixture
def ama(people: People, time: time_machine.Coordinates) -> int:
    return people.member(people.school(), AMA, Role.SCHOOL_ADMIN)


def _code(person_id: int) -> str:
    session().rollback()
    secret = crypto.decrypt(session().get_one(SecondFactor, person_id).secret_encrypted)
    return code_at(secret, int(clock.now().timestamp()) // 30)


def _with_factor(person_id: int, time: time_machine.Coordinates) -> list[str]:
    with transaction():
        actions.begin_factor(person_id=person_id, now=clock.now())
    with transaction():
        codes = actions.confirm_factor(
            person_id=person_id, code=_code(person_id), keep_session=None, by=person(person_id), now=clock.now()
        )
    time.shift(STEP)
    return codes


def _type(browser: Browser, page: Page, code: str) -> Page:
    return browser.submit(page, "/sign-in/code", code=code)


def test_an_admin_sets_it_up_on_the_page_and_is_asked_for_it_from_then_on(
    ama: int, people: People, time: time_machine.Coordinates, app: Flask
) -> None:
    browser, elsewhere = people.signed_in(AMA), people.signed_in(AMA)
    page = browser.submit(browser.get("/account/second-step"), "/account/second-step")
    assert "<svg" in page.text
    wrong = browser.submit(page, "/account/second-step/confirmation", code="000000")
    assert wrong.status == 422
    done = browser.submit(wrong, "/account/second-step/confirmation", code=_code(ama))
    codes = re.findall(r"<code>([A-Z0-9]{5}-[A-Z0-9]{5})</code>", done.text)
    assert len(codes) == 10
    assert people.is_in(browser)
    assert not people.is_in(elsewhere)
    time.shift(STEP)
    asked = people.sign_in(Browser(app), AMA)
    assert asked.heading == "Enter your code"
    late = Browser(app)
    page = people.sign_in(late, AMA)
    assert _type(late, page, _code(ama)).heading == "Your account"


def test_the_password_alone_opens_nothing_and_five_wrong_codes_make_it_wait(
    ama: int, people: People, time: time_machine.Coordinates, browser: Browser
) -> None:
    _with_factor(ama, time)
    page = people.sign_in(browser, AMA)
    assert not people.is_in(browser)
    for _ in range(8):
        page = _type(browser, page, "000000")
        time.shift(timedelta(seconds=10))
    assert "Too many wrong tries" in page.words
    assert "Too many wrong tries" in _type(browser, page, _code(ama)).words
    assert not people.is_in(browser)


def test_a_code_is_good_once(ama: int, people: People, time: time_machine.Coordinates, app: Flask) -> None:
    _with_factor(ama, time)
    one, other = Browser(app), Browser(app)
    code = _code(ama)
    assert _type(one, people.sign_in(one, AMA), code).heading == "Your account"
    assert "not right" in _type(other, people.sign_in(other, AMA), code).words


def test_a_recovery_code_lets_in_once(ama: int, people: People, time: time_machine.Coordinates, app: Flask) -> None:
    codes = _with_factor(ama, time)
    one, other = Browser(app), Browser(app)
    assert _type(one, people.sign_in(one, AMA), codes[3].lower()).heading == "Your account"
    assert "not right" in _type(other, people.sign_in(other, AMA), codes[3]).words
    state = queries.factor_state(ama)
    assert state is not None
    assert state.codes_left == 9


def test_a_new_password_by_mail_does_not_go_round_the_second_step(
    ama: int, people: People, time: time_machine.Coordinates, browser: Browser
) -> None:
    from eduprog.accounts.rules import reset_token

    _with_factor(ama, time)
    token = reset_token(ama, queries.person(ama).password_hash, clock.now())
    page = browser.get(f"/new-password/{token}")
    after = browser.submit(page, f"/new-password/{token}", password="seven purple kettles")
    assert after.heading == "Enter your code"
    assert not people.is_in(browser)


def test_half_way_in_ends_after_ten_minutes_or_with_another_password(
    ama: int, people: People, time: time_machine.Coordinates, browser: Browser
) -> None:
    _with_factor(ama, time)
    page = people.sign_in(browser, AMA)
    time.shift(timedelta(minutes=11))
    assert _type(browser, page, _code(ama)).heading == "Sign in"


def test_who_must_have_one_gets_nowhere_else_until_it_is_set_up(
    ama: int, people: People, time: time_machine.Coordinates, with_settings: Callable[..., None]
) -> None:
    teacher = people.member(1, "t@oakfield.example", Role.TEACHER, name="Theo Teacher")
    assert teacher
    browser, theo = people.signed_in(AMA), people.signed_in("t@oakfield.example")
    with_settings(SECOND_FACTOR="leads")
    page = browser.get("/staff")
    assert page.heading == "Second step when you sign in"
    assert "it is needed" in page.words
    assert browser.status("/staff/invite", "POST") in (400, 403)
    assert theo.get("/lessons").status == 200
    page = browser.submit(page, "/account/second-step")
    browser.submit(page, "/account/second-step/confirmation", code=_code(ama))
    assert browser.get("/staff").heading == "Staff"


def test_before_roles_are_changed_a_long_session_shows_again_who_it_is(
    ama: int, people: People, time: time_machine.Coordinates, with_settings: Callable[..., None]
) -> None:
    with_settings(ADMIN_IDLE_MINUTES=60)
    browser = people.signed_in(AMA)
    assert browser.get(f"/staff/{ama}/roles").heading != "Show that it is you"
    time.shift(timedelta(minutes=31))
    asked = browser.get(f"/staff/{ama}/roles")
    assert asked.heading == "Show that it is you"
    wrong = browser.submit(asked, "/account/proof", password="not it at all")
    assert "That is not your password" in wrong.words
    right = browser.submit(wrong, "/account/proof", password=PASSWORD)
    assert right.response.request.path == f"/staff/{ama}/roles"


def test_a_school_admin_takes_away_the_step_of_somebody_who_lost_their_phone(
    ama: int, people: People, time: time_machine.Coordinates, app: Flask
) -> None:
    theo = people.member(1, "t@oakfield.example", Role.TEACHER, name="Theo Teacher")
    _with_factor(theo, time)
    theirs = Browser(app)
    _type(theirs, people.sign_in(theirs, "t@oakfield.example"), _code(theo))
    admin = people.signed_in(AMA)
    page = admin.get("/staff")
    assert "Signs in with a code" in page.words
    admin.submit(page, f"/staff/{theo}/second-step/removal")
    assert not people.is_in(theirs)
    assert people.sign_in(Browser(app), "t@oakfield.example").heading == "Your account"


def test_one_browser_is_signed_out_from_another_and_nobody_elses(ama: int, people: People) -> None:
    theo = people.member(1, "t@oakfield.example", Role.TEACHER, name="Theo Teacher")
    here, lost, others = people.signed_in(AMA), people.signed_in(AMA), people.signed_in("t@oakfield.example")
    page = here.get("/account")
    action = next(form.get("action") for form in page.all("form") if "/account/browsers/" in form.get("action", ""))
    theirs = queries.own_sessions(theo, clock.now())[0].id
    token = page.form(action)["csrf_token"]
    assert here.client.post(f"/account/browsers/{theirs}/end", data={"csrf_token": token}).status_code == 404
    here.submit(page, action)
    assert not people.is_in(lost)
    assert people.is_in(here)
    assert people.is_in(others)


def test_spraying_many_accounts_from_one_address_is_hardly_evaluated_and_colleagues_get_in(
    people: People, app: Flask, time: time_machine.Coordinates
) -> None:
    evaluated = []
    people.member(people.school(), AMA, Role.TEACHER)
    with app.test_request_context():
        for guess in range(20):
            for account in range(100):
                try:
                    with transaction():
                        actions.begin_try(email=f"p{account}@x.example", limit=10, now=clock.now(), origin="192.0.2.7")
                except actions.TooManyTries:
                    continue
                evaluated.append((guess, account))
    assert len(evaluated) == 100  # of 2,000 guesses, each account's first
    with transaction():
        assert actions.begin_try(email=AMA, limit=10, now=clock.now(), origin="192.0.2.7").person_id is not None


def test_the_last_admin_without_a_phone_is_let_back_in_from_the_machine_itself(
    ama: int, people: People, time: time_machine.Coordinates, app: Flask
) -> None:
    from flask.cli import ScriptInfo

    from eduprog.accounts.commands import forget_second_step

    _with_factor(ama, time)
    info = ScriptInfo(create_app=lambda: app)
    assert app.test_cli_runner().invoke(forget_second_step, ["nobody@x.example"], obj=info).exit_code == 1
    ran = app.test_cli_runner().invoke(forget_second_step, ["Ama@oakfield.example"], obj=info)
    assert ran.exit_code == 0, ran.output
    assert people.sign_in(Browser(app), AMA).heading == "Your account"
