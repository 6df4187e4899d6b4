"""Can the half-terms of a year be written by hand, a shut day be opened again, and both be undone?"""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from eduprog.core import clock
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role
from eduprog.core.tenancy import school_scope
from eduprog.school import queries
from eduprog.school.rules import ClosureKind
from eduprog.yearcycle.actions.calendar import close_days
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.scenes import SET_UP, Scene, a_planned_school

FORM = "/school/calendar/half-terms"
PAGE = f"{FORM}?year=2026"


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_planned_school()


@pytest.fixture
def admin(scene: Scene, browser: Browser) -> Browser:
    """An admin of the school, signed in."""
    sign_in(browser, make_person(name="Joan Bell", school_id=scene.school_id, roles=(Role.SCHOOL_ADMIN,)), scene.school_id)
    return browser


def days(scene: Scene, starting: int = 2026) -> dict[str, tuple[date, date]]:
    session().rollback()
    with school_scope(scene.school_id):
        year = queries.academic_year_starting(starting)
        return {term.block.label: (term.first_day, term.last_day) for term in year.half_terms} if year else {}


def test_a_half_term_is_changed_a_shut_day_opened_and_both_undone(admin: Browser, scene: Scene) -> None:
    snow = date(2027, 1, 12)
    with school_scope(scene.school_id), transaction():
        close_days(days=[snow], kind=ClosureKind.SNOW, by=SET_UP, now=clock.now(), today=clock.today())
    before = days(scene)
    page = admin.get(PAGE)
    assert "Tuesday 12 January 2027: snow or another emergency" in page.words
    first = before["Spring 1"][0]
    admin.submit(page, FORM, **{"spring-1_last": "2027-02-10", "reopen": snow.isoformat()})
    after = days(scene)
    assert after == {**before, "Spring 1": (first, date(2027, 2, 10))}
    with school_scope(scene.school_id):
        assert queries.calendar().is_open(snow)
        change = queries.calendar_changes()[0]
    page = admin.get(f"/school/calendar/changes/{change.id}")
    assert "Half-terms written by hand" in page.words
    admin.submit(page, f"/school/calendar/changes/{change.id}/undo")
    assert days(scene) == before
    with school_scope(scene.school_id):
        assert not queries.calendar().is_open(snow)


def test_a_year_that_is_not_there_yet_can_be_written(admin: Browser, scene: Scene) -> None:
    page = admin.get("/school/calendar/half-terms?year=2028")
    spans = {"autumn-1": ("2028-09-04", "2028-10-20"), "autumn-2": ("2028-10-30", "2028-12-20")}
    typed = {f"{block}_{end}": day for block, pair in spans.items() for end, day in zip(("first", "last"), pair, strict=True)}
    admin.submit(page, FORM, **typed)
    assert list(days(scene, 2028)) == ["Autumn 1", "Autumn 2"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"spring-1_last": "2027-02-13"}, "13 February 2027 is a Saturday"),
        ({"spring-1_last": ""}, "Enter this day too, or leave both empty"),
        ({"spring-1_last": "2026-12-30"}, "The last day must not be before the first"),
        ({"spring-2_first": "2027-02-01"}, "It must begin after the half-term before it ends"),
        ({"spring-1_first": "2025-01-06"}, "is not in the academic year 2026/27"),
    ],
)
def test_days_that_cannot_be_are_told_beside_their_field_and_change_nothing(
    admin: Browser, scene: Scene, typed: dict[str, str], says: str
) -> None:
    before = days(scene)
    page = admin.submit(admin.get(PAGE), FORM, **typed)
    assert page.status == 422
    assert says in page.words
    assert days(scene) == before
