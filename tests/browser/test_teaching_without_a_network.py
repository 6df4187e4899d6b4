"""Does a lesson go on, slides loaded again included, when the network is cut after opening it? Is it recorded once?"""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import scenes
from tests.browser.conftest import Visit
from tests.browser.scenes import journey_of
from tests.browser.test_recording_without_a_signal import records
from tests.support.serving import Served


def test_slides_can_be_loaded_again_without_a_network_and_done_is_recorded_once(morning: Served, visit: Visit) -> None:
    journey = journey_of(morning.call(scenes.a_school, name="Hollybush Lane School"))
    teacher = visit(email=journey.emails["teacher"])
    page = teacher.page
    kept = page.locator("html")
    expect(kept).to_have_attribute("data-kept", "yes", timeout=30_000)
    teacher.tap(teacher.card("1 Oak · K1-C1").get_by_role("button", name="Teach"))
    expect(page.locator("html")).to_have_attribute("data-kept", "yes", timeout=30_000)
    page.evaluate("navigator.serviceWorker.ready.then(() => {})")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    third = page.locator("[data-slide]:not([hidden])").inner_text()

    teacher.context.set_offline(True)
    page.reload()
    shown = page.locator("[data-slide]:not([hidden])")
    expect(shown).to_have_count(1)
    assert shown.inner_text() == third
    page.keyboard.press("ArrowRight")
    assert shown.inner_text() != third
    assert page.locator("[data-position]").inner_text() == "4"
    page.keyboard.press("End")
    page.get_by_role("button", name="Done").click()
    expect(page.locator("h1")).to_have_text("My week")
    expect(page.locator("[data-waiting]")).to_contain_text("1 record waits on this device.")
    assert morning.call(records, school_id=journey.school_id, class_id=journey.classes["1 Oak"]) == []

    teacher.context.set_offline(False)
    expect(page.locator("[data-waiting]")).to_have_count(0)
    expect(teacher.card("1 Oak · K1-C1")).to_contain_text("Taught")
    page.reload()
    assert morning.call(records, school_id=journey.school_id, class_id=journey.classes["1 Oak"]) == [
        "K1-C1 as_planned 2026-11-03"
    ]
