"""Can a teacher record after an hour's lesson without signing in again, and in a room without a signal?"""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from eduprog.core.db import transaction
from eduprog.core.permissions import command
from eduprog.core.tenancy import school_scope
from eduprog.delivery import queries
from eduprog.planning import actions as planning
from tests.browser import scenes
from tests.browser.conftest import Visit
from tests.browser.scenes import MORNING, Journey, journey_of
from tests.browser.walking import NARROW, Walker
from tests.support.serving import Served


def _school(served: Served, name: str) -> Journey:
    return journey_of(served.call(scenes.a_school, name=name))


def _kept(page: Page) -> None:
    """Wait until the device holds the pages; a busy machine takes its time."""
    expect(page.locator("html")).to_have_attribute("data-kept", "yes", timeout=30_000)


def records(*, school_id: int, class_id: int) -> list[str]:
    """Give what a class has on record (asked inside the server)."""
    with school_scope(school_id):
        return [f"{one.module_id} {one.outcome.value} {one.taught_on}" for one in queries.of_class(class_id)]


def test_after_an_hours_lesson_two_taps_record_it_and_nothing_else_opens(morning: Served, visit: Visit) -> None:
    journey = _school(morning, "Juniper Row School")
    teacher = visit(width=1280, email=journey.emails["teacher"])
    assert teacher.heading == "My week"
    morning.set_clock(MORNING.replace(hour=10, minute=45))
    teacher.taps = 0
    began = datetime.now(UTC)
    teacher.tap(teacher.card("1 Oak · K1-C1").get_by_role("button", name="Record"))
    assert teacher.heading == "How did K1-C1 go?"
    teacher.tap("Taught as planned")
    assert teacher.taps == 2
    print(f"recorded after 65 idle minutes in {teacher.taps} taps and {(datetime.now(UTC) - began).total_seconds():.1f} s")
    assert teacher.heading == "My week"
    assert "Lesson recorded as taught." in teacher.words()
    assert "You have been away for a while." in teacher.words()
    assert morning.call(records, school_id=journey.school_id, class_id=journey.classes["1 Oak"]) == [
        "K1-C1 as_planned 2026-11-03"
    ]
    teacher.go("/lessons")
    assert teacher.heading == "Sign in"


def test_on_a_computer_that_others_use_recording_asks_who_one_is(morning: Served, visit: Visit) -> None:
    journey = _school(morning, "Kestrel Park School")
    teacher = visit(width=1280)
    teacher.go("/sign-in")
    teacher.page.get_by_role("textbox", name="Email address").fill(journey.emails["teacher"])
    teacher.page.get_by_role("textbox", name="Password").fill(scenes.PASSWORD)
    teacher.page.get_by_role("checkbox", name="Other people use this computer").check()
    teacher.tap("Sign in")
    assert teacher.heading == "My week"
    morning.set_clock(MORNING.replace(hour=10, minute=45))
    teacher.tap(teacher.card("1 Oak · K1-C1").get_by_role("button", name="Record"))
    assert teacher.heading == "Sign in"


def test_a_record_made_without_a_signal_waits_and_arrives_once(morning: Served, visit: Visit) -> None:
    journey = _school(morning, "Linden Way School")
    teacher = visit(width=NARROW, email=journey.emails["teacher"])
    page = teacher.page
    _kept(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => {})")
    page.reload()
    _kept(page)
    assert page.evaluate("navigator.serviceWorker.controller !== null")

    teacher.context.set_offline(True)
    expect(page.locator("[data-waiting]")).to_contain_text("You are offline. You can still record.")
    began = datetime.now(UTC)
    teacher.card("1 Oak · K1-C1").get_by_role("button", name="Record").click()
    expect(page.locator("h1")).to_have_text("How did K1-C1 go?")
    page.get_by_role("button", name="Taught as planned").click()
    expect(page.locator("h1")).to_have_text("My week")
    print(f"recorded without a signal in 2 taps and {(datetime.now(UTC) - began).total_seconds():.1f} s")
    expect(page.locator("[data-waiting]")).to_contain_text("1 record waits on this device.")
    page.reload()
    expect(page.locator("[data-waiting]")).to_contain_text("1 record waits on this device.")
    assert morning.call(records, school_id=journey.school_id, class_id=journey.classes["1 Oak"]) == []

    teacher.context.set_offline(False)
    expect(page.locator("[data-waiting]")).to_have_count(0)
    expect(teacher.card("1 Oak · K1-C1")).to_contain_text("Taught")
    page.reload()
    assert morning.call(records, school_id=journey.school_id, class_id=journey.classes["1 Oak"]) == [
        "K1-C1 as_planned 2026-11-03"
    ]
    assert page.evaluate("localStorage.getItem('eduprog.waiting')") == "[]"
    assert page.evaluate("document.querySelectorAll('script:not([nonce]):not([src])').length") == 0


def misses(*, school_id: int, planned_lesson_id: int) -> list[str]:
    """Give why a lesson was not taught (asked inside the server)."""
    with school_scope(school_id):
        return [f"{one.reason.value} {one.planned_on}" for one in queries.misses([planned_lesson_id]).get(planned_lesson_id, ())]


def test_adapted_and_not_taught_wait_too_and_the_last_word_on_a_lesson_counts(morning: Served, visit: Visit) -> None:
    journey = _school(morning, "Aspen Court School")
    teacher = visit(width=NARROW, email=journey.emails["teacher"])
    page = teacher.page
    _kept(page)
    page.reload()
    _kept(page)
    ids = {
        name: morning.call(scenes.first_lesson, school_id=journey.school_id, class_id=journey.classes[name], on="2026-11-03")
        for name in ("1 Oak", "4 Ash")
    }
    teacher.context.set_offline(True)
    page.goto(f"{morning.url}/planned-lessons/{ids['4 Ash']}/record")
    page.get_by_text("Adapted, part taught, or another day").click()
    page.get_by_label("Taught, but adapted").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-waiting]")).to_contain_text("Tick the steps that were done. Nothing was kept yet.")
    page.locator('input[name="steps"]').first.check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-waiting]")).to_contain_text("1 record waits on this device.")

    page.goto(f"{morning.url}/planned-lessons/{ids['1 Oak']}/record")
    page.get_by_role("button", name="Taught as planned").click()
    expect(page.locator("[data-waiting]")).to_contain_text("2 records wait on this device.")
    page.goto(f"{morning.url}/planned-lessons/{ids['1 Oak']}/record")
    page.get_by_text("Not taught", exact=True).click()
    page.get_by_role("button", name="Record as not taught").click()
    expect(page.locator("[data-waiting]")).to_contain_text("Choose one of the answers first. Nothing was kept yet.")
    page.get_by_label("The class was out").check()
    page.get_by_role("button", name="Record as not taught").click()
    expect(page.locator("h1")).to_have_text("My week")
    expect(page.locator("[data-waiting]")).to_contain_text("2 records wait on this device.")

    teacher.context.set_offline(False)
    expect(page.locator("html")).to_have_attribute("data-records-waiting", "0", timeout=30_000)
    expect(page.locator("[data-waiting]")).to_have_count(0)
    recorded = {name: morning.call(records, school_id=journey.school_id, class_id=journey.classes[name]) for name in ids}
    assert recorded["1 Oak"] == []
    assert [line.split()[1:] for line in recorded["4 Ash"]] == [["adapted", "2026-11-03"]]
    missed = morning.call(misses, school_id=journey.school_id, planned_lesson_id=ids["1 Oak"])
    assert missed == ["class_out 2026-11-03"]


def _leave(walker: Walker) -> None:
    """Let the session be over on this device; no page stays open whose late answer could begin another."""
    walker.page.goto("about:blank")
    walker.context.clear_cookies()


def _sign_in_to_own_week(walker: Walker, email: str) -> None:
    walker.go("/sign-in?next=/my-week")
    walker.page.get_by_role("textbox", name="Email address").fill(email)
    walker.page.get_by_role("textbox", name="Password").fill(scenes.PASSWORD)
    walker.tap("Sign in")
    assert walker.heading == "My week"


def withdrawn(*, school_id: int, planned_lesson_id: int) -> None:
    """Take a lesson out of the plan (done inside the server)."""
    with school_scope(school_id), transaction():
        planning.withdraw_lesson(planned_lesson_id=planned_lesson_id, by=command("journey"), now=MORNING)


def test_what_waits_is_sent_for_nobody_else_and_what_is_not_taken_can_be_looked_at(morning: Served, visit: Visit) -> None:
    journey = _school(morning, "Rowan Gate School")
    teacher = visit(width=NARROW, email=journey.emails["teacher"])
    page = teacher.page
    _kept(page)
    page.reload()
    _kept(page)
    teacher.context.set_offline(True)
    teacher.card("1 Oak · K1-C1").get_by_role("button", name="Record").click()
    page.get_by_role("button", name="Taught as planned").click()
    expect(page.locator("[data-waiting]")).to_contain_text("1 record waits on this device.")
    _leave(teacher)
    teacher.context.set_offline(False)

    _sign_in_to_own_week(teacher, journey.emails["lead"])
    expect(page.locator("[data-waiting]")).to_contain_text("A record somebody else made on this device waits", timeout=15_000)
    assert morning.call(records, school_id=journey.school_id, class_id=journey.classes["1 Oak"]) == []

    planned = morning.call(scenes.lesson_of, school_id=journey.school_id, class_id=journey.classes["1 Oak"], module_id="K1-C1")
    morning.call(withdrawn, school_id=journey.school_id, planned_lesson_id=planned)
    _leave(teacher)
    _sign_in_to_own_week(teacher, journey.emails["teacher"])
    said = page.locator("[data-waiting]")
    not_taken = "Not taken: K1-C1, 1 Oak (Taught as planned). This lesson is no longer in the class's plan."
    expect(said).to_contain_text(not_taken, timeout=15_000)
    expect(said.get_by_role("link", name="Look and correct it")).to_be_visible()
    said.get_by_role("button", name="Discard it").click()
    expect(page.locator("[data-waiting]")).to_have_count(0)
    assert page.evaluate("localStorage.getItem('eduprog.waiting')") == "[]"
    refused = [fault for fault in teacher.faults if "409" in fault]
    assert refused  # the browser itself says that one record was not taken
    teacher.faults[:] = [fault for fault in teacher.faults if fault not in refused]
