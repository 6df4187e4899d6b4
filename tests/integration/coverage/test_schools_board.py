"""Does a trust lead see schools, and nothing below them, whatever they ask for?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from eduprog.core.db import session, transaction
from eduprog.core.tenancy import school_scope
from eduprog.coverage.queries import schools
from eduprog.followups.models import FollowUp
from eduprog.organisations import actions as organisations
from eduprog.organisations.rules import GroupKind
from tests.factories.accounts import a_group_membership
from tests.factories.families import a_parent_carer
from tests.integration.coverage.schools import NOW, SET_UP, START, TODAY, YEARS, School, a_school, teach_all
from tests.support.page import Browser, Page
from tests.support.people import make_person, sign_in
from tests.support.queries import statements
from tests.support.snapshots import remembered


@pytest.fixture
def trust(app: Flask, monkeypatch: pytest.MonkeyPatch) -> tuple[Browser, School, School]:
    monkeypatch.setattr("eduprog.core.clock.now", lambda: NOW)
    group_id, lead_id, large, small = remembered(app, "fen_trust", _a_trust)
    lead = Browser(app)
    sign_in(lead, lead_id, school_group_id=group_id)
    return lead, large, small


def _a_trust() -> tuple[int, int, School, School]:
    with transaction():
        group_id = organisations.create_school_group(name="Fen Trust", kind=GroupKind.TRUST, by=SET_UP, now=START).id
    large = a_school(school_group_id=group_id)
    small = a_school(name="Mill School", years=YEARS[:2], school_group_id=group_id)
    lead_id = make_person(name="Trust lead")
    with transaction() as work:
        work.add(a_group_membership(lead_id, group_id))
    return group_id, lead_id, large, small


def _rows(page: Page) -> dict[str, list[str]]:
    rows = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in page.all("tr")]
    return {row[0]: row[1:] for row in rows}


def _given_and_due(one: School) -> tuple[int, ...]:
    return next(facts.follow_ups for facts in schools.facts_of_schools(1, TODAY) if facts.school_id == one.school_id)


def _due_lately(one: School) -> int:
    with school_scope(one.school_id):
        days = [row.due_on for row in session().query(FollowUp) if row.due_on and row.state.value not in ("withdrawn",)]
    return sum(TODAY - timedelta(days=42) <= day < TODAY for day in days)


def test_a_large_school_is_shown_in_shares_and_a_small_one_is_not(trust: tuple[Browser, School, School]) -> None:
    lead, large, small = trust
    assert _rows(lead.get("/schools"))["Larch School"][0] == "0 %"
    teach_all(large)
    teach_all(small)
    rows = _rows(lead.get("/schools"))
    assert int(rows["Larch School"][0].split()[0]) % 5 == 0
    assert rows["Mill School"] == ["Fewer than five classes or teachers: not shown"]
    assert rows["Larch School"][3:5] == ["Nothing to show"] * 2  # fewer than twenty were due lately, and no family has joined
    assert _given_and_due(large) == (_due_lately(large), _due_lately(large))
    assert _due_lately(large) >= 5
    with statements() as sent:
        lead.get("/schools")
    assert len(sent) <= 8, "\n".join(sent)


@pytest.mark.parametrize(
    "asked", ["year=1", "year-group=Y1", "class=1", "strand=consent", "half-term=autumn-1", "school=2", "day=2026-10-01"]
)
def test_no_filter_changes_what_is_shown(trust: tuple[Browser, School, School], asked: str) -> None:
    lead, large, _small = trust
    teach_all(large)
    assert _rows(lead.get(f"/schools?{asked}")) == _rows(lead.get("/schools"))


def test_the_way_down_stops_at_the_school_without_a_role_there(trust: tuple[Browser, School, School]) -> None:
    lead, large, _small = trust
    assert not [link for link in lead.get("/schools").links() if link.startswith(("/programme", "/coverage", "/classes"))]
    class_page = f"/classes/{next(iter(large.classes.values()))}"
    for address in ("/programme", "/coverage", "/programme/statements", "/programme/fidelity", class_page):
        assert lead.status(address) == 403, address


def test_a_school_that_lags_is_named_with_a_next_step_and_families_count_from_five(
    trust: tuple[Browser, School, School],
) -> None:
    lead, large, _small = trust
    teach_all(large)
    assert "Begin with this school" not in lead.get("/schools").words
    late = a_school(name="Quiet School", school_group_id=1)
    with school_scope(late.school_id), transaction() as work:
        work.add_all(a_parent_carer(school_id=late.school_id) for _ in range(84))
    page = lead.get("/schools")
    assert "Quiet School has delivered 0 % of the lessons it planned this year" not in page.words, "two schools: the low middle"
    third = a_school(name="Oak School", school_group_id=1)
    teach_all(third)
    page = lead.get("/schools")
    assert "Quiet School has delivered 0 % of the lessons it planned this year" in page.words
    assert "Ring its head of PSHE" in page.words
    assert _rows(page)["Quiet School"][4] == "50 %"
