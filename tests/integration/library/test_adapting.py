"""Are both texts kept, is a conflict a loss to nobody, and is what is taught what somebody approved?"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from eduprog.core.audit import AuditEntry
from eduprog.core.db import session, transaction
from eduprog.core.permissions import person
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.library import actions
from eduprog.library.queries.wording import wordings
from eduprog.library.rules.wording import WordingState
from tests.support.page import Browser
from tests.support.people import sign_in
from tests.support.scenes import START, Scene, a_planned_school

HERE = "/lessons/K1-C1/1/wording"
BOARD = "text-1.board"


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_planned_school()


def _browser(app: Flask, scene: Scene, person_id: int) -> Browser:
    browser = Browser(app)
    sign_in(browser, person_id, school_id=scene.school_id)
    return browser


def _board(school_id: int) -> str:
    with school_scope(school_id):
        return catalogue.current().module("K1-C1").lessons[0].steps[0].board


def test_a_wording_is_taught_once_it_is_approved_and_ours_can_come_back(app: Flask, scene: Scene) -> None:
    teacher, lead = _browser(app, scene, scene.teacher_id), _browser(app, scene, scene.lead_id)
    ours = _board(scene.school_id)
    page = teacher.submit(teacher.get(HERE), HERE, **{BOARD: "Nod? Wave? You pick."})
    assert "Waiting for approval" in page.words
    assert page.all("ins")
    assert page.all("del")
    assert _board(scene.school_id) == ours
    approved = lead.submit(lead.get(HERE), f"{HERE}/approval")
    assert "Taught now" in approved.words
    assert _board(scene.school_id) == "Nod? Wave? You pick."
    assert "Nod? Wave? You pick." in teacher.get("/lessons/K1-C1/1/teach").words
    assert _board(a_planned_school(name="Elmfield School").school_id) == ours
    lead.submit(lead.get(HERE), f"{HERE}/approval", wording="0")
    assert _board(scene.school_id) == ours
    with school_scope(scene.school_id):
        (kept,) = wordings("K1-C1", 1)
        assert (kept.texts["1.board"], kept.ours["1.board"]) == ("Nod? Wave? You pick.", ours)
        acts = session().scalars(select(AuditEntry.act).order_by(AuditEntry.sequence)).all()
    assert [act for act in acts if act.startswith("wording")] == ["wording saved", "wording approved", "wording set aside"]


def test_two_people_who_write_at_once_lose_nothing(app: Flask, scene: Scene) -> None:
    first, second = _browser(app, scene, scene.teacher_id), _browser(app, scene, scene.lead_id)
    pages = first.get(HERE), second.get(HERE)
    first.submit(pages[0], HERE, **{BOARD: "One of us wrote this."})
    answer = second.submit(pages[1], HERE, **{BOARD: "The other wrote this."})
    assert "neither is lost" in answer.words
    assert "Written beside wording 1" in answer.words
    with school_scope(scene.school_id):
        assert [row.texts["1.board"] for row in wordings("K1-C1", 1)] == ["The other wrote this.", "One of us wrote this."]


def test_the_message_check_keeps_harmful_words_from_being_approved(app: Flask, scene: Scene) -> None:
    with school_scope(scene.school_id):
        with transaction():
            actions.save_wording(
                module_id="K1-C1", lesson_number=1, texts={"1.say": "> If you share a photo it is your own fault."}, based_on=0,
                by=person(scene.teacher_id), now=START,
            )  # fmt: skip
        with pytest.raises(actions.HarmfulWording, match="Better:"), transaction():
            actions.approve_wording(module_id="K1-C1", lesson_number=1, number=1, by=person(scene.lead_id), now=START)
        assert [row.state for row in wordings("K1-C1", 1)] == [WordingState.DRAFT]
    page = _browser(app, scene, scene.lead_id).get(HERE)
    assert "The message check" in page.words
    assert "Approve wording 1" not in page.words


def test_our_own_words_are_no_wording_of_a_school(app: Flask, scene: Scene) -> None:
    teacher = _browser(app, scene, scene.teacher_id)
    assert "nothing was kept" in teacher.submit(teacher.get(HERE), HERE).words
    assert teacher.status("/lessons/K9-X1/1/wording") == 404
    assert "/approval" not in teacher.get(HERE).text
