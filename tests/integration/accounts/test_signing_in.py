"""Does signing in let the right people in, slow down the others, and tell nobody who has an account?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select

from eduprog.accounts import actions, queries
from eduprog.accounts.jobs import forget_old_sign_ins
from eduprog.accounts.models import Person, SignInSession, SignInTry
from eduprog.core import clock
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role
from eduprog.core.tenancy import across_schools, school_scope
from tests.integration.accounts.conftest import PASSWORD, TESTS, People
from tests.support.page import Browser, Page

AMA = "ama@oakfield.example"
WRONG = "Email address or password is not right"


@pytest.fixture
def ama(people: People) -> int:
    return people.member(people.school(), AMA, Role.TEACHER)


def test_a_person_signs_in_and_gets_the_page_they_asked_for(ama: int, people: People, browser: Browser) -> None:
    page = people.sign_in(browser, " Ama@Oakfield.example ")
    assert page.heading == "Your account"
    assert AMA in page.words
    assert "Oakfield Primary School" in page.words


def test_without_a_wish_they_get_their_first_screen(ama: int, people: People, browser: Browser) -> None:
    answer = browser.submit(browser.get("/sign-in"), "/sign-in", email=AMA, password=PASSWORD)
    assert answer.status == 200
    assert answer.response.request.path not in ("/", "/sign-in", "/places")


def test_whoever_is_signed_in_does_not_see_the_sign_in_page_again(ama: int, people: People) -> None:
    assert people.signed_in(AMA).get("/sign-in?next=/account").heading == "Your account"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (AMA, "wrong"),
        ("nobody@oakfield.example", PASSWORD),
        ("invited@oakfield.example", ""),
        ("left@oakfield.example", PASSWORD),
    ],
)
def test_every_wrong_try_gets_the_same_answer(email: str, password: str, ama: int, people: People, browser: Browser) -> None:
    school_id = people.school("Elm School")
    people.member(school_id, "invited@oakfield.example", Role.TEACHER, password=None)
    left = people.member(school_id, "left@oakfield.example", Role.TEACHER)
    with transaction():
        queries.person(left).disabled_at = clock.now()
    page = people.sign_in(browser, email, password or "x")
    answer = page.words.replace(email, "")
    people.sign_in(browser, "a@b.example", "wrong")
    other = people.sign_in(Browser(people.app), "unknown@b.example", "wrong")
    assert WRONG in answer
    assert page.status == other.status == 200
    assert answer == other.words.replace("unknown@b.example", "")
    assert not people.is_in(browser)


def test_an_empty_form_says_what_is_missing(browser: Browser) -> None:
    page = browser.submit(browser.get("/sign-in"), "/sign-in")
    assert "Enter your email address" in page.words
    assert "Enter your password" in page.words


def test_too_many_wrong_tries_close_the_account_for_a_while_and_say_how_long(
    ama: int, people: People, browser: Browser, time: Any
) -> None:
    other = people.member(people.school("Elm School"), "ben@elm.example", Role.TEACHER)
    for _ in range(10):
        assert WRONG in people.sign_in(browser, AMA, "wrong").words
        time.shift(70)
    page = people.sign_in(browser, AMA)
    assert "Too many wrong tries. You can try again today at 9:15am" in page.words
    assert not people.is_in(browser)
    assert "try again" in people.sign_in(browser, AMA.upper()).words, "capitals are no way round"
    assert other
    assert people.is_in(people.signed_in("ben@elm.example")), "another account is not affected"
    time.shift(200)
    assert people.sign_in(browser, AMA).heading == "Your account"


def test_the_fourth_try_has_to_wait_a_second_even_if_it_is_right(ama: int, people: People, browser: Browser, time: Any) -> None:
    for _ in range(3):
        people.sign_in(browser, AMA, "wrong")
    assert "Wait 2 seconds" in people.sign_in(browser, AMA).words
    time.shift(1)
    assert people.sign_in(browser, AMA).heading == "Your account"


def test_an_unknown_address_is_slowed_down_like_a_known_one(people: People, browser: Browser, time: Any) -> None:
    for _ in range(3):
        people.sign_in(browser, "nobody@oakfield.example", "wrong")
    assert "Wait 2 seconds" in people.sign_in(browser, "nobody@oakfield.example", "wrong").words


def test_signing_in_forgets_the_wrong_tries(ama: int, people: People, browser: Browser, time: Any) -> None:
    for _ in range(2):
        people.sign_in(browser, AMA, "wrong")
    people.signed_in(AMA)
    assert session().scalars(select(SignInTry)).all() == []


def test_tries_made_at_the_same_moment_are_counted_one_by_one(ama: int, app: Flask) -> None:
    now = clock.now()
    allowed: list[int] = []
    start = threading.Barrier(8)

    def attempt() -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    allowed.append(actions.begin_try(email=AMA, limit=10, now=now).person_id or 0)
            except actions.TooManyTries:
                pass

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert allowed == [ama] * 3


def test_every_sign_in_has_a_token_of_its_own_and_ends_the_one_before(ama: int, people: People, app: Flask) -> None:
    browser = people.signed_in(AMA)
    first = people.token(browser)
    browser.post("/sign-in", {**browser_token(browser), "email": AMA, "password": PASSWORD})
    second = people.token(browser)
    assert second != first
    thief = Browser(app)
    thief.client.set_cookie("eduprog-session", first, domain="127.0.0.1")
    assert not people.is_in(thief)
    assert people.is_in(browser)


def browser_token(browser: Browser) -> dict[str, str]:
    return {"csrf_token": browser.get("/account").form("/sign-out")["csrf_token"]}


def test_only_the_hash_of_a_token_is_kept(ama: int, people: People) -> None:
    token = people.token(people.signed_in(AMA))
    with across_schools("a test looks"):
        kept = session().scalars(select(SignInSession.token_hash)).all()
    assert kept == [actions.hash_token(token)]
    assert token not in kept


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(ama: int, browser: Browser) -> None:
    page = browser.get("/sign-in")
    answer = browser.client.post("/sign-in", data={**page.form("/sign-in"), "email": AMA, "password": PASSWORD})
    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("eduprog-session=")]
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert parts == {"HttpOnly", "SameSite=Lax", "Path=/"}, "and it ends with the browser: no Expires, no Max-Age"


def test_over_https_the_cookie_is_secure_and_bound_to_the_host(
    ama: int, browser: Browser, with_settings: Callable[..., None]
) -> None:
    with_settings(BASE_URL="https://rshe.oakfield.example")
    page = browser.get("/sign-in")
    answer = browser.client.post("/sign-in", data={**page.form("/sign-in"), "email": AMA, "password": PASSWORD})
    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if "session=" in c]
    assert cookie.startswith("__Host-eduprog-session=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/%0d/e"]
)
def test_nobody_is_sent_to_another_site(wanted: str, ama: int, browser: Browser) -> None:
    page = browser.get("/sign-in", query_string={"next": wanted})
    fields = {**page.form("/sign-in"), "next": wanted, "email": AMA, "password": PASSWORD}
    answer = browser.client.post("/sign-in", data=fields)
    assert answer.status_code == 302
    assert answer.headers["Location"] in ("/", "/%0d/e")


def test_a_form_without_its_token_is_refused(ama: int, browser: Browser) -> None:
    answer = browser.client.post("/sign-in", data={"email": AMA, "password": PASSWORD})
    assert answer.status_code == 400
    assert "eduprog-session" not in str(answer.headers)


def test_a_form_from_another_site_is_refused_even_with_a_token(ama: int, browser: Browser) -> None:
    fields = {**browser.get("/sign-in").form("/sign-in"), "email": AMA, "password": PASSWORD}
    assert browser.client.post("/sign-in", data=fields, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert browser.client.post("/sign-in", data=fields, headers={"Origin": "https://evil.example"}).status_code == 403


def test_a_password_kept_by_weaker_rules_is_kept_anew(ama: int, people: People) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    with transaction():
        queries.person(ama).password_hash = weak
    people.signed_in(AMA)
    session().rollback()
    kept = session().scalars(select(Person.password_hash).where(Person.id == ama)).one()
    assert kept is not None
    assert "m=19456" in kept
    assert people.is_in(people.signed_in(AMA))


def test_somebody_without_a_school_is_told_what_to_do(people: People, browser: Browser) -> None:
    school_id = people.school()
    ama = people.member(school_id, AMA, Role.TEACHER)
    people.member(school_id, "admin@oakfield.example", Role.SCHOOL_ADMIN)
    with transaction(), school_scope(school_id):
        actions.end_membership(person_id=ama, by=TESTS, now=clock.now())
    assert "no longer belongs to a school" in people.sign_in(browser, AMA).words


def test_old_tries_and_sessions_are_forgotten(ama: int, people: People, browser: Browser, time: Any) -> None:
    people.sign_in(browser, "nobody@oakfield.example", "wrong")
    people.signed_in(AMA)
    time.shift(timedelta(hours=25))
    assert forget_old_sign_ins(clock.now()) == 1
    assert session().scalars(select(SignInTry)).all() == []
    time.shift(timedelta(days=30))
    assert forget_old_sign_ins(clock.now()) == 1
    with across_schools("a test looks"):
        assert session().scalars(select(SignInSession)).all() == []


@pytest.mark.parametrize("path", ["/sign-in", "/forgotten-password"])
def test_a_form_whose_token_is_too_old_is_shown_again_with_what_was_typed_and_works_then(browser: Browser, path: str) -> None:
    typed = {**browser.get(path).form(path), "email": "hana@oakfield.example", "password": "quiet river stone 47"}
    browser.client.delete_cookie("eduprog-form", domain="127.0.0.1")
    again = Page(browser.client.post(path, data=typed))
    assert again.status == 400
    assert "This page was open too long, or was opened twice." in again.words
    assert 'value="hana@oakfield.example"' in again.text
    assert "quiet river stone 47" not in again.text
    assert again.form(path)["csrf_token"] != typed["csrf_token"]
    answer = browser.client.post(path, data={**typed, "csrf_token": again.form(path)["csrf_token"]})
    assert answer.status_code in (200, 302)
    assert "open too long" not in answer.get_data(as_text=True)


def test_what_a_page_fetches_after_its_session_has_ended_begins_no_other_one(browser: Browser) -> None:
    late = browser.client.get("/my-week", headers={"Sec-Fetch-Mode": "cors"})
    assert (late.status_code, late.headers.getlist("Set-Cookie")) == (403, [])
    assert browser.client.get("/my-week", headers={"Sec-Fetch-Mode": "navigate"}).status_code == 302
