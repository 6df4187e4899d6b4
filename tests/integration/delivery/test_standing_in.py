"""Can somebody stand in: a colleague, a supply teacher by a link for one day, and is a sensitive lesson kept for the trained?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from eduprog.core import clock
from eduprog.core.audit import AuditEntry
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role, person
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import FollowUpPoint
from eduprog.delivery import actions, queries
from eduprog.delivery.actions import LinkOver, NoLinkYet, NothingInstead, NotTrained, PlanChanged, SeeLeadFirst
from eduprog.delivery.rules import LessonOutcome, asks_for_training, link_opens, read_supply_token, supply_token
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import FollowUpState
from eduprog.gates import actions as gates
from eduprog.gates.rules import PauseScope
from eduprog.planning import actions as plan
from eduprog.planning import queries as planning
from eduprog.planning.models import PlannedLesson
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.scenes import Scene, a_planned_school

DAY = date(2026, 9, 8)
NOW = datetime(2026, 9, 8, 8, 0, tzinfo=UTC)


@pytest.fixture
def scene(app: Flask) -> Iterator[Scene]:
    _set_clock(DAY)
    yield a_planned_school()
    clock.set_offset(timedelta(0))


def _set_clock(day: date) -> None:
    clock.set_offset(datetime.combine(day, time(8), UTC) - (clock.now() - clock.offset()))


def _lessons(scene: Scene) -> list[PlannedLesson]:
    return list(planning.lessons_of_class(scene.group_ids["Y1"]))


def _sensitive(scene: Scene) -> PlannedLesson:
    return next(one for one in _lessons(scene) if one.module_id == "K1-B1")


def _colleague(scene: Scene) -> int:
    return make_person(name="Rosa Bell", school_id=scene.school_id, roles=(Role.TEACHER,))


def _link(scene: Scene, planned_id: int, today: date = DAY) -> int:
    with transaction():
        return actions.make_link(planned_lesson_id=planned_id, by=person(scene.lead_id), now=NOW, today=today).id


def test_a_link_opens_from_a_week_before_until_the_end_of_its_day_and_only_where_the_lesson_stands() -> None:
    opens = [link_opens(valid_on=DAY, planned_on=DAY, today=DAY + timedelta(days=n)) for n in (-8, -7, 0, 1)]
    assert opens == [False, True, True, False]
    assert not link_opens(valid_on=DAY, planned_on=DAY + timedelta(days=7), today=DAY)
    assert not link_opens(valid_on=DAY, planned_on=None, today=DAY)


def test_a_colleague_sees_the_lesson_in_their_own_week(app: Flask, scene: Scene) -> None:
    colleague = _colleague(scene)
    with school_scope(scene.school_id):
        lesson = _lessons(scene)[0]
        lesson_id, day = lesson.id, lesson.planned_on
    lead, theirs = Browser(app), Browser(app)
    sign_in(lead, scene.lead_id, scene.school_id)
    sign_in(theirs, colleague, scene.school_id)
    page = lead.get(f"/planned-lessons/{lesson_id}/stand-in")
    saved = lead.submit(page, f"/planned-lessons/{lesson_id}/stand-in", person_id=str(colleague))
    assert "The lesson stands in the week of whoever takes it." in saved.words
    week = theirs.get(f"/my-week?day={day}")
    assert f"/planned-lessons/{lesson_id}/teach" in week.links()
    assert "Cover" in week.words
    stale = lead.submit(page, f"/planned-lessons/{lesson_id}/stand-in", person_id="")
    assert "The plan of this lesson changed meanwhile" in stale.words


def test_a_supply_teacher_reads_and_records_one_lesson_and_nothing_else(app: Flask, scene: Scene) -> None:
    with school_scope(scene.school_id):
        lesson = _lessons(scene)[0]
        assert lesson.planned_on == DAY
        link = _link(scene, lesson.id)
        assert _link(scene, lesson.id) == link
    token = supply_token(scene.school_id, link)
    browser = Browser(app)
    page = browser.get(f"/supply/{token}")
    assert page.status == 200
    assert "Step by step" in page.words
    assert "LeadOnDay" not in page.words
    assert "Record the lesson" in page.words
    with school_scope(scene.school_id):
        assert queries.of_planned_lessons([lesson.id]) == {}  # following the link changed nothing
    assert browser.client.get(f"/supply/{token}/plan.pdf").data.startswith(b"%PDF")
    assert browser.status("/my-week") == 302
    done = browser.submit(page, f"/supply/{token}")
    assert "Recorded. Thank you." in done.words
    assert browser.post(f"/supply/{token}", {"outcome": "as_planned"}).status == 200
    session().rollback()
    with school_scope(scene.school_id):
        recorded = queries.of_planned_lessons([lesson.id])[lesson.id]
        assert (recorded.outcome, recorded.recorded_by) == (LessonOutcome.AS_PLANNED, None)
        assert queries.history(lesson.id)[0].who == "a supply teacher with the one-day link"
        acts = [entry.act for entry in session().query(AuditEntry).order_by(AuditEntry.sequence)]
        assert acts.count("one-day link made") == 1
        assert acts.count("lesson recorded") == 1


def test_a_part_taught_by_a_supply_teacher_is_planned_on_for_the_class(app: Flask, scene: Scene) -> None:
    with school_scope(scene.school_id):
        lesson = _lessons(scene)[0]
        token = supply_token(scene.school_id, _link(scene, lesson.id))
    browser = Browser(app)
    assert browser.post(f"/supply/{token}", {"outcome": "part_taught"}).status == 422
    assert "Recorded. Thank you." in browser.post(f"/supply/{token}", {"outcome": "part_taught", "steps": ["1", "2"]}).words
    session().rollback()
    with school_scope(scene.school_id):
        assert any(one.make_good_of == lesson.id for one in _lessons(scene))


def test_a_supply_teacher_gives_and_records_the_follow_ups_the_lesson_begins_with(app: Flask, scene: Scene) -> None:
    with school_scope(scene.school_id):
        first, lesson = _lessons(scene)[:2]
        day = lesson.planned_on
        assert day is not None
        with transaction():
            actions.record_delivery(
                planned_lesson_id=first.id, taught_on=DAY, outcome=LessonOutcome.AS_PLANNED, by=scene.teacher, now=NOW, today=day
            )
        with transaction():
            session().execute(update(FollowUp).where(FollowUp.point == FollowUpPoint.R1).values(due_on=day))
            session().execute(update(FollowUp).where(FollowUp.point == FollowUpPoint.R2).values(due_on=day + timedelta(days=1)))
        mine, later = (row.id for row in session().query(FollowUp).order_by(FollowUp.id).limit(2))
        token = supply_token(scene.school_id, _link(scene, lesson.id, day))
    _set_clock(day)
    page = Browser(app).get(f"/supply/{token}")
    assert "Begin with what the class met before" in page.words
    form = page.form(f"/supply/{token}")
    assert form["given"] == str(mine)
    done = Browser(app).post(f"/supply/{token}", {**form, "given": [str(mine), str(later)]})
    assert "Recorded. Thank you." in done.words
    session().rollback()
    with school_scope(scene.school_id):
        states = {row.id: (row.state, row.done_on, row.done_by) for row in session().query(FollowUp)}
        assert states[mine] == (FollowUpState.DONE, day, None)
        assert states[later][0] is FollowUpState.DUE  # the page did not offer it, so the link does not reach it


@pytest.mark.parametrize("why", ["revoked", "over", "moved", "paused", "first look", "not ours"])
def test_a_link_that_is_over_says_the_same_whatever_the_reason(app: Flask, scene: Scene, why: str) -> None:
    by = person(scene.lead_id)
    with school_scope(scene.school_id):
        lesson = _lessons(scene)[0]
        token = supply_token(scene.school_id, _link(scene, lesson.id))
        with transaction():
            if why == "revoked":
                actions.revoke_link(planned_lesson_id=lesson.id, by=by, now=NOW)
            elif why == "moved":
                plan.move_on(planned_lesson_id=lesson.id, after=DAY, by=by, now=NOW)
            elif why == "paused":
                gates.pause(scope=PauseScope.YEAR_GROUP, subject="Y1", by=by, now=NOW)
            elif why == "first look":
                actions.ask_first(planned_lesson_id=lesson.id, by=by, now=NOW)
    if why == "over":
        _set_clock(DAY + timedelta(days=1))
    if why == "not ours":
        token = token[:-2] + "xx"
    browser = Browser(app)
    shown = browser.get(f"/supply/{token}")
    assert (shown.status, shown.heading) == (404, "This link does not work")
    assert browser.post(f"/supply/{token}", {"outcome": "as_planned"}).status == 404
    assert browser.get(f"/supply/{token}/plan.pdf").status == 404
    session().rollback()
    with school_scope(scene.school_id):
        assert queries.of_planned_lessons([lesson.id]) == {}


def test_an_address_of_another_kind_is_no_link(app: Flask) -> None:
    assert read_supply_token("nothing.of.ours") is None


def test_a_link_is_made_for_lessons_of_the_coming_week_only(scene: Scene) -> None:
    with school_scope(scene.school_id):
        later = next(one for one in _lessons(scene) if one.planned_on and one.planned_on > DAY + timedelta(days=7))
        with pytest.raises(NoLinkYet):
            _link(scene, later.id)


def test_a_sensitive_lesson_is_not_given_to_the_untrained(scene: Scene) -> None:
    colleague, by = _colleague(scene), person(scene.lead_id)
    with school_scope(scene.school_id):
        lesson = _sensitive(scene)
        facts = {"planned_lesson_id": lesson.id, "person_id": colleague, "version": lesson.version, "by": by, "now": NOW}
        with pytest.raises(NotTrained), transaction():
            actions.arrange_cover(**facts)
        with pytest.raises(NotTrained):
            _link(scene, lesson.id, today=lesson.planned_on)
        with transaction():
            gates.say_trained(person_id=colleague, trained=True, by=by, now=NOW)
            assert actions.arrange_cover(**facts).covered_by == colleague


def test_something_else_is_taught_and_the_sensitive_lesson_takes_its_place(app: Flask, scene: Scene) -> None:
    colleague = _colleague(scene)
    with school_scope(scene.school_id):
        lesson = _sensitive(scene)
        lesson_id, day = lesson.id, lesson.planned_on
        offered = queries.instead_of(lesson)
        assert offered.lessons
        other = offered.lessons[0]
    browser = Browser(app)
    sign_in(browser, scene.lead_id, scene.school_id)
    address = f"/planned-lessons/{lesson_id}/stand-in"
    asked = browser.submit(browser.get(address), address, person_id=str(colleague))
    assert asked.heading == "Instead of K1-B1"
    assert "Rosa Bell is not recorded as trained" in asked.words
    assert other.title in asked.words
    assert browser.submit(asked, f"{address}/instead").status == 422
    done = browser.submit(asked, f"{address}/instead", choice=f"lesson-{other.planned_lesson_id}")
    assert "K1-B1 moves to" in done.words
    session().rollback()
    with school_scope(scene.school_id):
        moved, taught = planning.planned_lesson(lesson_id), planning.planned_lesson(other.planned_lesson_id)
        assert (moved.planned_on, moved.covered_by) == (other.day, None)
        assert (taught.planned_on, taught.covered_by) == (day, colleague)


def test_a_follow_up_due_may_be_given_instead_and_what_is_not_offered_is_refused(scene: Scene) -> None:
    by = person(scene.lead_id)
    with school_scope(scene.school_id):
        first, lesson = _lessons(scene)[0], _sensitive(scene)
        assert lesson.planned_on is not None
        with transaction():
            actions.record_delivery(
                planned_lesson_id=first.id, taught_on=lesson.planned_on - timedelta(days=7), outcome=LessonOutcome.AS_PLANNED,
                by=scene.teacher, now=NOW, today=lesson.planned_on,
            )  # fmt: skip
        lesson = _sensitive(scene)
        due = queries.instead_of(lesson).follow_ups
        facts = {"planned_lesson_id": lesson.id, "person_id": None, "by": by, "now": NOW}
        with pytest.raises(NothingInstead), transaction():
            actions.swap_for_cover(**facts, version=lesson.version, with_id=lesson.id)
        with pytest.raises(PlanChanged), transaction():
            actions.swap_for_cover(**facts, version=lesson.version + 1, follow_up_id=due[0].follow_up_id)
        stood_on = lesson.planned_on
        with transaction():
            done = actions.swap_for_cover(**facts, version=lesson.version, follow_up_id=due[0].follow_up_id)
        assert done.follow_up_id == due[0].follow_up_id
        assert done.moved_to is None or done.moved_to > stood_on


def test_a_lesson_the_lead_wants_to_be_asked_about_opens_when_it_is_cleared(app: Flask, scene: Scene) -> None:
    lead = make_person(name="Grace Obi", school_id=scene.school_id, roles=(Role.SAFEGUARDING_LEAD,))
    with school_scope(scene.school_id):
        lesson = _lessons(scene)[0]
        lesson_id = lesson.id
    theirs, teacher = Browser(app), Browser(app)
    sign_in(theirs, lead, scene.school_id)
    sign_in(teacher, scene.teacher_id, scene.school_id)
    with school_scope(scene.school_id), transaction():
        actions.ask_first(planned_lesson_id=lesson_id, by=person(lead), now=NOW)
        actions.ask_first(planned_lesson_id=lesson_id, by=person(lead), now=NOW)
    assert "See your DSL before you teach this." in teacher.get("/my-week").words
    for way in ("teach", "slides"):
        assert teacher.get(f"/planned-lessons/{lesson_id}/{way}").heading == "See your DSL first"
    with school_scope(scene.school_id), pytest.raises(SeeLeadFirst):
        _link(scene, lesson_id)
    ahead = theirs.get("/sensitive-lessons/ahead")
    cleared = theirs.submit(ahead, f"/planned-lessons/{lesson_id}/first-look/clearing")
    assert "Cleared. The lesson opens again." in cleared.words
    assert teacher.get(f"/planned-lessons/{lesson_id}/first-look").heading != "See your DSL first"
    assert "See your DSL before" not in teacher.get("/my-week").words


def test_the_lead_asks_from_the_list_of_sensitive_lessons(app: Flask, scene: Scene) -> None:
    with school_scope(scene.school_id):
        lesson = _sensitive(scene)
        lesson_id, day = lesson.id, lesson.planned_on
    assert day is not None
    _set_clock(day - timedelta(days=3))
    lead = make_person(name="Grace Obi", school_id=scene.school_id, roles=(Role.SAFEGUARDING_LEAD,))
    browser = Browser(app)
    sign_in(browser, lead, scene.school_id)
    page = browser.get("/sensitive-lessons/ahead")
    asked = browser.submit(page, f"/planned-lessons/{lesson_id}/first-look")
    assert "does not open until you clear it" in asked.words
    assert "Waits for you" in asked.words


def test_only_gate_g1_asks_for_training(app: Flask) -> None:
    modules = catalogue.current().modules
    assert (asks_for_training(modules["K1-C1"]), asks_for_training(modules["K1-B1"])) == (False, True)


def test_a_revoked_link_is_refused_by_the_action_too(scene: Scene) -> None:
    with school_scope(scene.school_id):
        lesson = _lessons(scene)[0]
        link = _link(scene, lesson.id)
        with transaction():
            actions.revoke_link(planned_lesson_id=lesson.id, by=person(scene.lead_id), now=NOW)
            actions.revoke_link(planned_lesson_id=lesson.id, by=person(scene.lead_id), now=NOW)
        with pytest.raises(LinkOver), transaction():
            actions.record_by_link(link_id=link, outcome=LessonOutcome.AS_PLANNED, steps=[], now=NOW, today=DAY)
        assert _link(scene, lesson.id) != link


def test_while_a_deputy_stands_in_pupils_and_teachers_are_sent_to_them(app: Flask, scene: Scene) -> None:
    with school_scope(scene.school_id), transaction():
        gates.add_deputy(
            name="Bo Marsh", place="Room 2", first_day=DAY, last_day=DAY + timedelta(days=3), by=person(scene.lead_id), now=NOW,
            today=DAY,
        )  # fmt: skip
    browser = Browser(app)
    sign_in(browser, scene.teacher_id, scene.school_id)
    with school_scope(scene.school_id):
        module_id = _lessons(scene)[0].module_id
    assert "Bo Marsh, deputy until" in browser.get(f"/lessons/{module_id}/ready").words
    assert "Bo Marsh" in browser.get(f"/lessons/{module_id}/1/teach").words
