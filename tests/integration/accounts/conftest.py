"""A school with people who have passwords, and the time held still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask

from eduprog.accounts import actions
from eduprog.accounts.rules import hash_password
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Role, command
from eduprog.core.tenancy import school_scope
from eduprog.organisations.models import SchoolSettings
from eduprog.web.security import cookie_name
from tests.factories.organisations import a_school
from tests.support.page import Browser, Page

PASSWORD = "violin teapot orbit"
KEPT = hash_password(PASSWORD)
TESTS = command("tests")
FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def time() -> Iterator[time_machine.Coordinates]:
    """Hold the time; `time.shift(...)` moves it."""
    with time_machine.travel(FRIDAY, tick=False) as held:
        yield held


@dataclass
class People:
    """Makes schools and the people in them, and signs them in by the page."""

    app: Flask

    def school(self, name: str = "Oakfield Primary School") -> int:
        """Add a school; give its id."""
        with transaction() as work:
            row = a_school(name=name)
            work.add(row)
            work.flush()
            with school_scope(row.id):
                work.add(SchoolSettings())
            return row.id

    def member(self, school_id: int, email: str, *roles: Role, name: str = "Ama Mensah", password: str | None = KEPT) -> int:
        """Add a person with roles in a school, or give a known one these roles there too; give the id."""
        with transaction() as work:
            held = actions.create_person(name=name, email=email, by=TESTS, now=clock.now())
            held.password_hash = password
            work.flush()
            self._grant(school_id, held.id, *roles)
            return held.id

    def also(self, school_id: int, person_id: int, *roles: Role) -> None:
        """Give a person roles in a school."""
        with transaction():
            self._grant(school_id, person_id, *roles)

    def signed_in(self, email: str, password: str = PASSWORD) -> Browser:
        """Give a browser somebody has signed in to."""
        browser = Browser(self.app)
        self.sign_in(browser, email, password)
        assert self.is_in(browser), "the sign-in did not work"
        return browser

    @staticmethod
    def sign_in(browser: Browser, email: str, password: str = PASSWORD) -> Page:
        """Fill in the sign-in page; what follows is the account page if that worked."""
        page = browser.get("/account")
        assert page.heading == "Sign in", "somebody is signed in already"
        return browser.submit(page, "/sign-in", email=email, password=password)

    @staticmethod
    def is_in(browser: Browser) -> bool:
        """Say whether the browser is signed in."""
        return browser.status("/account") == 200

    def token(self, browser: Browser) -> str:
        """Give the session token the browser holds."""
        held = browser.client.get_cookie(cookie_name("session", self.app.extensions["eduprog"]), domain="127.0.0.1")
        return held.value if held else ""

    @staticmethod
    def _grant(school_id: int, person_id: int, *roles: Role) -> None:
        with school_scope(school_id):
            for role in roles:
                actions.grant_role(person_id=person_id, role=role, by=TESTS, now=clock.now())


@pytest.fixture
def people(app: Flask) -> People:
    """People to sign in as."""
    return People(app)


@pytest.fixture
def with_settings(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Run the application with other settings for one test."""

    def change(**changes: object) -> None:
        monkeypatch.setitem(app.extensions, "eduprog", app.extensions["eduprog"].model_copy(update=changes))

    return change
