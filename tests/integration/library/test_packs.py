"""Does a pack hold what it promises, made for this school, and come while it is made?"""

from __future__ import annotations

import io
import zipfile

import pytest
from flask import Flask

from eduprog.core.db import transaction
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.gates import actions as gates
from eduprog.gates.rules import PauseScope
from tests.support import printed
from tests.support.page import Browser
from tests.support.people import sign_in
from tests.support.scenes import START, Scene, a_planned_school


@pytest.fixture
def engine_name() -> str:
    """What is in a pack does not depend on the engine, and packs take a while."""
    return "sqlite"


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_planned_school()


@pytest.fixture
def teacher(app: Flask, scene: Scene) -> Browser:
    browser = Browser(app)
    sign_in(browser, scene.teacher_id, school_id=scene.school_id)
    return browser


def _archive(teacher: Browser, address: str) -> zipfile.ZipFile:
    answer = teacher.client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    held = zipfile.ZipFile(io.BytesIO(answer.data))
    assert held.testzip() is None
    assert len(held.namelist()) == int(answer.headers["X-Pack-Files"])
    return held


def test_a_lesson_pack_has_plan_slides_handouts_follow_ups_and_help_card(teacher: Browser) -> None:
    page = teacher.get("/lessons/K1-C1/1")
    assert {"/lessons/K1-C1/1/pack.zip", "/lessons/K1-C1/1/slides.pptx"} <= set(page.links())
    held = _archive(teacher, "/lessons/K1-C1/1/pack.zip")
    assert sorted(held.namelist()) == [
        "K1-C1-follow-ups.pdf", "K1-C1-help-card.pdf", "K1-C1-lesson-1-handouts.pdf", "K1-C1-lesson-1-plan.pdf",
        "K1-C1-lesson-1-slides.pptx",
    ]  # fmt: skip
    assert "Oakfield Primary School" in printed.words_of(held.read("K1-C1-lesson-1-plan.pdf"))


def test_a_year_s_print_pack_has_every_lesson_but_those_on_hold(teacher: Browser, scene: Scene) -> None:
    year = next(iter(catalogue.current().modules["EY-B1"].years))
    modules = catalogue.current().for_year(year)
    with school_scope(scene.school_id), transaction():
        gates.pause(scope=PauseScope.MODULE, subject=modules[0].id, by=scene.teacher, now=START)
    assert f"/print-packs/{year.value}.zip" in teacher.get("/print-packs").links()
    names = _archive(teacher, f"/print-packs/{year.value}.zip").namelist()
    plans = {f"{m.id}/{m.id}-lesson-{lesson.number}-plan.pdf" for m in modules[1:] for lesson in m.lessons}
    assert plans == {name for name in names if name.endswith("-plan.pdf")}
    assert not [name for name in names if name.startswith(f"{modules[0].id}/")]


def test_slides_are_a_file_for_presentation_programs(teacher: Browser) -> None:
    answer = teacher.client.get("/lessons/K1-C1/1/slides.pptx")
    assert answer.mimetype.endswith("presentationml.presentation")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert teacher.status("/lessons/K9-X1/1/slides.pptx") == teacher.status("/print-packs/Y99.zip") == 404
