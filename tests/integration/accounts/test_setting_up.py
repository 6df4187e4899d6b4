"""Does one command set up a real installation, and do no harm when run again?"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner, Result
from flask.cli import ScriptInfo
from sqlalchemy import NullPool, create_engine, text

from eduprog.accounts import queries
from eduprog.core import crypto
from eduprog.core.db import db
from eduprog.core.permissions import Role
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.organisations import queries as organisations
from eduprog.wiring import cli, create_app, load_settings
from tests.support.page import Browser

ANSWERS = {
    "--school": "Oakfield Primary School",
    "--nation": "england",
    "--phase": "primary",
    "--contact-email": "office@oakfield.example",
    "--admin-name": "Ada Admin",
    "--admin-email": "Ada@Oakfield.example",
}
OPTIONS = [part for pair in ANSWERS.items() for part in pair]
LINK = re.compile(r"http://127\.0\.0\.1:8000(/\S+)")


class Installation:
    """A folder and an empty database to set up."""

    def __init__(self, folder: Path, url: str) -> None:
        self.settings = load_settings({}, DATA_DIR=str(folder), DATABASE_URL=url, SCHEDULER=False, LOG_LEVEL="ERROR")

    def run(self, *arguments: str, typed: str = "") -> Result:
        script = ScriptInfo(create_app=lambda: create_app(self.settings))
        script.data["load_settings"] = lambda: self.settings
        answer = CliRunner().invoke(cli, list(arguments), obj=script, input=typed)
        if script._loaded_app is not None:
            with script._loaded_app.app_context():
                db.engine.dispose()
        return answer

    def browser(self) -> Browser:
        app = create_app(self.settings)
        app.config.update(SERVER_NAME="127.0.0.1", PROPAGATE_EXCEPTIONS=False)
        return Browser(app)


@pytest.fixture
def installation(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Installation]:
    keys = crypto._keys
    url = ""
    if engine_name == "postgresql":
        cluster = request.getfixturevalue("cluster")
        with create_engine(cluster.url(), isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
            connection.execute(text("DROP DATABASE IF EXISTS eduprog_new WITH (FORCE)"))
            connection.execute(text("CREATE DATABASE eduprog_new"))
        url = cluster.url("eduprog_new")
    yield Installation(tmp_path / "var", url)
    crypto._keys = keys


@pytest.fixture
def inside(installation: Installation) -> Callable[[Callable[[], Any]], Any]:
    """Ask something inside the installation."""

    def ask(question: Callable[[], Any]) -> Any:
        with create_app(installation.settings).app_context():
            try:
                return question()
            finally:
                db.session.remove()
                db.engine.dispose()

    return ask


def test_an_admin_comes_in_by_the_printed_link_and_looks_after_both(
    installation: Installation, inside: Callable[[Callable[[], Any]], Any]
) -> None:
    answer = installation.run("init", *OPTIONS)
    assert answer.exit_code == 0, answer.output
    (path,) = LINK.findall(answer.output)
    browser = installation.browser()
    page = browser.get(path)
    assert page.heading == "Join Oakfield Primary School"
    browser.submit(page, password="lantern gravel moose")
    assert browser.get("/staff").heading == "Staff"
    places = browser.get("/places").words
    assert "Oakfield Primary School" in places
    assert "This installation" in places
    with browser.client.application.app_context():
        db.engine.dispose()
    assert LINK.findall(installation.run("init").output) == [], "who is in needs no link"


def test_running_it_again_changes_nothing_and_prints_the_same_link(
    installation: Installation, inside: Callable[[Callable[[], Any]], Any]
) -> None:
    first = installation.run("init", *OPTIONS)
    keys = installation.settings.KEY_FILE.read_bytes()
    again = installation.run("init", *OPTIONS)
    assert again.exit_code == 0, again.output
    assert installation.settings.KEY_FILE.read_bytes() == keys
    assert LINK.findall(again.output) == LINK.findall(first.output)
    assert [row.name for row in inside(organisations.schools)] == ["Oakfield Primary School"]


def test_no_password_is_asked_for_or_printed_and_the_keys_are_private(installation: Installation) -> None:
    answer = installation.run("init", typed="Oakfield\nengland\nprimary\noffice@o.example\nAda Admin\nada@o.example\n")
    assert answer.exit_code == 0, answer.output
    assert "password:" not in answer.output.lower()
    held = json.loads(installation.settings.KEY_FILE.read_text())
    for secret in (*held["contact"], *held["signing"], held["lookup"]):
        assert secret not in answer.output
    assert installation.settings.KEY_FILE.stat().st_mode & 0o777 == 0o600


def test_a_site_admin_of_their_own_gets_a_link_of_their_own(
    installation: Installation, inside: Callable[[Callable[[], Any]], Any]
) -> None:
    answer = installation.run("init", *OPTIONS, "--site-admin-name", "Kit Keeper", "--site-admin-email", "kit@trust.example")
    join, set_password = LINK.findall(answer.output)
    assert join.startswith("/join/")
    browser = installation.browser()
    page = browser.get(set_password)
    assert page.heading == "Choose a new password"
    browser.submit(page, set_password, password="lantern gravel moose")
    assert "This installation" in browser.get("/account").words
    assert browser.get("/staff").status == 403, "the installation is not the school"
    with browser.client.application.app_context():
        db.engine.dispose()


def test_lost_keys_are_not_replaced_behind_anybody_s_back(installation: Installation) -> None:
    installation.run("init", *OPTIONS)
    installation.settings.KEY_FILE.rename(installation.settings.KEY_FILE.with_suffix(".lost"))
    answer = installation.run("init", *OPTIONS)
    assert answer.exit_code == 1
    assert "Put the old key file back" in answer.output
    assert not installation.settings.KEY_FILE.exists()


def test_another_school_is_added_with_an_admin_of_its_own(
    installation: Installation, inside: Callable[[Callable[[], Any]], Any]
) -> None:
    installation.run("init", *OPTIONS)
    elm = [{"Oakfield Primary School": "Elm School", "Ada@Oakfield.example": "eli@elm.example"}.get(p, p) for p in OPTIONS]
    answer = installation.run("add-school", *elm)
    assert answer.exit_code == 0, answer.output
    assert len(LINK.findall(answer.output)) == 2
    elm_id = next(row.id for row in inside(organisations.schools) if row.name == "Elm School")

    def invited() -> list[queries.InvitedRow]:
        with school_scope(elm_id):
            return queries.invited()

    (row,) = inside(invited)
    assert (row.email, row.roles) == ("eli@elm.example", (Role.SCHOOL_ADMIN,))


def test_a_link_nobody_used_in_a_week_is_made_good_again(installation: Installation) -> None:
    first = installation.run("init", *OPTIONS)
    with time_machine.travel("2036-01-01 12:00 +0000", tick=False):
        again = installation.run("init")
        (path,) = LINK.findall(again.output)
        assert path != LINK.findall(first.output)[0]
        browser = installation.browser()
        assert browser.get(path).status == 200
        with browser.client.application.app_context():
            db.engine.dispose()


def test_people_across_schools_are_found_for_the_link_only(
    installation: Installation, inside: Callable[[Callable[[], Any]], Any]
) -> None:
    installation.run("init", *OPTIONS)

    def places() -> list[queries.Place]:
        person = queries.person_by_email("ada@oakfield.example")
        assert person is not None
        with across_schools("a test looks"):
            return queries.places_of(person.id, site_admin=person.site_admin)

    assert [place.key for place in inside(places)] == ["site-0"], "the school is hers once she has joined"
