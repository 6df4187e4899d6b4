"""Can an admin with a phone see what is to do, mend a class, and step into the next year and back?"""

from __future__ import annotations

from tests.browser import scenes
from tests.browser.conftest import Visit
from tests.browser.scenes import journey_of
from tests.browser.walking import NARROW
from tests.support.serving import Served


def test_an_admin_looks_after_classes_and_the_turn_of_the_year(morning: Served, visit: Visit) -> None:
    journey = journey_of(morning.call(scenes.a_school, name="Quince Hill School"))
    morning.call(scenes.next_year_known, school_id=journey.school_id)
    admin = visit(width=NARROW, email=journey.emails["admin"])
    admin.go("/set-up")
    assert "Only one of them is a school admin" in admin.words()

    admin.go("/school/classes")
    admin.tap(admin.page.get_by_role("link", name="6 Willow").first)
    assert admin.heading == "Change 6 Willow"
    admin.page.locator("#slots-1-weekday").select_option("3")
    admin.tap("Save", answer=422)
    assert "Enter when it begins" in admin.page.get_by_role("alert").inner_text()
    admin.page.locator("#slots-1-starts_at").fill("08:45")
    admin.page.locator("#slots-1-minutes").fill("20")
    admin.page.locator("#slots-1-kind").select_option("tutor")
    admin.tap("Save")
    assert "6 Willow is saved" in admin.words()

    admin.tap(admin.page.get_by_role("link", name="change where follow-ups of 6 Willow are given"))
    admin.page.get_by_label("In which time?").select_option("tutor")
    admin.tap("Save")
    assert "In tutor time" in admin.words()

    admin.tap("Step into the next year")
    admin.page.locator("fieldset", has_text="4 Ash").get_by_label("Lead teacher").first.select_option("")
    admin.tap("Step into 2027")
    assert "opened" in admin.words()
    admin.tap("See the classes of the new year")
    assert "Academic year 2027 to 2028" in admin.page.locator("main").inner_text()
    admin.go("/roll-over")
    admin.tap("Undo this step")
    assert "Undone." in admin.words()
