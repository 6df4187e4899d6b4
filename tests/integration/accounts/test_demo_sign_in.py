"""Do the demo's buttons exist in the demo only, and only on this machine?"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from eduprog.core.db import transaction
from eduprog.core.permissions import Role
from tests.factories.accounts import a_group_membership
from tests.factories.organisations import a_school_group
from tests.integration.accounts.conftest import People
from tests.support.page import Browser


@pytest.fixture
def ama(people: People) -> int:
    school_id = people.school()
    people.member(school_id, "lead@oakfield.example", Role.TEACHER, Role.PROGRAMME_LEAD, name="Lee Lead", password=None)
    return people.member(school_id, "ama@oakfield.example", Role.TEACHER, name="Ama Mensah", password=None)


@pytest.fixture
def demo(with_settings: Callable[..., None]) -> None:
    with_settings(DEMO=True, HOST="127.0.0.1")


def be(browser: Browser, person_id: int, place: str = "school-1", **how: Any) -> int:
    token = browser.get("/sign-in").form("/sign-in")["csrf_token"]
    return browser.client.post(
        "/demo-sign-in", data={"csrf_token": token, "person_id": person_id, "place": place}, **how
    ).status_code


def test_one_button_signs_in_as_somebody(ama: int, demo: None, browser: Browser, people: People) -> None:
    page = browser.get("/sign-in?next=/account")
    assert "Ama Mensah" in page.words
    assert "Oakfield Primary School" in page.words
    assert "Head of PSHE" in page.words
    page = browser.submit(page, "/demo-sign-in", person_id=ama)
    assert page.heading == "Your account"
    assert "Ama Mensah" in page.words


def test_a_person_of_several_places_is_signed_in_where_the_button_stood(
    ama: int, demo: None, browser: Browser, people: People
) -> None:
    elm = people.school("Elm School")
    people.also(elm, ama, Role.SCHOOL_ADMIN)
    with transaction() as work:
        group = a_school_group()
        work.add(group)
        work.flush()
        work.add(a_group_membership(ama, group.id))
        work.flush()
        group_key = f"group-{group.id}"
    words = browser.get("/sign-in").words
    assert words.index("Riverbank Trust") < words.index("Elm School") < words.index("Oakfield Primary School")
    be(browser, ama, f"school-{elm}")
    assert "Elm School" in browser.get("/account").words
    other = Browser(people.app)
    be(other, ama, group_key)
    assert "Riverbank Trust" in other.get("/account").words


def test_outside_the_demo_there_are_no_buttons_and_no_such_page(ama: int, browser: Browser, people: People) -> None:
    assert "Ama Mensah" not in browser.get("/sign-in").words
    assert be(browser, ama) == 404
    assert not people.is_in(browser)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "rshe.oakfield.example"])
def test_a_demo_that_others_can_reach_has_none_either(
    host: str, ama: int, browser: Browser, with_settings: Callable[..., None]
) -> None:
    with_settings(DEMO=True, HOST=host)
    assert "Ama Mensah" not in browser.get("/sign-in").words
    assert be(browser, ama) == 404


@pytest.mark.parametrize(
    "how",
    [
        {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}},
        {"environ_base": {"REMOTE_ADDR": ""}},
        {"headers": {"X-Forwarded-For": "192.0.2.7"}},
        {"headers": {"Forwarded": "for=192.0.2.7"}},
    ],
)
def test_who_comes_from_elsewhere_or_through_a_proxy_gets_none(
    how: dict[str, Any], ama: int, demo: None, browser: Browser
) -> None:
    assert "Ama Mensah" not in browser.client.get("/sign-in", **how).get_data(as_text=True)
    assert be(browser, ama, **how) == 404


def test_a_name_that_only_points_here_gets_none(ama: int, demo: None, browser: Browser, people: People) -> None:
    elsewhere = {"base_url": "http://demo.example"}
    page = browser.client.get("/sign-in", **elsewhere).get_data(as_text=True)
    assert "Ama Mensah" not in page
    (token,) = set(re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page))
    fields = {"csrf_token": token, "person_id": ama, "place": "school-1"}
    assert browser.client.post("/demo-sign-in", data=fields, **elsewhere).status_code == 404


def test_who_left_or_never_was_there_cannot_be_chosen(ama: int, demo: None, browser: Browser, people: People, app: Flask) -> None:
    elm = people.school("Elm School")
    assert be(browser, ama, f"school-{elm}") == 409
    assert be(browser, 99999) == 404
    assert be(browser, ama, "site-0") == 409
    assert not people.is_in(browser)
