"""Is nothing lost, and nothing doubled, when several devices record, and when one session is for several classes?"""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from eduprog.core import clock
from eduprog.core.db import session, transaction
from eduprog.core.tenancy import school_scope
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.delivery import actions, queries
from eduprog.delivery.actions import AlreadyRecorded, NotTheSameLesson
from eduprog.delivery.models import Delivery, MissedLesson
from eduprog.delivery.rules import LessonOutcome, NotTaughtReason
from eduprog.families.models import ParentPrompt
from eduprog.followups import queries as followups
from eduprog.followups.models import FollowUp
from eduprog.planning import actions as planning_actions
from eduprog.planning import queries as planning
from eduprog.school import actions as school
from eduprog.school import queries as school_queries
from eduprog.tallies import actions as tallies
from tests.support.page import Browser
from tests.support.people import sign_in
from tests.support.scenes import SET_UP, START, Scene, a_planned_school

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_planned_school()


@pytest.fixture
def november(app: Flask) -> object:
    clock.set_offset(NOW - (clock.now() - clock.offset()))
    yield
    clock.set_offset(timedelta(0))


def _lesson(scene: Scene, label: str = "Y1") -> int:
    return planning.lessons_of_class(scene.group_ids[label])[0].id


def _two_more_classes(scene: Scene) -> dict[str, int]:
    """Two classes beside 1 Oak, planned alike."""
    with transaction():
        year = school_queries.academic_years()[0]
        ids = {}
        for name, years in (("1 Elm", [YearGroup.Y1]), ("1/2 Ash", [YearGroup.Y1, YearGroup.Y2])):
            slots = [school.Slot(weekday=1, starts_at=datetime(2026, 1, 1, 11).time(), minutes=60)]
            ids[name] = school.open_class(
                academic_year_id=year.id, name=name, year_groups=years, stage=school_queries.teaching_group(
                    scene.group_ids["Y1"]).stage, lead_teacher_id=scene.lead_id, size=20, slots=slots, by=SET_UP, now=START,
            ).id  # fmt: skip
        planning_actions.set_up_schemes(academic_year_id=year.id, year_groups=[YearGroup.Y2], by=SET_UP, now=START)
        planning_actions.plan_year(academic_year=year, groups=school_queries.groups_of_year(year.id), by=SET_UP, now=START)
    return ids


def test_one_action_records_a_joint_session_for_several_classes(scene: Scene) -> None:
    with school_scope(scene.school_id):
        classes = _two_more_classes(scene)
        planned_id = _lesson(scene)
        others = queries.together_with(planning.planned_lesson(planned_id))
        assert [other.group_name for other in others] == ["1 Elm", "1/2 Ash"]
        facts = {"taught_on": TODAY, "outcome": LessonOutcome.AS_PLANNED, "by": scene.teacher, "now": NOW, "today": TODAY}
        ids = [other.planned_lesson_id for other in others]
        with transaction():
            joint = actions.record_joint_session(planned_lesson_id=planned_id, with_ids=ids, once_key="k", **facts)
        assert (joint.others, joint.known_before) == (2, "")
        with transaction():
            again = actions.record_joint_session(planned_lesson_id=planned_id, with_ids=ids, once_key="k", **facts)
        assert again.delivery_id == joint.delivery_id
        for group_id in [scene.group_ids["Y1"], *classes.values()]:
            assert len(queries.of_class(group_id)) == 1
            assert Counter(row.point.value for row in followups.of_class(group_id)) == Counter(["R1", "R2", "R3", "R4"])
        assert session().query(ParentPrompt).count() == 3
        assert queries.together_with(planning.planned_lesson(planned_id)) == []
        assert tallies.compare(queries.tally_facts()) == []


def test_a_class_on_record_before_keeps_its_record_and_another_lesson_is_refused(scene: Scene) -> None:
    with school_scope(scene.school_id):
        classes = _two_more_classes(scene)
        elm = planning.lessons_of_class(classes["1 Elm"])
        facts = {"taught_on": TODAY, "by": scene.teacher, "now": NOW, "today": TODAY}
        with transaction():
            before = actions.record_delivery(planned_lesson_id=elm[0].id, outcome=LessonOutcome.ADAPTED, steps=[1], **facts).id
        with transaction():
            joint = actions.record_joint_session(
                planned_lesson_id=_lesson(scene), with_ids=[elm[0].id], outcome=LessonOutcome.AS_PLANNED, **facts
            )
        assert joint.known_before == "1 Elm"
        assert queries.delivery(before).outcome is LessonOutcome.ADAPTED
        second = planning.lessons_of_class(scene.group_ids["Y1"])[1].id
        with pytest.raises(NotTheSameLesson), transaction():
            actions.record_joint_session(
                planned_lesson_id=second, with_ids=[elm[2].id], outcome=LessonOutcome.AS_PLANNED, **facts
            )
        assert len(queries.of_class(scene.group_ids["Y1"])) == 1


def test_a_second_device_that_says_something_else_changes_nothing_and_is_told(scene: Scene) -> None:
    with school_scope(scene.school_id):
        facts = {"planned_lesson_id": _lesson(scene), "once_key": "p-1", "by": scene.teacher, "now": NOW, "today": TODAY}
        with transaction():
            first = actions.record_delivery(outcome=LessonOutcome.AS_PLANNED, taught_on=TODAY, **facts).id
        for changed in ({"taught_on": date(2026, 11, 23)}, {"outcome": LessonOutcome.PART_TAUGHT, "steps": [1]}):
            with pytest.raises(AlreadyRecorded), transaction():
                actions.record_delivery(**{"outcome": LessonOutcome.AS_PLANNED, "taught_on": TODAY, **facts, **changed})
        assert queries.delivery(first).taught_on == TODAY


def test_not_taught_said_twice_moves_the_lesson_once(scene: Scene) -> None:
    with school_scope(scene.school_id):
        lesson = planning.planned_lesson(_lesson(scene))
        shown = lesson.planned_on
        days = []
        for _ in range(2):
            with transaction():
                days.append(
                    actions.record_not_taught(
                        planned_lesson_id=lesson.id, reason=NotTaughtReason.CLASS_OUT, planned_on=shown, by=scene.teacher,
                        now=NOW, today=TODAY,
                    ).planned_on
                )  # fmt: skip
        assert days[0] == days[1] == date(2026, 12, 1)
        assert session().query(MissedLesson).count() == 1


def _at_once(app: Flask, count: int, scene: Scene, address: str, data: dict[str, str]) -> list[int]:
    """Send the same form from so many devices at the same moment; give the answers' codes."""
    browsers = []
    for _ in range(count):
        one = Browser(app)
        sign_in(one, scene.teacher_id, scene.school_id)
        one.client.get("/my-week").close()
        token = one.client.get("/account").get_data(as_text=True).split('name="csrf_token" value="')[1].split('"')[0]
        browsers.append((one, token))
    session().rollback()
    gate, codes = threading.Barrier(count), []

    def send(one: Browser, token: str) -> None:
        gate.wait(20)
        answer = one.client.post(address, data={**data, "csrf_token": token})
        codes.append(answer.status_code)
        answer.close()

    threads = [threading.Thread(target=send, args=pair) for pair in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return codes


def test_twelve_devices_that_record_at_once_make_one_record(app: Flask, scene: Scene, november: object) -> None:
    with school_scope(scene.school_id):
        planned_id = _lesson(scene)
    data = {"outcome": "as_planned", "taught_on": TODAY.isoformat(), "once_key": f"p{planned_id}-v1"}
    codes = _at_once(app, 12, scene, f"/planned-lessons/{planned_id}/deliveries", data)
    assert Counter(codes) == {302: 12}
    with school_scope(scene.school_id):
        assert session().query(Delivery).count() == 1
        assert session().query(FollowUp).count() == 4
        assert session().query(ParentPrompt).count() == 1
        assert tallies.compare(queries.tally_facts()) == []
        starter = session().query(FollowUp).order_by(FollowUp.id).first()
        assert starter is not None
        starter_id = starter.id
    assert Counter(_at_once(app, 6, scene, f"/follow-ups/{starter_id}/done", {})) == {302: 6}


def test_the_second_device_is_shown_what_the_first_recorded(app: Flask, scene: Scene, november: object) -> None:
    with school_scope(scene.school_id):
        planned_id = _lesson(scene)
    first, second = Browser(app), Browser(app)
    for one in (first, second):
        sign_in(one, scene.teacher_id, scene.school_id)
    address = f"/planned-lessons/{planned_id}/deliveries"
    shown_first, shown_second = (one.get(f"/planned-lessons/{planned_id}/record") for one in (first, second))
    assert first.submit(shown_first, address).heading == "K1-R2 recorded"
    told = second.submit(shown_second, address, outcome="part_taught", steps=["1"])
    assert told.heading == "K1-R2 recorded"
    assert "This was recorded before: taught as planned, on Tuesday 8 September. Nothing was changed." in told.words
    assert "recorded as taught on Tuesday 8 September, by Hana Ali" in told.words
    twice = first.submit(shown_first, address)
    assert "This was recorded before" not in twice.words


def test_a_page_offers_the_classes_of_the_year_group_and_records_them_in_one_go(
    app: Flask, scene: Scene, november: object
) -> None:
    with school_scope(scene.school_id):
        _two_more_classes(scene)
        planned_id = _lesson(scene)
        others = [str(other.planned_lesson_id) for other in queries.together_with(planning.planned_lesson(planned_id))]
    browser = Browser(app)
    sign_in(browser, scene.teacher_id, scene.school_id)
    page = browser.get(f"/planned-lessons/{planned_id}/record")
    assert "1/2 Ash" in page.words
    recorded = browser.submit(page, f"/planned-lessons/{planned_id}/deliveries", together=others)
    assert "Lesson recorded as taught for 3 classes." in recorded.words
    again = browser.submit(page, f"/planned-lessons/{planned_id}/deliveries", together=others)
    assert again.status == 200
    with school_scope(scene.school_id):
        assert session().query(Delivery).count() == 3


def test_a_page_another_person_opened_on_this_device_records_nothing(app: Flask, scene: Scene) -> None:
    from eduprog.core.permissions import Role
    from tests.support.people import make_person

    other = make_person(name="Rosa Bell", school_id=scene.school_id, roles=(Role.TEACHER,))
    with school_scope(scene.school_id):
        lesson_id = planning.lessons_of_class(scene.group_ids["Y1"])[0].id
    first, second = Browser(app), Browser(app)
    sign_in(first, scene.teacher_id, scene.school_id)
    sign_in(second, other, scene.school_id)
    theirs = first.get(f"/planned-lessons/{lesson_id}/record").form(f"/planned-lessons/{lesson_id}/deliveries")
    own = second.get(f"/planned-lessons/{lesson_id}/record").form(f"/planned-lessons/{lesson_id}/deliveries")
    assert theirs["keeper"] != own["keeper"]
    refused = second.post(f"/planned-lessons/{lesson_id}/deliveries", {**own, "keeper": theirs["keeper"]})
    assert refused.status == 403
    assert "Somebody else opened this page on this device." in refused.words
    assert second.status("/still-here") == 204
    with school_scope(scene.school_id):
        assert queries.of_planned_lessons([lesson_id]) == {}
