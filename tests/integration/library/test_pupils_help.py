"""Does a child find help without leaving a trace, and is nothing on the page that must be checked again?"""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from eduprog.core.db import session, transaction
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Stage
from eduprog.library.queries.pupils_help import pupils_help
from eduprog.organisations import queries as organisations
from eduprog.organisations.models import SchoolSettings
from tests.support import printed
from tests.support.page import Browser
from tests.support.people import sign_in
from tests.support.scenes import Scene, a_planned_school


@pytest.fixture
def scene(app: Flask) -> Scene:
    made = a_planned_school()
    with school_scope(made.school_id), transaction():
        chosen = session().query(SchoolSettings).one()
        chosen.dsl_name, chosen.dsl_deputies = "Mrs Price", "Mr Adeyemi"
    return made


def _slug(scene: Scene) -> str:
    with school_scope(scene.school_id):
        return organisations.current_school().slug


@pytest.mark.parametrize("stage", list(Stage))
def test_anybody_may_open_it_and_leaves_nothing(browser: Browser, scene: Scene, stage: Stage) -> None:
    answer = browser.client.get(f"/someone-to-talk-to/{_slug(scene)}/{stage.value.lower()}")
    page = browser.get(f"/someone-to-talk-to/{_slug(scene)}/{stage.value.lower()}")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert page.all("form") == []
    assert len(page.all("details")) == 3
    assert "Exit this page" in page.words
    assert "Childline" in page.words
    assert "Mr Adeyemi" in page.words
    assert "{{" not in page.text


def test_no_school_and_no_stage_are_not_there(browser: Browser, scene: Scene) -> None:
    assert browser.status("/someone-to-talk-to/no-such-school/k1") == 404
    assert browser.status(f"/someone-to-talk-to/{_slug(scene)}/k9") == 404


def test_a_service_that_must_be_checked_again_is_not_shown(app: Flask, scene: Scene) -> None:
    last = max(source.expires_on for source in catalogue.current().help_sources.values())
    with school_scope(scene.school_id):
        for day, shown in ((date(2026, 11, 24), True), (date(last.year + 1, 1, 1), False)):
            found = pupils_help(Stage.K3, day)
            assert any(part.services for part in (*found.doors, *found.parts)) is shown


def test_staff_get_poster_and_cards_with_the_address_as_a_code(app: Flask, scene: Scene) -> None:
    teacher = Browser(app)
    sign_in(teacher, scene.teacher_id, school_id=scene.school_id)
    links = teacher.get("/someone-to-talk-to").links()
    for stage in Stage:
        for kind in ("poster", "pocket-card"):
            address = f"/someone-to-talk-to/{stage.value.lower()}/{kind}.pdf"
            assert (address in links) is (stage in (Stage.K1, Stage.L2))  # the stages of the school's classes
            answer = teacher.client.get(address)
            assert answer.mimetype == "application/pdf"
            assert printed.faults_of_pages(answer.data) == []
            assert "The same on a phone" in printed.words_of(answer.data)
