"""Who missed a lesson is a count with a short route, never a name; and a class may take the short route itself."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from eduprog.core.db import session, transaction
from eduprog.core.tenancy import school_scope
from eduprog.delivery import actions, queries
from eduprog.delivery.actions import AwayChanged, MoreThanTheClass
from eduprog.delivery.rules import LessonOutcome
from eduprog.planning import queries as planning
from tests.support.page import Browser
from tests.support.people import sign_in
from tests.support.scenes import Scene, a_planned_school

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_planned_school()


def _lesson(scene: Scene) -> int:
    return planning.lessons_of_class(scene.group_ids["Y1"])[0].id


def _taught(scene: Scene) -> int:
    with transaction():
        return actions.record_delivery(
            planned_lesson_id=_lesson(scene), taught_on=TODAY, outcome=LessonOutcome.AS_PLANNED, by=scene.teacher, now=NOW,
            today=TODAY,
        ).id  # fmt: skip


def _note(scene: Scene, delivery_id: int, away: int, caught_up: int, before: tuple[int, int] | None) -> None:
    with transaction():
        actions.note_away(delivery_id=delivery_id, away=away, caught_up=caught_up, before=before, by=scene.teacher, now=NOW)


def test_counts_are_bounded_by_the_class_and_a_stale_page_changes_nothing(scene: Scene) -> None:
    with school_scope(scene.school_id):
        taught = _taught(scene)
        _note(scene, taught, 3, 0, None)
        _note(scene, taught, 3, 0, None)
        with pytest.raises(AwayChanged):
            _note(scene, taught, 2, 0, None)
        _note(scene, taught, 3, 2, (3, 0))
        with pytest.raises(MoreThanTheClass, match="Y1 Oak has 28 pupils at most"):
            _note(scene, taught, 29, 0, (3, 2))
        with pytest.raises(MoreThanTheClass, match="4 cannot have caught up"):
            _note(scene, taught, 3, 4, (3, 2))
        assert (queries.delivery(taught).away, queries.delivery(taught).caught_up) == (3, 2)


def test_a_teacher_notes_how_many_and_finds_the_short_route(app: Flask, scene: Scene) -> None:
    with school_scope(scene.school_id):
        taught = _taught(scene)
    browser = Browser(app)
    sign_in(browser, scene.teacher_id, scene.school_id)
    page = browser.get(f"/deliveries/{taught}")
    action = f"/deliveries/{taught}/away"
    wrong = browser.submit(page, action, away="40", caught_up="0")
    assert wrong.status == 422
    assert "28 pupils at most" in wrong.words
    saved = browser.submit(page, action, away="3", caught_up="1")
    assert "3 missed it, 1 of them have caught up." in saved.words
    link = next(href for href in saved.links() if href.endswith("/short-route"))
    assert browser.get(link).heading.startswith("Short route of ")


def test_a_class_without_time_takes_the_short_route_and_it_is_recorded_with_its_steps(app: Flask, scene: Scene) -> None:
    with school_scope(scene.school_id):
        lesson = _lesson(scene)
    browser = Browser(app)
    sign_in(browser, scene.teacher_id, scene.school_id)
    route = browser.get(f"/planned-lessons/{lesson}/short-route")
    form = browser.get(next(href for href in route.links() if "short=1" in href))
    ticked = [
        field.get("value") for field in form.all("input") if field.get("name") == "steps" and field.get("checked") is not None
    ]
    chosen = [
        field.get("value") for field in form.all("input") if field.get("type") == "radio" and field.get("checked") is not None
    ]
    assert chosen == ["adapted"]
    token = form.form(f"/planned-lessons/{lesson}/deliveries")["csrf_token"]
    told = {"csrf_token": token, "outcome": "adapted", "steps": ticked, "taught_on": "2026-09-08"}
    assert browser.post(f"/planned-lessons/{lesson}/deliveries", told).status == 200
    session().rollback()
    with school_scope(scene.school_id):
        recorded = queries.delivery(queries.of_planned_lessons([lesson])[lesson].id)
        assert [str(step.step_number) for step in recorded.steps] == ticked
        assert recorded.outcome is LessonOutcome.ADAPTED
