"""Does the closed pack stay shut until two offices signed it off and parents know, and open then to the right few only?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from eduprog.core import clock
from eduprog.core.audit import AuditEntry
from eduprog.core.db import session, transaction
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Role, person
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.families.rules import ViewingLink, viewing_token
from eduprog.gates import actions, queries
from eduprog.gates.models import ClosedSignOff
from eduprog.gates.rules import Agreed, PauseScope, SignOffReason
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.scenes import Scene, a_planned_school

TOPICS = ("picture", "adults", "going round")


@pytest.fixture
def scene(app: Flask) -> Scene:
    made = a_planned_school(years=(YearGroup.Y1, YearGroup.Y5))
    with school_scope(made.school_id), transaction():
        actions.say_trained(person_id=made.teacher_id, trained=True, by=person(made.lead_id), now=clock.now())
    return made


def _signed(scene: Scene, **changed: Any) -> ClosedSignOff:
    today = clock.today()
    given: dict[str, Any] = {
        "teaching_group_id": scene.group_ids["Y5"], "act_id": "closed-u2-seen", "teacher_id": scene.teacher_id,
        "agreed": Agreed.HEAD_AND_LEAD, "reason": SignOffReason.NOT_ENOUGH, "parents_told_on": today - timedelta(days=7),
        "closes_on": today + timedelta(days=7), "today": today,
    } | changed  # fmt: skip
    with school_scope(scene.school_id), transaction():
        return actions.sign_off(**given, by=person(scene.lead_id), now=clock.now())


def _browser(app: Flask, scene: Scene, who: Role | int) -> Browser:
    browser = Browser(app)
    known = who if isinstance(who, int) else make_person(name=who.label, school_id=scene.school_id, roles=(who,))
    sign_in(browser, known, school_id=scene.school_id)
    return browser


def _opens(browser: Browser) -> list[int]:
    return [n for n in (1, 2, 3) if browser.status(f"/closed-pack/{n}") == 200]


def test_before_a_sign_off_only_the_safeguarding_lead_reads_the_pack_to_decide(app: Flask, scene: Scene) -> None:
    assert _opens(_browser(app, scene, Role.SAFEGUARDING_LEAD)) == [1, 2, 3]
    for who in (scene.teacher_id, scene.lead_id, Role.SENIOR_LEADER, Role.SCHOOL_ADMIN):
        browser = _browser(app, scene, who)
        assert _opens(browser) == []
        assert browser.status("/closed-pack/2/booklet.pdf") == 404
    assert "The pack is shut" in _browser(app, scene, scene.teacher_id).get("/closed-pack").words


def test_the_head_of_pshe_records_the_sign_off_on_the_page_and_the_teacher_reads_and_prints_their_session(
    app: Flask, scene: Scene
) -> None:
    lead, teacher = _browser(app, scene, scene.lead_id), _browser(app, scene, scene.teacher_id)
    today = clock.today()
    page = lead.submit(lead.get("/closed-pack"), "/closed-pack/sign-offs", **{
        "teaching_group_id": str(scene.group_ids["Y5"]), "act_id": "closed-u2-seen", "teacher_id": str(scene.teacher_id),
        "agreed": "head_and_lead", "reason": "not_enough", "parents_told_on": (today - timedelta(days=2)).isoformat(),
        "closes_on": (today + timedelta(days=20)).isoformat(),
    })  # fmt: skip
    assert "Session 2 for Y5 Oak" in page.words
    assert "Head and designated safeguarding lead" in page.words
    assert _opens(teacher) == [1, 3]
    shown = teacher.get("/closed-pack/3")
    assert "The row of dominoes" in shown.words
    assert not any(topic in shown.heading.lower() for topic in TOPICS)
    printed = teacher.client.get("/closed-pack/3/booklet.pdf")
    assert (printed.mimetype, "closed-pack-3.pdf" in printed.headers["Content-Disposition"]) == ("application/pdf", True)
    assert "/closed-pack" in teacher.get("/acts").links()
    assert _opens(_browser(app, scene, Role.TEACHER)) == []
    assert "/closed-pack" not in _browser(app, scene, Role.TEACHER).get("/acts").links()


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"parents_told_on": 1}, actions.ParentsFirst),
        ({"parents_told_on": 0, "closes_on": 6}, actions.ClosesTooSoon),
        ({"parents_told_on": -7, "closes_on": 50}, actions.OpenTooLong),
        ({"act_id": "closed-u2-guide"}, None),
        ({"act_id": "staff-briefing"}, None),
        ({"teaching_group_id": "Y1"}, actions.OtherYears),
        ({"teacher_id": "lead"}, actions.NotTrainedYet),
    ],
    ids=lambda one: getattr(one, "__name__", "") or " ".join(one) if one else "not there",
)
def test_what_is_not_ready_is_not_signed_off(scene: Scene, changed: dict[str, Any], refused: type[Refusal] | None) -> None:
    places = {"Y1": scene.group_ids["Y1"], "lead": scene.lead_id}
    given = {
        key: clock.today() + timedelta(days=value) if isinstance(value, int) else places.get(value, value)
        for key, value in changed.items()
    }
    with pytest.raises(Refusal if refused is None else refused):
        _signed(scene, **given)


def test_one_session_at_a_time_is_open_for_a_class_and_the_same_once_more_is_once(scene: Scene) -> None:
    first = _signed(scene).id
    assert _signed(scene).id == first
    with pytest.raises(actions.OpenForClass):
        _signed(scene, act_id="closed-u2-pictures")
    with school_scope(scene.school_id), transaction():
        actions.end_sign_off(sign_off_id=first, by=person(scene.lead_id), now=clock.now())
    assert _signed(scene, act_id="closed-u2-pictures").id != first
    with school_scope(scene.school_id):
        assert [one.stands(clock.today()) for one in queries.sign_offs()] == [True, False]


def test_what_ran_out_makes_way_for_the_next(scene: Scene) -> None:
    long_ago = date(2026, 11, 2)
    first = _signed(scene, parents_told_on=long_ago, closes_on=long_ago + timedelta(days=7), today=long_ago).id
    second = _signed(scene).id
    with school_scope(scene.school_id):
        assert [(one.id, one.ended_at is None) for one in queries.sign_offs()] == [(second, True), (first, False)]


def test_shutting_it_a_hold_or_the_last_day_closes_it_at_once_and_the_audit_keeps_who(app: Flask, scene: Scene) -> None:
    signed, teacher = _signed(scene).id, _browser(app, scene, scene.teacher_id)
    assert _opens(teacher) == [1, 3]
    with school_scope(scene.school_id), transaction():
        hold = actions.pause(scope=PauseScope.YEAR_GROUP, subject="Y5", by=person(scene.lead_id), now=clock.now()).id
    assert _opens(teacher) == []
    with school_scope(scene.school_id), transaction():
        actions.lift(pause_id=hold, by=person(scene.lead_id), now=clock.now())
    assert _opens(teacher) == [1, 3]
    with school_scope(scene.school_id):
        assert queries.sign_offs_of(scene.teacher_id, clock.today() + timedelta(days=8)) == []
    dsl = _browser(app, scene, Role.SAFEGUARDING_LEAD)
    dsl.submit(dsl.get("/closed-pack"), f"/closed-pack/sign-offs/{signed}/end")
    assert _opens(teacher) == []
    with school_scope(scene.school_id):
        acts = [one.act for one in session().query(AuditEntry).filter_by(subject="closed_sign_off").order_by(AuditEntry.id)]
    assert acts == ["closed pack opened", "closed pack shut"]


def test_every_part_of_the_pack_is_a_page_and_a_booklet(app: Flask, scene: Scene) -> None:
    dsl = _browser(app, scene, Role.SAFEGUARDING_LEAD)
    words = " ".join(dsl.get(f"/closed-pack/{n}").words for n in (1, 2, 3))
    for act in catalogue.current().closed_acts.values():
        assert all(sheet.title in words for sheet in act.handouts)
    assert {dsl.client.get(f"/closed-pack/{n}/booklet.pdf").mimetype for n in (1, 2, 3)} == {"application/pdf"}


def test_families_of_the_class_find_its_title_in_their_viewing_room_while_it_is_open(app: Flask, scene: Scene) -> None:
    def room(year: str) -> str:
        with school_scope(scene.school_id):
            token = viewing_token(ViewingLink(scene.school_id, scene.group_ids[year], 0))
        return Browser(app).get(f"/viewing/{token}").words

    title = "An extra lesson on kindness and pressure"
    assert title not in room("Y5")
    _signed(scene)
    assert title in room("Y5")
    assert title not in room("Y1")
    assert "The row of dominoes" not in room("Y5")
