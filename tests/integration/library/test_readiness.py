"""Does a teacher find this school's people two minutes before, and stay alone with what they say of themselves?"""

from __future__ import annotations

import pytest
from flask import Flask

from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role, person
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.library import actions
from eduprog.library.rules.confidence import Confidence
from eduprog.organisations.models import SchoolSettings
from eduprog.web.filters import quotes
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.scenes import START, Scene, a_planned_school


@pytest.fixture
def scene(app: Flask) -> Scene:
    made = a_planned_school()
    with school_scope(made.school_id), transaction():
        chosen = session().query(SchoolSettings).one()
        chosen.dsl_name, chosen.dsl_deputies = "Mrs Price", "Mr Adeyemi"
    return made


def _browser(app: Flask, scene: Scene, person_id: int) -> Browser:
    browser = Browser(app)
    sign_in(browser, person_id, school_id=scene.school_id)
    return browser


def test_the_card_has_what_may_come_up_and_this_school_s_people(app: Flask, scene: Scene) -> None:
    teacher = _browser(app, scene, scene.teacher_id)
    assert "/lessons/K1-C1/ready" in teacher.get("/lessons/K1-C1/1").links()
    page = teacher.get("/lessons/K1-C1/ready")
    note = catalogue.current().module("K1-C1").staff_note
    assert quotes(note.may_come_up[0])[:30] in page.words
    assert "Mrs Price" in page.words
    assert "Mr Adeyemi" in page.words
    assert "You need not know the app" in page.words


def test_one_tap_is_kept_and_another_replaces_it(app: Flask, scene: Scene) -> None:
    teacher = _browser(app, scene, scene.teacher_id)
    page = teacher.get("/lessons/K1-C1/ready")
    for answer in ("help", "sure"):
        page = teacher.submit(page, "/lessons/K1-C1/confidence", confidence=answer)
        assert "Only you see your answer" in page.words
        pressed = [button.get("value") for button in page.all("button") if button.get("aria-pressed")]
        assert pressed == [answer]
    assert "aria-pressed" not in _browser(app, scene, scene.lead_id).get("/lessons/K1-C1/ready").text


def test_the_school_sees_a_count_from_five_people_up(app: Flask, scene: Scene) -> None:
    lead = _browser(app, scene, scene.lead_id)
    for number in range(1, 6):
        assert "No count to show" in lead.get("/training-needs").words
        teacher = make_person(name=f"Teacher {number}", school_id=scene.school_id, roles=(Role.TEACHER,))
        with school_scope(scene.school_id), transaction():
            actions.say_confidence(module_id="K1-C1", confidence=Confidence.HELP, by=person(teacher), now=START)
    page = lead.get("/training-needs")
    assert page.words.count("fewer than 1 in 5") == 2
    assert "nearly all" in page.words
    assert "5 of 5" not in page.words
    assert "Teacher 1" not in page.words
    assert _browser(app, scene, scene.teacher_id).status("/training-needs") == 403
