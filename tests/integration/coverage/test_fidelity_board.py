"""Does the board of elements show what was planned, what happened and what is missing, and nothing of a teacher?"""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from eduprog.core.db import transaction
from eduprog.core.tenancy import school_scope
from eduprog.coverage import queries
from eduprog.coverage.rules.fidelity import Element, ElementFigures, fidelity_of, first_met
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import ActKind, Aspect, Message, YearGroup
from eduprog.wholeschool.models import WholeSchoolAct
from eduprog.wholeschool.rules import ActState
from tests.integration.coverage.schools import NOW, TODAY, School, a_school, teach_all
from tests.support.page import Browser
from tests.support.people import sign_in
from tests.support.queries import statements


@pytest.fixture
def one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> School:
    monkeypatch.setattr("eduprog.core.clock.now", lambda: NOW)
    return a_school(years=(YearGroup.Y1, YearGroup.Y8))


def _elements(one: School, year: YearGroup) -> dict[Element, ElementFigures]:
    words = catalogue.current().vocabulary
    with school_scope(one.school_id):
        years = queries.years(None, today=TODAY)
        assert years is not None
        counts = queries.lessons_of_year(years.chosen.id)
        others = queries.facts_by_year_group(years.chosen, today=TODAY)
    labels = {aspect: term.label for aspect, term in words.aspects.items()}
    return {figures.element: figures for figures in fidelity_of(counts, others, words, labels)[year]}


def test_everything_is_planned_and_nothing_happened_before_the_first_record(one: School) -> None:
    found = _elements(one, YearGroup.Y1)
    assert all(figures.happened == 0 for figures in found.values())
    assert all(found[element].planned > 0 for element in Element if element not in (Element.REPEATED, Element.PARENTS))
    assert found[Element.SKILLS].planned == len(found[Element.SKILLS].missing)


def test_what_is_taught_and_given_happens_and_what_is_not_stays_named(one: School) -> None:
    teach_all(one, until=date(2027, 1, 20))
    found = _elements(one, YearGroup.Y1)
    assert 0 < found[Element.STAGED].happened < found[Element.STAGED].planned
    due, given = found[Element.REPEATED].planned, found[Element.REPEATED].happened
    assert due > given > 0
    assert found[Element.METHODS].missing
    assert found[Element.WHOLE_SCHOOL].happened == 0
    assert "beside" in found[Element.BALANCE].beside


def test_an_act_for_a_stage_counts_in_its_year_groups_only(one: School) -> None:
    with school_scope(one.school_id), transaction() as work:
        work.add(
            WholeSchoolAct(
                academic_year_id=one.academic_year_id, kind=ActKind.ASSEMBLY, aspect=Aspect.PUPILS,
                act_id="assembly-k1-owl-keeps-telling", due_on=date(2026, 10, 6), owner_id=one.lead_id, state=ActState.DONE,
                done_on=date(2026, 10, 6),
            )
        )  # fmt: skip
    assert _elements(one, YearGroup.Y1)[Element.WHOLE_SCHOOL].happened == 1
    assert _elements(one, YearGroup.Y8)[Element.WHOLE_SCHOOL].happened == 0
    with school_scope(one.school_id):
        years = queries.years(None, today=TODAY)
        assert years is not None
        clock = queries.message_clock(years, today=TODAY)
    met = {row.name: row.messages[0].meeting for row in clock.rows}
    assert met["Y1 Larch"] is not None
    assert (met["Y1 Larch"].day, met["Y1 Larch"].way.value) == (date(2026, 10, 6), "assembly")
    assert met["Y8 Larch"] is None


def test_the_first_year_group_of_a_message_is_the_youngest_that_has_it(one: School) -> None:
    with school_scope(one.school_id):
        found = {first.message: first for first in first_met(queries.lessons_of_year(one.academic_year_id))}
    assert found[Message.EXPECT_DIFFICULTY].planned is YearGroup.Y1
    assert found[Message.EXPECT_DIFFICULTY].taught is None


def test_the_page_names_no_teacher_and_makes_no_score(app: Flask, one: School) -> None:
    teach_all(one)
    lead = Browser(app)
    sign_in(lead, one.lead_id, one.school_id)
    page = lead.get("/programme/fidelity?year-group=Y8")
    assert "Teacher of" not in page.words
    assert "%" not in page.words
    assert page.words.count("Rests on") >= 1
    with statements() as sent:
        lead.get("/programme/fidelity")
    assert len(sent) <= 13, "\n".join(sent)
