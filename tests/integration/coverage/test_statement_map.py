"""Does every clause say how far it got, no further, and of how many?"""

from __future__ import annotations

import pytest
from flask import Flask

from eduprog.core.db import transaction
from eduprog.core.permissions import person
from eduprog.core.tenancy import school_scope
from eduprog.coverage import queries
from eduprog.coverage.rules.statements import ClauseFigures, ClauseState, Degree, phase_map
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.delivery import actions as delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.followups import actions as followups
from eduprog.followups.models import FollowUp
from eduprog.planning import queries as planning_queries
from tests.integration.coverage.schools import NOW, TODAY, School, a_school
from tests.support.page import Browser
from tests.support.people import sign_in
from tests.support.queries import statements


@pytest.fixture
def one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> School:
    monkeypatch.setattr("eduprog.core.clock.now", lambda: NOW)
    return a_school(years=(YearGroup.Y1, YearGroup.Y2))


def _clause(one: School, clause_id: str, name: str = "Y1 Larch") -> ClauseFigures:
    framework = catalogue.current().framework
    with school_scope(one.school_id):
        classes = [row for row in queries.classes_of(one.academic_year_id) if row.name == name]
        found = phase_map(framework, framework.phases[0], queries.map_facts(classes), queries.ties())
    return next(clause for clause in found.clauses if clause.clause_id == clause_id)


def _record(one: School, module_id: str, outcome: LessonOutcome, *steps: int) -> None:
    with school_scope(one.school_id), transaction():
        planned = next(
            row
            for row in planning_queries.lessons_of_class(one.classes["Y1 Larch"])
            if row.module_id == module_id and not row.recorded
        )
        delivery.record_delivery(
            planned_lesson_id=planned.id,
            taught_on=TODAY,
            outcome=outcome,
            steps=steps,
            by=person(one.lead_id),
            now=NOW,
            today=TODAY,
        )


def _a_clause_of_several_steps(module_id: str) -> tuple[str, tuple[int, ...]]:
    steps: dict[str, list[int]] = {}
    for step in catalogue.current().module(module_id).lessons[0].steps:
        for clause in step.clauses:
            steps.setdefault(clause, []).append(step.number)
    return next((clause, tuple(numbers)) for clause, numbers in steps.items() if len(numbers) > 1)


def test_a_clause_climbs_from_planned_to_refreshed_and_an_undo_takes_it_back(one: School) -> None:
    clause_id, _steps = _a_clause_of_several_steps("K1-C1")
    assert _clause(one, clause_id).state is ClauseState.PLANNED
    assert _clause(one, clause_id, "Y2 Larch").state in (ClauseState.NOT_PLANNED, ClauseState.PLANNED)
    _record(one, "K1-C1", LessonOutcome.AS_PLANNED)
    assert _clause(one, clause_id).state is ClauseState.DELIVERED
    with school_scope(one.school_id), transaction() as work:
        starter = work.query(FollowUp).filter(FollowUp.module_id == "K1-C1").order_by(FollowUp.point).first()
        assert starter is not None
        followups.complete_follow_up(follow_up_id=starter.id, done_on=TODAY, by=person(one.lead_id), now=NOW)
        delivery_id = starter.delivery_id
    assert _clause(one, clause_id).state is ClauseState.REFRESHED
    with school_scope(one.school_id), transaction():
        delivery.undo_delivery(delivery_id=delivery_id, by=person(one.lead_id), now=NOW)
    assert _clause(one, clause_id).state is ClauseState.PLANNED


def test_some_of_its_steps_only_touch_a_clause_and_the_rest_completes_it(one: School) -> None:
    clause_id, steps = _a_clause_of_several_steps("K1-C1")
    _record(one, "K1-C1", LessonOutcome.PART_TAUGHT, steps[0])
    found = _clause(one, clause_id)
    assert (found.state, found.degree, found.touched, found.delivered) == (ClauseState.PLANNED, Degree.TOUCHED, 1, 0)
    _record(one, "K1-C1", LessonOutcome.ADAPTED, *steps[1:])
    found = _clause(one, clause_id)
    assert (found.state, found.degree, found.touched) == (ClauseState.DELIVERED, Degree.TAUGHT, 0)


def test_the_page_says_what_is_not_ours_and_every_clause_in_a_plan_opens_its_records(app: Flask, one: School) -> None:
    lead = Browser(app)
    sign_in(lead, one.lead_id, one.school_id)
    page = lead.get("/programme/statements?phase=primary")
    assert "Of the 80 items of this phase, 23 items must be taught elsewhere" in page.words
    assert "of 99" in page.words
    records = [link for link in page.links() if "/programme/statements/" in link]
    assert len(records) > 30
    assert "Y1 Larch" in lead.get(next(link for link in records if "P-BS-03a" in link)).words
    assert (
        "Of the 115 items of this phase, 46 items must be taught elsewhere"
        in lead.get("/programme/statements?phase=secondary").words
    )
    with statements() as sent:
        lead.get("/programme/statements?phase=primary")
    assert len(sent) <= 10, "\n".join(sent)


def test_frameworks_stand_side_by_side_and_nothing_is_claimed_for_one_that_is_not_mapped(app: Flask, one: School) -> None:
    lead = Browser(app)
    sign_in(lead, one.lead_id, one.school_id)
    rows = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in lead.get("/programme/frameworks").all("tr")]
    statutory = next(row for row in rows if "Primary" in row[0] and "2025" in row[0])
    assert statutory[1:3] == ["80", "99 of 122"]
    connected = next(row for row in rows if "Connected World" in row[0])
    assert connected[3:] == ["–", "–", "–"]
