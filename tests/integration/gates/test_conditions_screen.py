"""Are conditions cleared on one screen, does the board warn, and what happens on the day when one is open?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask

from eduprog.core import audit, clock
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role, person
from eduprog.core.tenancy import school_scope
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.gates import actions, emails, queries
from eduprog.gates.models import AheadNotice, GateDecision, WentAhead
from eduprog.gates.rules import AheadReason, Condition, GateReason
from eduprog.mail.models import OutboundEmail
from eduprog.mail.rules import Send, Stop
from eduprog.organisations.models import SchoolSettings
from eduprog.planning.models import PlannedLesson
from tests.support.page import Browser, Page
from tests.support.people import make_person, sign_in
from tests.support.scenes import Scene, a_planned_school

SCREEN = "/sensitive-lessons/conditions"
G1 = (Condition.TRAINED_TEACHER, Condition.DSL_TOLD, Condition.HELP_CARD, Condition.PARENTS_SHOWN)


@pytest.fixture
def scene(app: Flask) -> Iterator[Scene]:
    made = a_planned_school(years=(YearGroup.Y8, YearGroup.Y9, YearGroup.Y10))
    yield made
    clock.set_offset(timedelta(0))


def _go_to(day: date) -> None:
    now = datetime.combine(day, time(9, 0), tzinfo=UTC)
    clock.set_offset(now - (clock.now() - clock.offset()))


def _lesson(scene: Scene, module_id: str) -> tuple[int, date, int]:
    with school_scope(scene.school_id):
        rows = session().query(PlannedLesson).filter_by(module_id=module_id).order_by(PlannedLesson.lesson_number).all()
        row = rows[0]
        assert row.planned_on is not None
        found = row.id, row.planned_on, row.teaching_group_id
    session().rollback()
    return found


def _path(page: Page) -> str:
    return page.response.request.path


def _lead(app: Flask, scene: Scene) -> Browser:
    browser = Browser(app)
    sign_in(browser, scene.lead_id, scene.school_id)
    return browser


def test_a_term_s_conditions_are_cleared_on_one_screen_with_who_when_and_why(app: Flask, scene: Scene) -> None:
    _, day, _ = _lesson(scene, "K3-B2")
    _go_to(day - timedelta(days=10))
    term = "autumn" if day.month >= 9 else "spring" if day.month <= 3 else "summer"
    lead = _lead(app, scene)
    page = lead.get(f"{SCREEN}?term={term}")
    assert "K3-B2" in page.words
    fields = page.form(SCREEN)
    told = [f"K3-B2|{one.value}" for one in G1]
    saved = lead.post(SCREEN, {**fields, "year_group": "Y8", "met": told, "reason": "whole_year"})
    again = lead.get(f"{SCREEN}?term={term}")
    assert saved.status in (200, 302)
    assert "Mark Osei" in again.words
    assert "Done for the whole year" in again.words
    # Somebody who saw an older page unticks nothing of what was ticked meanwhile.
    lead.post(SCREEN, {**fields, "year_group": "Y8", "met": [], "reason": "done"})
    with school_scope(scene.school_id):
        rows = session().query(GateDecision).all()
        assert {row.condition for row in rows} == set(G1)
        assert {(row.decided_by, row.reason, row.year_group) for row in rows} == {
            (scene.lead_id, GateReason.WHOLE_YEAR, YearGroup.Y8)
        }
    session().rollback()
    lead.post(SCREEN, {**fields, "year_group": "Y8", "was": told, "met": told[1:], "reason": "done"})
    with school_scope(scene.school_id):
        assert session().query(GateDecision).count() == 3
        acts = {row.act for row in session().query(audit.AuditEntry).all()}
        assert {"condition met", "condition taken back"} <= acts
        assert audit.broken_at() is None
    session().rollback()


def test_what_the_records_show_needs_no_tick(app: Flask, scene: Scene) -> None:
    _, day, _ = _lesson(scene, "K3-B2")
    _go_to(day - timedelta(days=10))
    with school_scope(scene.school_id), transaction():
        session().query(SchoolSettings).one().dsl_name = "Grace Obi"
        actions.say_trained(person_id=scene.teacher_id, trained=True, by=person(scene.lead_id), now=clock.now())
    page = _lead(app, scene).get(SCREEN)
    assert "Trained teacher by the records" in page.words
    assert "Help card filled in by the records" in page.words
    with school_scope(scene.school_id):
        assert queries.conditions_met(scene.academic_year_id) == {}


def test_of_the_withdrawal_register_a_count_is_kept_and_nothing_without_one(app: Flask, scene: Scene) -> None:
    _, day, _ = _lesson(scene, "K4-C1")
    _go_to(day - timedelta(days=10))
    lead = _lead(app, scene)
    fields = lead.get(SCREEN).form(SCREEN)
    ticked = ["K4-C1|parent_notice", "K4-C1|withdrawals_checked"]
    refused = lead.post(SCREEN, {**fields, "year_group": "Y10", "met": ticked, "reason": "done", "withdrawn-K4-C1": ""})
    assert "Nothing was saved" in refused.words or "Nothing was saved" in lead.get(SCREEN).words
    with school_scope(scene.school_id):
        assert session().query(GateDecision).count() == 0
    session().rollback()
    lead.post(SCREEN, {**fields, "year_group": "Y10", "met": ticked, "reason": "done", "withdrawn-K4-C1": "2"})
    with school_scope(scene.school_id):
        counts = {row.condition: row.withdrawn for row in session().query(GateDecision).all()}
        assert counts == {Condition.PARENT_NOTICE: None, Condition.WITHDRAWALS_CHECKED: 2}
    session().rollback()


def test_the_board_warns_two_weeks_ahead_and_leads_to_the_screen(app: Flask, scene: Scene) -> None:
    _, day, _ = _lesson(scene, "K3-B2")
    _go_to(day - timedelta(days=10))
    with school_scope(scene.school_id), transaction():
        for module in ("K3-B2", "K3-B3"):
            actions.meet_condition(
                academic_year_id=scene.academic_year_id, module_id=module, year_group=YearGroup.Y8, condition=Condition.DSL_TOLD,
                by=person(scene.lead_id), now=clock.now(),
            )  # fmt: skip
    board = _lead(app, scene).get("/programme")
    assert "not noted yet: trained teacher" in board.words
    assert SCREEN in board.links()


def test_on_the_day_an_open_condition_warns_tells_the_lead_once_and_lets_the_lesson_go_on(app: Flask, scene: Scene) -> None:
    lesson_id, day, _ = _lesson(scene, "K3-B2")
    teacher = Browser(app)
    _go_to(day - timedelta(days=3))
    sign_in(teacher, scene.teacher_id, scene.school_id)
    assert _path(teacher.get(f"/planned-lessons/{lesson_id}/slides")).endswith("/slides")  # a look at the slides before is free
    _go_to(day)
    sign_in(teacher, scene.teacher_id, scene.school_id)
    page = teacher.get(f"/planned-lessons/{lesson_id}/teach")
    before = f"/planned-lessons/{lesson_id}/before"
    assert _path(page) == before
    assert "Something is open" in page.words
    form = page.form(before)
    assert "Choose why" in teacher.post(before, {**form, "reason": "no such"}).words
    for _ in range(2):
        shown = teacher.post(before, {**form, "reason": "done_just_now"})
        assert _path(shown) == f"/planned-lessons/{lesson_id}/slides"
    with school_scope(scene.school_id):
        ahead = session().query(WentAhead).one()
        assert (ahead.decided_by, ahead.day, ahead.missing) == (scene.teacher_id, day, " ".join(G1))
        mails = session().query(OutboundEmail).filter_by(kind="gate-went-ahead").all()
        assert [mail.recipient_id for mail in mails] == [scene.lead_id]
        kind = emails.mail_kinds("https://school.example")[0]
        answer = kind.still_due([mails[0].subject_id], clock.now())[mails[0].subject_id]
        assert isinstance(answer, Send)
        letter = kind.render(answer.letter)
        assert letter.subject == "K3-B2, Year 8: taught with something open"
        assert "Safeguarding lead told ahead" in letter.text
        assert "I have just done it" in letter.html
    session().rollback()
    assert "8 Oak" in _lead(app, scene).get(SCREEN).words


def test_sex_education_without_notice_does_not_begin(app: Flask, scene: Scene) -> None:
    lesson_id, day, _ = _lesson(scene, "K4-C1")
    _go_to(day)
    teacher = Browser(app)
    sign_in(teacher, scene.teacher_id, scene.school_id)
    page = teacher.get(f"/planned-lessons/{lesson_id}/slides")
    assert "It cannot begin yet" in page.words
    assert not [form for form in page.all("form") if form.get("action", "").endswith("/before")]
    with school_scope(scene.school_id), transaction():
        for condition in (*G1, Condition.PARENT_NOTICE, Condition.ALTERNATIVE_WORK, Condition.WITHDRAWALS_CHECKED):
            actions.meet_condition(
                academic_year_id=scene.academic_year_id, module_id="K4-C1", year_group=YearGroup.Y10, condition=condition,
                withdrawn=0, by=person(scene.lead_id), now=clock.now(),
            )  # fmt: skip
    assert _path(teacher.get(f"/planned-lessons/{lesson_id}/teach")).endswith("/slides")


def test_the_date_of_choice_is_worked_out_and_nothing_is_kept(app: Flask, scene: Scene) -> None:
    lead = _lead(app, scene)
    page = lead.get("/sensitive-lessons/own-choice")
    answer = lead.submit(page, "/sensitive-lessons/own-choice", born="2011-11-05")
    assert "From the autumn term 2026" in answer.words
    assert "Its first day is 2 September 2026." in answer.words
    assert lead.submit(page, "/sensitive-lessons/own-choice", born="1011-11-05").status == 422


def test_a_lead_who_left_is_not_written_to(scene: Scene) -> None:
    stranger = make_person(name="Left", school_id=scene.school_id, roles=(Role.TEACHER,))
    _, day, group = _lesson(scene, "K3-B2")
    with school_scope(scene.school_id):
        with transaction():
            actions.go_ahead(
                teaching_group_id=group, module_id="K3-B2", day=day, missing=G1, reason=AheadReason.CANNOT_WAIT,
                by=person(scene.teacher_id), now=clock.now(),
            )  # fmt: skip
            session().query(AheadNotice).one().person_id = stranger
        notice = session().query(AheadNotice).one().id
        assert isinstance(emails.mail_kinds("")[0].still_due([notice], clock.now())[notice], Stop)
