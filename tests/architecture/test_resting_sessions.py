"""What does a trusted device open whose session rested too long? My week and recording, and no other door."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.routing import Rule

from eduprog.accounts.models import SessionSeen, SignInSession
from eduprog.core import clock
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role
from tests.architecture.test_routes import World, _address, _guarded, _signed_in, _token, world  # noqa: F401
from tests.support.page import Browser

OPEN = {
    ("GET", "/my-week"),
    ("GET", "/planned-lessons/<int:planned_lesson_id>/record"),
    ("POST", "/planned-lessons/<int:planned_lesson_id>/deliveries"),
    ("POST", "/planned-lessons/<int:planned_lesson_id>/misses"),
    ("POST", "/follow-ups/<int:follow_up_id>/done"),
}


@pytest.fixture
def engine_name() -> str:
    """The matrix is about guards."""
    return "sqlite"


def _rest(minutes: int, *, trusted: bool = True) -> None:
    """Let every session have rested that long; on devices that are trusted for twelve hours, or on none."""
    seen = clock.now() - timedelta(minutes=minutes)
    until = seen + timedelta(hours=12) if trusted else None
    with transaction() as work:
        work.execute(update(SessionSeen).values(seen_at=seen))
        work.execute(update(SignInSession).values(records_until=until, started_at=seen))


def _own(rule: Rule, world: World) -> str:  # noqa: F811
    """Fill in a route's parameters with what the school has; where it has none of a kind, any number shows as much."""
    return str(_address(rule, {**dict.fromkeys(rule.arguments, 1), **world.objects["own"]}))


def _opens(browser: Browser, method: str, address: str, token: str) -> bool:
    data = {"csrf_token": token} if method != "GET" else None
    answer = browser.client.open(address, method=method, data=data)
    sent_away = answer.status_code == 302 and "/sign-in" in answer.location
    return not sent_away and answer.status_code not in (401, 403)


@pytest.mark.parametrize("who", [Role.TEACHER, Role.PROGRAMME_LEAD, Role.SCHOOL_ADMIN], ids=lambda role: role.value)
def test_a_session_that_rested_opens_recording_and_nothing_else(app: Flask, world: World, who: Role) -> None:  # noqa: F811
    browser = _signed_in(app, world, who)
    token = _token(browser)
    opened = set()
    for rule, method, _permission in _guarded(app):
        _rest(61)
        if _opens(browser, method, _own(rule, world), token):
            opened.add((method, rule.rule))
    assert opened == (set() if who is Role.SCHOOL_ADMIN else OPEN)


def test_it_opens_nothing_of_another_school_and_wakes_no_session(app: Flask, world: World) -> None:  # noqa: F811
    browser = _signed_in(app, world, Role.TEACHER)
    token = _token(browser)
    _rest(61)
    for place in ("same trust", "other trust"):
        for rule, method, _permission in _guarded(app):
            if (method, rule.rule) in OPEN and rule.arguments:
                address = str(_address(rule, world.objects[place]))
                answer = browser.client.open(address, method=method, data={"csrf_token": token} if method == "POST" else None)
                assert answer.status_code == 404, (rule.rule, place)
    browser.client.get("/my-week").close()
    assert browser.client.get("/account").status_code == 302
    assert clock.now() - session().query(SessionSeen).one().seen_at > timedelta(minutes=60)


@pytest.mark.parametrize(("minutes", "trusted"), [(61, False), (12 * 60 + 1, True)], ids=["shared computer", "after 12 hours"])
def test_without_trust_or_after_its_hours_nothing_opens(app: Flask, world: World, minutes: int, trusted: bool) -> None:  # noqa: F811
    browser = _signed_in(app, world, Role.TEACHER)
    token = _token(browser)
    _rest(minutes, trusted=trusted)
    opened = [rule.rule for rule, method, _permission in _guarded(app) if _opens(browser, method, _own(rule, world), token)]
    assert opened == []


def test_the_week_of_a_session_that_rested_says_so_and_leads_only_to_recording(app: Flask, world: World) -> None:  # noqa: F811
    browser = _signed_in(app, world, Role.TEACHER)
    _rest(61)
    page = browser.client.get("/my-week").get_data(as_text=True)
    assert "You have been away for a while" in page
    menu = re.search(r'<nav class="ep-nav".*?</nav>', page, re.S)
    assert menu is not None
    assert re.findall(r'class="ep-nav__link"[^>]*>([^<]+)<', menu.group(0)) == ["My week"]
