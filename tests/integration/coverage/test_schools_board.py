"""Does a trust lead see schools, and nothing below them, whatever they ask for?"""

from __future__ import annotations

import pytest
from flask import Flask

from eduprog.core.db import transaction
from eduprog.organisations import actions as organisations
from eduprog.organisations.rules import GroupKind
from tests.factories.accounts import a_group_membership
from tests.integration.coverage.schools import NOW, SET_UP, START, YEARS, School, a_school, teach_all
from tests.support.page import Browser, Page
from tests.support.people import make_person, sign_in
from tests.support.queries import statements


@pytest.fixture
def trust(app: Flask, monkeypatch: pytest.MonkeyPatch) -> tuple[Browser, School, School]:
    monkeypatch.setattr("eduprog.core.clock.now", lambda: NOW)
    with transaction():
        group_id = organisations.create_school_group(name="Fen Trust", kind=GroupKind.TRUST, by=SET_UP, now=START).id
    large = a_school(school_group_id=group_id)
    small = a_school(name="Mill School", years=YEARS[:2], school_group_id=group_id)
    lead_id = make_person(name="Trust lead")
    with transaction() as work:
        work.add(a_group_membership(lead_id, group_id))
    lead = Browser(app)
    sign_in(lead, lead_id, school_group_id=group_id)
    return lead, large, small


def _rows(page: Page) -> dict[str, list[str]]:
    rows = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in page.all("tr")]
    return {row[0]: row[1:] for row in rows}


def test_a_large_school_is_shown_in_shares_and_a_small_one_is_not(trust: tuple[Browser, School, School]) -> None:
    lead, large, small = trust
    assert _rows(lead.get("/schools"))["Larch School"][0] == "0 %"
    teach_all(large)
    teach_all(small)
    rows = _rows(lead.get("/schools"))
    assert int(rows["Larch School"][0].split()[0]) % 5 == 0
    assert rows["Mill School"] == ["Fewer than five classes or teachers: not shown"]
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
