"""Do the clock and the mix of methods follow what is recorded?"""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from eduprog.core.db import transaction
from eduprog.core.permissions import person
from eduprog.core.tenancy import school_scope
from eduprog.coverage import queries
from eduprog.coverage.rules.steps import by_method
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.delivery import actions as delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.planning import queries as planning_queries
from tests.integration.coverage.schools import NOW, TODAY, School, a_school, teach_all
from tests.support.page import Browser
from tests.support.people import sign_in
from tests.support.queries import statements


@pytest.fixture
def one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> School:
    monkeypatch.setattr("eduprog.core.clock.now", lambda: NOW)
    return a_school(years=(YearGroup.Y1, YearGroup.Y4))


def test_the_clock_starts_with_a_record_and_its_page_says_how(app: Flask, one: School) -> None:
    lead = Browser(app)
    sign_in(lead, one.lead_id, one.school_id)
    assert "days" not in "".join(td.text or "" for td in lead.get("/programme/messages").all("td"))
    teach_all(one)
    page = lead.get("/programme/messages")
    rows = [["".join(cell.itertext()) for cell in row] for row in page.all("tr") if len(row) in (6, 7)]
    first = next(row for row in rows if row[0] == "Y1 Larch")
    assert any(cell.endswith(("starter", "lesson")) for cell in first), rows
    with statements() as sent:
        lead.get("/programme/messages")
    assert len(sent) <= 10, "\n".join(sent)


def test_an_adapted_lesson_counts_the_minutes_of_its_steps_only(app: Flask, one: School) -> None:
    with school_scope(one.school_id):
        planned = planning_queries.lessons_of_class(one.classes["Y1 Larch"])[0]
        lesson = catalogue.current().module(planned.module_id).lessons[0]
        with transaction():
            delivery.record_delivery(
                planned_lesson_id=planned.id, taught_on=date(2027, 3, 2), outcome=LessonOutcome.ADAPTED, steps=[1, 3],
                by=person(one.lead_id), now=NOW, today=TODAY,
            )  # fmt: skip
        shares = by_method(queries.lessons_of_year(one.academic_year_id))
    done = {method: share.done for (year, method), share in shares.items() if share.done}
    expected: dict[object, int] = {}
    for step in (lesson.steps[0], lesson.steps[2]):
        expected[step.method] = expected.get(step.method, 0) + step.minutes
    assert done == expected


def test_the_page_of_methods_reads_well_with_and_without_records(app: Flask, one: School) -> None:
    lead = Browser(app)
    sign_in(lead, one.lead_id, one.school_id)
    assert "0 of" in lead.get("/programme/methods").words
    teach_all(one)
    page = lead.get("/programme/methods")
    assert "With each other" in page.words
    assert "ep-chart__svg" in page.text
    with statements() as sent:
        lead.get("/programme/methods")
    assert len(sent) <= 8, "\n".join(sent)
