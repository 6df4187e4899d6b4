"""Can a school admin get the year's dates right, on a phone as on a desk, and shut the school for snow and take it back?"""

from __future__ import annotations

import pytest

from tests.browser import scenes
from tests.browser.conftest import Visit
from tests.browser.scenes import journey_of
from tests.browser.walking import NARROW
from tests.support.serving import Served

PAGE = """Term dates 2027/28
Autumn term: Thursday 2 September 2027 to Friday 17 December 2027
Half-term: Monday 25 October – Friday 29 October
Spring term: Tuesday 4 January 2028 to Friday 31 March 2028
Half-term: 14 - 18 February 2028
Summer term: Monday 18 April 2028 to Friday 21 July 2028
Half-term: 29 May - 2 June 2028
INSET day: Wednesday 1st September 2027"""


@pytest.mark.parametrize("width", [1280, NARROW])
def test_pasted_dates_are_asked_about_taken_seen_and_undone(morning: Served, visit: Visit, width: int) -> None:
    journey = journey_of(morning.call(scenes.a_school, name=f"Plover School {width}"))
    admin = visit(width=width, email=journey.emails["admin"])
    admin.go("/school/calendar")
    admin.tap("Add or change term dates")
    admin.page.get_by_label("Academic year").select_option("2027")
    admin.page.get_by_label("Paste the term dates").fill(PAGE)
    admin.tap("Read the dates")
    assert "18 April 2028 is a Tuesday, not a Monday" in admin.words()
    admin.page.get_by_label("Term: Tuesday 18 April 2028 to Friday 21 July 2028").check()
    admin.tap("Save the answers")
    admin.tap("Make this the calendar")
    assert admin.heading == "Calendar"
    assert "INSET days" in admin.words()
    assert admin.page.locator("table.ep-month").count() == 12
    admin.tap("Week letters")
    admin.page.get_by_label("Two weeks; after a holiday the letters go on where they stopped").check()
    admin.tap("Save")
    assert "Two weeks, A and B" in admin.words()
    admin.go("/school/calendar")
    admin.tap("Shut the school on a day")
    admin.page.get_by_label("First day shut").fill("2026-11-24")
    admin.page.get_by_label("Snow, heating or another emergency").check()
    admin.tap("Show what would move")
    assert admin.heading == "Shut the school?"
    admin.tap("Shut the school")
    assert "What moved" in admin.words()
    admin.tap("Undo this change")
    assert "The calendar is as it was before" in admin.words()
