"""Is everything a class may see on the board, and nothing that is for staff?"""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from eduprog.core.db import session, transaction
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.delivery.models import Delivery
from eduprog.gates import actions as gates
from eduprog.gates.rules import PauseScope
from eduprog.planning import queries as planning
from tests.support.page import Browser
from tests.support.people import sign_in
from tests.support.scenes import START, Scene, a_planned_school


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_planned_school()


@pytest.fixture
def teacher(app: Flask, scene: Scene) -> Browser:
    browser = Browser(app)
    sign_in(browser, scene.teacher_id, school_id=scene.school_id)
    return browser


def _plain(markdown: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"[>*_#]|^\d+\. |^- ", "", markdown, flags=re.MULTILINE)).strip()


def _planned(scene: Scene) -> int:
    with school_scope(scene.school_id):
        lessons = planning.lessons_of_class(scene.group_ids["Y1"])
        return next(lesson.id for lesson in lessons if lesson.module_id == "K1-C1")


def test_a_board_shows_every_step_and_no_word_of_the_staff_note(teacher: Browser) -> None:
    for module_id in ("K1-C1", "K4-B1"):
        module = catalogue.current().module(module_id)
        for lesson in module.lessons:
            page = teacher.get(f"/lessons/{module_id}/{lesson.number}/teach")
            assert page.text.count("data-slide=") >= len(lesson.steps) + 3
            note = module.staff_note
            for_staff = [
                note.in_one_minute,
                note.if_told,
                note.no_secrets,
                *note.may_come_up,
                *(s.listen_for for s in lesson.steps),
            ]
            said = [sentence for text in for_staff for sentence in _plain(text).split(". ") if len(sentence) > 25]
            assert said
            assert [sentence for sentence in said if sentence in page.words] == []


def test_the_title_says_module_and_year_and_no_more(teacher: Browser) -> None:
    page = teacher.get("/lessons/K1-C1/1/teach")
    assert page.all("title")[0].text == "K1-C1, Year 1 – eduprog"


def test_without_a_script_each_slide_is_a_page(teacher: Browser) -> None:
    page = teacher.get("/lessons/K1-C1/1/teach?slide=2")
    shown = [s for s in page.all("section") if s.get("hidden") is None]
    assert [section.get("data-slide") for section in shown] == ["2"]
    assert "/lessons/K1-C1/1/teach?slide=3" in page.links()
    assert "/lessons/K1-C1/1/teach?slide=1" in page.links()
    for odd in ("0", "-5", "999", "x"):
        assert sum(s.get("hidden") is None for s in teacher.get(f"/lessons/K1-C1/1/teach?slide={odd}").all("section")) == 1


def test_the_notes_have_what_the_board_has_not(teacher: Browser) -> None:
    step = catalogue.current().module("K1-C1").lessons[0].steps[0]
    notes = teacher.get("/lessons/K1-C1/1/notes")
    assert _plain(step.say)[:40] in notes.words
    assert step.title in notes.words


def test_done_on_the_last_slide_of_a_class_s_lesson_records_it_once(teacher: Browser, scene: Scene) -> None:
    planned_id = _planned(scene)
    page = teacher.get(f"/planned-lessons/{planned_id}/slides")
    action = f"/planned-lessons/{planned_id}/deliveries"
    assert "recorded as taught" in teacher.submit(page, action).words
    assert teacher.submit(page, action).status == 200
    session().rollback()
    with school_scope(scene.school_id):
        assert len(session().scalars(select(Delivery)).all()) == 1


def test_a_lesson_on_hold_has_no_slides(teacher: Browser, scene: Scene) -> None:
    with school_scope(scene.school_id), transaction():
        gates.pause(scope=PauseScope.MODULE, subject="K1-C1", by=scene.teacher, now=START)
    for address in (f"/planned-lessons/{_planned(scene)}/slides", "/lessons/K1-C1/1/teach"):
        page = teacher.get(address)
        assert page.response.request.path == "/lessons/K1-C1/1"
        assert "On hold" in page.words
