"""Does the head of PSHE see in a minute what is wrong and what to do?"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from eduprog.core.db import transaction
from eduprog.core.permissions import person
from eduprog.core.tenancy import school_scope
from eduprog.delivery import actions as delivery
from eduprog.delivery.models import Delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import FollowUpState
from eduprog.planning import actions as planning
from eduprog.planning import queries as planning_queries
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState
from eduprog.school.models import TeachingGroup
from tests.integration.coverage.schools import NOW, SET_UP, TODAY, School, a_taught_school, chance
from tests.support.page import Browser, Page
from tests.support.people import sign_in
from tests.support.queries import statements

Break = Callable[[School, str], tuple[str, str]]


def _lessons(one: School, name: str) -> list[PlannedLesson]:
    return [row for row in planning_queries.lessons_of_class(one.classes[name]) if row.planned_on and row.planned_on < TODAY]


def _unowned(one: School, name: str) -> tuple[str, str]:
    with transaction() as work:
        work.execute(update(TeachingGroup).where(TeachingGroup.id == one.classes[name]).values(lead_teacher_id=None))
    return "No teacher leads this class", f"/plan/classes/{one.classes[name]}"


def _unplanned(one: School, name: str) -> tuple[str, str]:
    with transaction():
        for row in planning_queries.lessons_of_class(one.classes[name]):
            planning.withdraw_lesson(planned_lesson_id=row.id, by=SET_UP, now=NOW)
    return "Nothing is planned for this class", "/plan"


def _unrecorded(one: School, name: str) -> tuple[str, str]:
    undone = _lessons(one, name)[-3:]
    _undo(one, [row.id for row in undone])
    return f"{len(undone)} lessons have no record", f"/programme/classes/{one.classes[name]}/note/ask_teacher"


def _behind(one: School, name: str) -> tuple[str, str]:
    chosen = [row.id for row in _lessons(one, name)[-2:]]
    _undo(one, chosen)
    with transaction() as work:
        work.execute(
            update(PlannedLesson).where(PlannedLesson.id.in_(chosen))
            .values(planned_on=None, starts_at=None, minutes=None, state=PlanState.UNPLACED)
        )  # fmt: skip
    return "no day is set for it", f"/plan/classes/{one.classes[name]}"


def _cold(one: School, name: str) -> tuple[str, str]:
    """Only what was met in the autumn is left, and the starter that should have kept it warm waits."""
    group_id, autumn = one.classes[name], TODAY - timedelta(days=80)
    with transaction() as work:
        work.execute(
            update(Delivery).where(Delivery.teaching_group_id == group_id, Delivery.taught_on > autumn).values(taught_on=autumn)
        )
        work.execute(
            update(FollowUp).where(FollowUp.teaching_group_id == group_id, FollowUp.state == FollowUpState.DONE)
            .values(state=FollowUpState.DUE, done_on=None, done_by=None)
        )  # fmt: skip
    return "no lesson and no starter for", f"/programme/classes/{group_id}/note/send_starter"


def _undo(one: School, planned_ids: list[int]) -> None:
    with transaction() as work:
        records = work.query(Delivery).filter(Delivery.planned_lesson_id.in_(planned_ids), Delivery.withdrawn_at.is_(None)).all()
        for row in records:
            delivery.undo_delivery(delivery_id=row.id, by=person(one.lead_id), now=NOW)


BREAKS: dict[str, Break] = {
    "unowned": _unowned, "unplanned": _unplanned, "unrecorded": _unrecorded, "behind": _behind, "cold": _cold,
}  # fmt: skip


@pytest.fixture
def one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> School:
    monkeypatch.setattr("eduprog.core.clock.now", lambda: NOW)
    return a_taught_school(app)


def _board(app: Flask, one: School) -> Page:
    lead = Browser(app)
    sign_in(lead, one.lead_id, one.school_id)
    return lead.get("/programme")


def test_a_school_that_teaches_as_planned_has_nothing_waiting(app: Flask, one: School) -> None:
    page = _board(app, one)
    assert "Nothing waits" in page.words
    assert not page.all("ol")


@pytest.mark.parametrize("seed", [11, 23, 47])
def test_three_problems_put_in_at_random_are_the_three_named_first_each_with_its_right_action(
    app: Flask, one: School, seed: int
) -> None:
    rng: random.Random = chance(seed)
    kinds = rng.sample(sorted(BREAKS), 3)
    names = rng.sample(["Rec Larch", "Y1 Larch", "Y2 Larch", "Y3 Larch", "Y4 Larch", "Y5 Larch"], 3)
    with school_scope(one.school_id):
        expected = {name: BREAKS[kind](one, name) for kind, name in zip(kinds, names, strict=True)}
    page = _board(app, one)
    cards = {
        "".join(next(card.iter("{http://www.w3.org/1999/xhtml}h3")).itertext()).strip(): card for card in page.all("article")
    }
    assert set(cards) == set(names), page.words
    for name, (words, address) in expected.items():
        said = re.sub(r"\s+", " ", "".join(cards[name].itertext()))
        links = [
            a.get("href") for a in cards[name].iter("{http://www.w3.org/1999/xhtml}a") if "govuk-button" in a.get("class", "")
        ]
        assert words in said, (name, said)
        assert links == [address], name


def test_every_action_of_the_board_leads_to_a_page_that_opens(app: Flask, one: School) -> None:
    with school_scope(one.school_id):
        for kind, name in zip(sorted(BREAKS), ["Y1 Larch", "Y2 Larch", "Y3 Larch", "Y4 Larch", "Y5 Larch"], strict=True):
            BREAKS[kind](one, name)
    lead = Browser(app)
    sign_in(lead, one.lead_id, one.school_id)
    links = {a for a in lead.get("/programme").links() if a.startswith(("/plan", "/programme/classes", "/follow-ups"))}
    assert len(links) >= 5
    for link in sorted(links):
        assert lead.get(link).status == 200, link
    asked = lead.get(next(link for link in links if "ask_teacher" in link))
    assert any(link.startswith("mailto:t") and "subject=" in link for link in asked.links())


def test_a_part_taught_lesson_is_no_problem_while_its_make_good_has_a_day(app: Flask, one: School) -> None:
    with school_scope(one.school_id):
        last = _lessons(one, "Y4 Larch")[-1].id
        _undo(one, [last])
        with transaction():
            delivery.record_delivery(
                planned_lesson_id=last, taught_on=TODAY, outcome=LessonOutcome.PART_TAUGHT, steps=[1, 2],
                by=person(one.teachers["Y4 Larch"]), now=NOW, today=TODAY,
            )  # fmt: skip
    assert "Nothing waits" in _board(app, one).words
    with school_scope(one.school_id), transaction():
        rest = next(row for row in planning_queries.lessons_of_class(one.classes["Y4 Larch"]) if row.make_good_of == last)
        planning.withdraw_lesson(planned_lesson_id=rest.id, by=SET_UP, now=NOW)
    page = _board(app, one)
    assert "Plan a make-good" in page.words
    assert f"/plan/classes/{one.classes['Y4 Larch']}" in page.links()


def test_the_board_asks_the_same_few_questions_however_many_classes_there_are(app: Flask, one: School) -> None:
    lead = Browser(app)
    sign_in(lead, one.lead_id, one.school_id)
    lead.get("/programme")
    with statements() as sent:
        lead.get("/programme")
    assert len(sent) <= 13, "\n".join(sent)
