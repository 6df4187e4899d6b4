"""Can a head of PSHE plan, change and undo everything from the pages, without a script?"""

from __future__ import annotations

import re
from datetime import date

import pytest
import time_machine
from flask import Flask

from eduprog.core.db import session, transaction
from eduprog.core.tenancy import school_scope
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.planning import actions, queries
from tests.support.page import Browser, Page
from tests.support.people import sign_in
from tests.support.scenes import Scene, a_planned_school

pytestmark = pytest.mark.usefixtures("august")


@pytest.fixture
def august() -> object:
    with time_machine.travel("2026-08-26T09:00:00Z", tick=True) as traveller:
        yield traveller


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_planned_school()


@pytest.fixture
def head(browser: Browser, scene: Scene) -> Browser:
    sign_in(browser, scene.lead_id, school_id=scene.school_id)
    return browser


def _post(browser: Browser, address: str, data: dict[str, object] | None = None) -> Page:
    """Send a form with the token of the person's own pages."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.client.get("/account").get_data(as_text=True))
    assert token is not None
    return browser.post(address, {"csrf_token": token.group(1), **(data or {})})


def _lessons(scene: Scene, year: YearGroup = YearGroup.Y1) -> list[object]:
    session().rollback()
    session().expire_all()
    with school_scope(scene.school_id):
        return list(queries.lessons_of_class(scene.group_ids[year.value]))


def test_the_plan_names_every_class_its_room_and_its_schemes(head: Browser) -> None:
    page = head.get("/plan")
    assert page.status == 200
    assert "Y1 Oak" in page.text
    assert re.search(r"\d+ of 3\d", page.text), "meetings free of all meetings"
    assert "Schemes of work" in page.text


def test_planning_again_says_that_nothing_changed(head: Browser, scene: Scene) -> None:
    before = [(lesson.id, lesson.planned_on) for lesson in _lessons(scene)]
    page = _post(head, f"/plan/years/{scene.academic_year_id}", {"kind": "again"})
    assert "0 lessons planned" in page.text
    assert [(lesson.id, lesson.planned_on) for lesson in _lessons(scene)] == before


def test_a_module_moves_to_another_half_term_and_planning_again_follows(head: Browser, scene: Scene) -> None:
    with school_scope(scene.school_id):
        scheme = queries.schemes_of_year(scene.academic_year_id)[YearGroup.Y1]
    address = f"/plan/year-groups/{scheme.id}"
    assert "K1-M1" in head.get(address).text
    page = _post(head, f"{address}/modules/K1-M1/place", {"block": "summer-2", "place": "1", "version": str(scheme.version)})
    assert "Scheme of work saved" in page.text
    stale = _post(head, f"{address}/modules/K1-M1/place", {"block": "autumn-1", "version": str(scheme.version)})
    assert "Somebody else changed this scheme" in stale.text
    _post(head, f"/plan/years/{scene.academic_year_id}", {"kind": "again", "year_group": "Y1"})
    moved = next(lesson for lesson in _lessons(scene) if lesson.module_id == "K1-M1")
    assert moved.planned_on is not None
    assert moved.planned_on >= date(2027, 6, 7)


def test_taking_a_module_out_says_first_what_is_lost(head: Browser, scene: Scene) -> None:
    with school_scope(scene.school_id):
        scheme = queries.schemes_of_year(scene.academic_year_id)[YearGroup.Y1]
    address = f"/plan/year-groups/{scheme.id}/modules/K1-C1/removal"
    asked = head.get(address)
    assert "No other module of this scheme meets" in asked.text
    assert "K1-B1" in asked.text, "it builds on K1-C1"
    _post(head, address, {"version": str(scheme.version)})
    _post(head, f"/plan/years/{scene.academic_year_id}", {"kind": "again"})
    assert "K1-C1" not in {lesson.module_id for lesson in _lessons(scene)}


def test_a_move_that_needs_thought_asks_first(head: Browser, scene: Scene) -> None:
    sensitive = next(lesson for lesson in _lessons(scene) if lesson.module_id == "K1-B1")
    to = {"to": "2026-09-01"}
    assert "shut" in _post(head, f"/planned-lessons/{sensitive.id}/day", to).text
    to = {"to": "2026-10-23"}
    asked = _post(head, f"/planned-lessons/{sensitive.id}/day", to)
    assert "Not moved yet" in asked.text
    assert "just before a break" in asked.text
    done = _post(head, f"/planned-lessons/{sensitive.id}/day", {**to, "even_so": "y"})
    assert "Lesson moved." in done.text
    assert "Moved by hand" in done.text


def test_a_lesson_is_swapped_covered_left_and_taken_up_again(head: Browser, scene: Scene) -> None:
    first, second = _lessons(scene)[:2]
    days = (first.planned_on, second.planned_on)
    page = _post(head, f"/planned-lessons/{first.id}/swap", {"with_id": str(second.id), "even_so": "y"})
    assert "changed places" in page.text
    now = {lesson.id: lesson.planned_on for lesson in _lessons(scene)}
    assert (now[second.id], now[first.id]) == days
    assert "Cover saved" in _post(head, f"/planned-lessons/{first.id}/cover", {"person_id": str(scene.lead_id)}).text
    assert "Covered by Mark Osei" in head.get(f"/plan/classes/{scene.group_ids['Y1']}").text
    assert "Next year" in _post(head, f"/planned-lessons/{second.id}/next-year").text
    again = _post(head, f"/plan/years/{scene.academic_year_id}", {"kind": "add"})
    assert "It was left to next year" in again.text
    assert "Taken up again" in _post(head, f"/planned-lessons/{second.id}/this-year").text


def test_drop_down_days_and_carousels_are_chosen_and_used(head: Browser, scene: Scene) -> None:
    form = {"day": "2027-06-15", "starts_at": "09:00", "periods": "4", "minutes": "60", "year_groups": "Y1"}
    assert "Drop-down day added" in _post(head, f"/plan/years/{scene.academic_year_id}/drop-down-days", form).text
    group = scene.group_ids["Y1"]
    chosen = {"slot_kind": "", "blocks": ["summer-2"]}
    assert "Saved" in _post(head, f"/plan/classes/{group}/choices", chosen).text
    _post(head, f"/plan/years/{scene.academic_year_id}", {"kind": "again", "group_id": str(group)})
    days = [lesson.planned_on for lesson in _lessons(scene) if lesson.planned_on]
    assert days
    assert min(days) >= date(2027, 6, 7)
    undone = _post(head, f"/plan/runs/{_last(scene)}/undo")
    assert "Planning undone" in undone.text
    assert min(lesson.planned_on for lesson in _lessons(scene) if lesson.planned_on) < date(2026, 12, 1)


def _last(scene: Scene) -> int:
    with school_scope(scene.school_id):
        run = queries.last_run(scene.academic_year_id)
        assert run is not None
        return run.id


def test_a_teacher_makes_and_closes_their_calendar_address(app: Flask, scene: Scene) -> None:
    teacher = Browser(app)
    sign_in(teacher, scene.teacher_id, school_id=scene.school_id)
    page = _post(teacher, "/my-calendar")
    address = re.search(r"/feeds/[\w-]+\.ics", page.text)
    assert address is not None
    stranger = Browser(app)
    answer = stranger.client.get(address.group())
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    with school_scope(scene.school_id):
        held = queries.feed_address(person_id=scene.teacher_id)
    assert held is not None
    assert "closed" in _post(teacher, f"/my-calendar/{held[0]}/removal").text
    assert stranger.client.get(address.group()).status_code == 404
    with school_scope(scene.school_id), transaction():
        actions.make_feed(group_id=scene.group_ids["Y1"], by=scene.teacher, now=_now())


def _now() -> object:
    from eduprog.core import clock

    return clock.now()
