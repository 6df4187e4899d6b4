"""Are acts planned, moved, done and dropped with their history, seen by the right people, and never lost between two editors?"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from eduprog.core import clock
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role, person
from eduprog.core.tenancy import school_scope
from eduprog.curriculum.vocabulary import ActKind, Aspect, YearGroup
from eduprog.wholeschool import actions, queries
from eduprog.wholeschool.actions import settling
from eduprog.wholeschool.rules import ActState, DropReason
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.queries import statements
from tests.support.scenes import Scene, a_planned_school

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = date(2026, 11, 24)


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_planned_school()


def _plan(scene: Scene, **changes: object) -> int:
    facts = {"kind": ActKind.STAFF_BRIEFING, "due_on": date(2026, 12, 1), "act_id": "staff-briefing", **changes}
    with school_scope(scene.school_id), transaction():
        return actions.plan_act(academic_year_id=scene.academic_year_id, by=person(scene.lead_id), now=NOW, **facts).id  # type: ignore[arg-type]


def test_a_year_is_planned_from_the_library_once_and_each_aspect_has_something(scene: Scene) -> None:
    with school_scope(scene.school_id):
        asked = queries.expected_acts(scene.academic_year_id)
        with transaction():
            added = actions.plan_suggested(
                academic_year_id=scene.academic_year_id, by=person(scene.lead_id), now=NOW, today=date(2026, 9, 1)
            )
        with transaction():
            again = actions.plan_suggested(
                academic_year_id=scene.academic_year_id, by=person(scene.lead_id), now=NOW, today=date(2026, 9, 1)
            )
        figures = {one.aspect: one for one in queries.aspect_figures(scene.academic_year_id, today=date(2026, 9, 1))}
    assert added >= len(asked) > 5
    assert again == 0
    assert all(one.not_planned == () for one in figures.values())
    assert all(
        figures[aspect].planned for aspect in (Aspect.POLICY, Aspect.STAFF, Aspect.PARENTS, Aspect.PUPILS, Aspect.EVALUATION)
    )


def test_the_history_tells_who_planned_moved_handed_over_did_and_took_back(scene: Scene) -> None:
    act_id = _plan(scene)
    by = person(scene.lead_id)
    with school_scope(scene.school_id):
        with transaction():
            actions.change_act(
                whole_school_act_id=act_id, version=1, due_on=date(2026, 11, 20), owner_id=scene.teacher_id, by=by, now=NOW
            )
        with transaction():
            version = queries.act_line(act_id).version
            actions.finish_act(
                whole_school_act_id=act_id, version=version, done_on=TODAY, attended=41,
                evidence="All staff,  catering included.", by=scene.teacher, now=NOW, today=TODAY,
            )  # fmt: skip
        line = queries.act_line(act_id)
        training = queries.training_of_year(scene.academic_year_id)
        with transaction():
            actions.reopen_act(whole_school_act_id=act_id, version=line.version, by=by, now=NOW)
        told = queries.history(act_id)
        reopened = queries.act_line(act_id)
    assert (line.state, line.attended, line.evidence) == (ActState.DONE, 41, "All staff, catering included.")
    assert [(one.done_on, one.attended) for one in training] == [(TODAY, 41)]
    assert [one.act for one in told] == ["act planned", "act moved", "act handed over", "act done", "act reopened"]
    assert (told[1].day_before, told[1].day) == (date(2026, 12, 1), date(2026, 11, 20))
    assert (told[2].owner_before, told[2].owner) == ("", "Hana Ali")
    assert [one.who for one in told] == ["Mark Osei", "Mark Osei", "Mark Osei", "Hana Ali", "Mark Osei"]
    assert (reopened.state, reopened.evidence, reopened.attended, reopened.done_on) == (ActState.PLANNED, "", None, None)


def test_what_a_sentence_says_is_never_in_the_audit(scene: Scene) -> None:
    from eduprog.core.audit import AuditEntry

    act_id = _plan(scene)
    with school_scope(scene.school_id):
        with transaction():
            actions.finish_act(
                whole_school_act_id=act_id,
                version=1,
                done_on=TODAY,
                evidence="canary-sentence",
                by=scene.teacher,
                now=NOW,
                today=TODAY,
            )
        entries = session().query(AuditEntry).all()
    assert not [entry for entry in entries if "canary" in str(entry.facts)]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"done_on": TODAY + timedelta(days=1)}, settling.NotYet),
        ({"attended": 0}, settling.ImpossibleCount),
        ({"evidence": "a" * 301}, settling.TextTooLong),
        ({"version": 9}, actions.ActChanged),
    ],
)
def test_an_act_cannot_be_done_tomorrow_by_nobody_at_any_length_or_behind_somebodys_back(
    scene: Scene, changes: dict, refusal: type
) -> None:
    act_id = _plan(scene)
    facts = {"version": 1, "done_on": TODAY, **changes}
    with school_scope(scene.school_id), pytest.raises(refusal), transaction():
        actions.finish_act(whole_school_act_id=act_id, by=scene.teacher, now=NOW, today=TODAY, **facts)


def test_a_dropped_act_keeps_its_reason_and_cannot_be_done_without_taking_that_back(scene: Scene) -> None:
    act_id = _plan(scene)
    with school_scope(scene.school_id):
        with transaction():
            actions.drop_act(whole_school_act_id=act_id, version=1, reason=DropReason.NO_TIME, by=scene.teacher, now=NOW)
        with pytest.raises(actions.AlreadySettled), transaction():
            actions.finish_act(whole_school_act_id=act_id, version=2, done_on=TODAY, by=scene.teacher, now=NOW, today=TODAY)
        figures = {one.aspect: one for one in queries.aspect_figures(scene.academic_year_id, today=TODAY)}
    assert (figures[Aspect.STAFF].dropped, figures[Aspect.STAFF].not_planned) == ((act_id,), ())


def test_days_outside_the_year_and_owners_from_elsewhere_are_refused(scene: Scene) -> None:
    stranger = make_person(name="Somebody Else")
    with pytest.raises(actions.DayOutsideYear):
        _plan(scene, due_on=date(2027, 9, 1))
    with pytest.raises(actions.NotOnTheStaff):
        _plan(scene, owner_id=stranger)


def test_reminders_hear_what_is_due_by_owner_and_what_nobody_has(scene: Scene) -> None:
    mine = _plan(scene, owner_id=scene.teacher_id)
    nobodys = _plan(scene, act_id="policy-review", kind=ActKind.POLICY_REVIEW)
    _plan(scene, owner_id=scene.teacher_id, due_on=date(2027, 3, 1))
    window = (date(2026, 11, 24), date(2026, 12, 4))
    with school_scope(scene.school_id):
        due = queries.due_between(*window)
        assert [line.id for line in queries.due_for(scene.teacher_id, *window)] == [mine]
    assert {owner: [line.id for line in lines] for owner, lines in due.items()} == {scene.teacher_id: [mine], None: [nobodys]}


def test_the_act_of_somebody_who_left_counts_as_nobodys(scene: Scene) -> None:
    from eduprog.accounts.models import Membership

    act_id = _plan(scene, owner_id=scene.teacher_id)
    with school_scope(scene.school_id):
        with transaction() as work:
            for row in work.query(Membership).filter(Membership.person_id == scene.teacher_id):
                row.ended_at = clock.now()
        due = queries.due_between(TODAY, date(2026, 12, 4))
    assert [line.id for line in due[None]] == [act_id]
    assert due[None][0].owner == "Hana Ali"


def test_figures_by_year_group_take_a_fixed_number_of_statements(scene: Scene) -> None:
    counts = []
    for _round in range(2):
        _plan(scene, act_id="assembly-k1-owl-keeps-telling", kind=ActKind.ASSEMBLY, title=f"Assembly {_round}")
        with school_scope(scene.school_id), statements() as sent:
            by_year = queries.aspect_figures_by_year_group(scene.academic_year_id, today=TODAY)
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 12
    pupils = {year: next(one for one in figures if one.aspect is Aspect.PUPILS) for year, figures in by_year.items()}
    assert len(pupils[YearGroup.Y1].planned) == 2
    assert pupils[YearGroup.Y4].planned == ()


def test_the_head_of_pshe_plans_the_year_on_its_page_and_a_teacher_does_her_own(scene: Scene, browser: Browser) -> None:
    sign_in(browser, scene.lead_id, scene.school_id)
    page = browser.get(f"/whole-school?year={scene.academic_year_id}")
    page = browser.submit(page, f"/whole-school/years/{scene.academic_year_id}/suggestions")
    assert "Everything" not in page.words
    assert "The year as a wheel" in page.words
    assert "have no owner" in page.words
    new = browser.get(f"/whole-school/years/{scene.academic_year_id}/acts?act=staff-briefing")
    made = browser.submit(
        new,
        f"/whole-school/years/{scene.academic_year_id}/acts",
        due_on="2026-09-01",
        owner_id=str(scene.teacher_id),
        title="Briefing for the lunch team",
    )
    assert made.heading == "Briefing for the lunch team"
    address = made.response.request.path
    with school_scope(scene.school_id):
        act_id = int(address.rsplit("/", 1)[1])
    teacher = Browser(browser.client.application)
    sign_in(teacher, scene.teacher_id, scene.school_id)
    own = teacher.get("/whole-school")
    assert "Briefing for the lunch team" in own.words
    assert "Policy" not in own.words
    done = teacher.submit(teacher.get(address), f"{address}/done", done_on="2026-09-01", attended="12", evidence="All of them.")
    assert "Recorded as done" in done.words
    assert "Act done by Hana Ali" in done.words
    other = next(line for line in _lines(scene) if line.id != act_id)
    assert teacher.status(f"/whole-school/acts/{other.id}") == 404
    log = browser.get("/whole-school").words.split("never who")[1]
    assert re.search(r"Briefing for the lunch team\s*1 September 2026\s*12", log)


def _lines(scene: Scene) -> list[queries.ActLine]:
    with school_scope(scene.school_id):
        return list(queries.acts_of_year(scene.academic_year_id))


def test_the_second_of_two_editors_sees_what_is_there_and_keeps_what_was_typed(scene: Scene, browser: Browser) -> None:
    act_id = _plan(scene)
    sign_in(browser, scene.lead_id, scene.school_id)
    address = f"/whole-school/acts/{act_id}"
    seen = browser.get(address)
    with school_scope(scene.school_id), transaction():
        actions.change_act(
            whole_school_act_id=act_id, version=1, due_on=date(2026, 12, 8), owner_id=None, by=person(scene.lead_id), now=NOW
        )
    page = browser.submit(seen, f"{address}/plan", due_on="2026-12-15", title="Mine")
    assert page.status == 409
    assert "Somebody else changed this" in page.words
    assert "8 December 2026" in page.words
    assert page.form(f"{address}/plan") | {"csrf_token": ""} == {
        "csrf_token": "", "version": "2", "due_on": "2026-12-15", "owner_id": "", "title": "Mine",
    }  # fmt: skip
    saved = browser.submit(page, f"{address}/plan")
    assert saved.heading == "Mine"


def test_a_senior_leader_reads_and_cannot_change(scene: Scene, browser: Browser) -> None:
    act_id = _plan(scene)
    sign_in(browser, make_person(name="Head", school_id=scene.school_id, roles=(Role.SENIOR_LEADER,)), scene.school_id)
    page = browser.get(f"/whole-school/acts/{act_id}")
    assert page.heading == "When a child tells you"
    assert not [form for form in page.all("form") if "/whole-school" in form.get("action", "")]
    assert "Add an act" not in browser.get("/whole-school").words
