"""Do the pages of the installation say what they must, to everybody?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.accounts.conftest import People
from tests.support.page import Browser


@pytest.fixture
def operated(with_settings: Callable[..., None]) -> None:
    with_settings(MAIL_FROM="Riverbank Trust <rshe@riverbank.example>")


@pytest.mark.parametrize(
    ("path", "heading"), [("/help", "Help"), ("/privacy", "Privacy notice"), ("/accessibility", "Accessibility statement")]
)
def test_anybody_can_read_them_and_reach_who_runs_this(path: str, heading: str, operated: None, browser: Browser) -> None:
    page = browser.get(path)
    assert page.heading == heading
    assert "Riverbank Trust" in page.words
    assert "mailto:rshe@riverbank.example" in page.links()
    assert {"/help", "/privacy", "/accessibility"} <= set(page.links()), "and each leads to the others"


def test_the_privacy_notice_names_each_school_as_controller(people: People, browser: Browser) -> None:
    people.school("Oakfield Primary School")
    people.school("Elm School")
    page = browser.get("/privacy")
    assert "Elm School" in page.words
    assert "Oakfield Primary School" in page.words
    assert "mailto:office@oakfield.example" in page.links()
    assert "controller" in page.words
    assert "at most 12 hours" in page.words, "the length of a session is the one that is set"


def test_help_says_where_a_disclosure_goes(browser: Browser) -> None:
    words = browser.get("/help").words
    assert "designated safeguarding lead (DSL) today" in words
    assert "999" in words


def test_they_hold_no_cookie_of_a_session(browser: Browser) -> None:
    for path in ("/help", "/privacy", "/accessibility"):
        assert "Set-Cookie" not in browser.client.get(path).headers
