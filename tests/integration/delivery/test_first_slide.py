"""Does a follow-up that is due come first in the class's next lesson, and is it recorded with the lesson?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from eduprog.core import clock
from eduprog.core.db import session, transaction
from eduprog.core.tenancy import school_scope
from eduprog.delivery import actions
from eduprog.delivery.rules import LessonOutcome
from eduprog.followups import queries as followups
from eduprog.followups.rules import FollowUpState
from eduprog.planning import queries as planning
from eduprog.school import actions as school
from tests.support.page import Browser
from tests.support.people import sign_in
from tests.support.scenes import Scene, a_planned_school

TAUGHT = date(2026, 9, 8)
LATER = datetime(2026, 9, 15, 9, 0, tzinfo=UTC)


@pytest.fixture
def scene(app: Flask) -> object:
    clock.set_offset(LATER - (clock.now() - clock.offset()))
    yield a_planned_school()
    clock.set_offset(timedelta(0))


def _taught(scene: Scene) -> tuple[int, int]:
    """Teach the class its first module; give the follow-up due a week later and the lesson planned for that day."""
    with school_scope(scene.school_id):
        lessons = planning.lessons_of_class(scene.group_ids["Y1"])
        with transaction():
            done = actions.record_delivery(
                planned_lesson_id=lessons[0].id, taught_on=TAUGHT, outcome=LessonOutcome.AS_PLANNED, by=scene.teacher, now=LATER,
                today=LATER.date(),
            ).id  # fmt: skip
        starter = followups.of_delivery(done)[0]
        assert starter.due_on == LATER.date()
        return starter.id, lessons[1].id


def _state(scene: Scene, follow_up_id: int) -> FollowUpState:
    session().rollback()
    with school_scope(scene.school_id):
        return followups.follow_up(follow_up_id).state


def test_the_slides_of_a_lesson_begin_with_the_follow_up_due_and_go_on_to_the_lesson(app: Flask, scene: Scene) -> None:
    starter, lesson = _taught(scene)
    browser = Browser(app)
    sign_in(browser, scene.teacher_id, scene.school_id)
    with school_scope(scene.school_id):
        day = planning.planned_lesson(lesson).planned_on
    assert f"/planned-lessons/{lesson}/teach" in browser.get(f"/my-week?day={day}").links()
    slide = browser.get(f"/planned-lessons/{lesson}/teach")
    assert slide.response.request.path == f"/follow-ups/{starter}/slide"
    assert f"/planned-lessons/{lesson}/slides" in slide.links()
    after = browser.submit(slide, f"/follow-ups/{starter}/done")
    assert after.response.request.path == f"/planned-lessons/{lesson}/slides"
    assert _state(scene, starter) is FollowUpState.DONE
    assert browser.get(f"/planned-lessons/{lesson}/teach").response.request.path == f"/planned-lessons/{lesson}/slides"


def test_the_follow_up_is_recorded_by_the_two_taps_of_its_lesson(app: Flask, scene: Scene) -> None:
    starter, lesson = _taught(scene)
    browser = Browser(app)
    sign_in(browser, scene.teacher_id, scene.school_id)
    page = browser.get(f"/planned-lessons/{lesson}/record")
    assert "It began with" in page.words
    browser.submit(page, f"/planned-lessons/{lesson}/deliveries")
    assert _state(scene, starter) is FollowUpState.DONE


def test_unticked_it_stays_due_and_another_classes_follow_up_is_refused(app: Flask, scene: Scene) -> None:
    starter, lesson = _taught(scene)
    browser = Browser(app)
    sign_in(browser, scene.teacher_id, scene.school_id)
    with school_scope(scene.school_id):
        other = planning.lessons_of_class(scene.group_ids["Y4"])[0].id
    page = browser.get(f"/planned-lessons/{other}/record")
    assert browser.submit(page, f"/planned-lessons/{other}/deliveries", given=str(starter)).status == 404
    page = browser.get(f"/planned-lessons/{lesson}/record")
    browser.submit(page, f"/planned-lessons/{lesson}/deliveries", given=[])
    assert _state(scene, starter) is FollowUpState.DUE


def test_a_host_gives_the_follow_ups_of_the_classes_it_hosts_at_its_own_next_lesson(app: Flask, scene: Scene) -> None:
    starter, own_lesson = _taught(scene)
    hosted, host = scene.group_ids["Y1"], scene.group_ids["Y4"]
    with school_scope(scene.school_id):
        with transaction():
            school.set_host(group_id=hosted, host_group_id=host, host_kind=None, host_owner_id=None, by=scene.teacher, now=LATER)
        lesson = next(one.id for one in planning.lessons_of_class(host) if one.planned_on == LATER.date())
    browser = Browser(app)
    sign_in(browser, scene.teacher_id, scene.school_id)
    assert f"/follow-ups/{starter}/slide" not in browser.get(f"/planned-lessons/{own_lesson}/teach").response.request.path
    assert browser.get(f"/planned-lessons/{lesson}/teach").response.request.path == f"/follow-ups/{starter}/slide"
    page = browser.get(f"/planned-lessons/{lesson}/record")
    assert "(Y1 Oak)" in page.words
    browser.submit(page, f"/planned-lessons/{lesson}/deliveries", given=str(starter))
    assert _state(scene, starter) is FollowUpState.DONE
