"""Can a teacher with a phone, between two lessons, teach, record and follow up?"""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import expect

from tests.browser import scenes
from tests.browser.conftest import Visit
from tests.browser.scenes import Journey, journey_of
from tests.browser.walking import NARROW, Walker
from tests.support.serving import Served


def _school(served: Served, name: str) -> Journey:
    return journey_of(served.call(scenes.a_school, name=name))


def _follow_ups(teacher: Walker) -> list[tuple[str, str]]:
    """The follow-ups on the page: their number, and what is said of their day."""
    items = teacher.page.locator(".ep-follow-ups li").all()
    return [(item.locator(".ep-point").inner_text(), item.locator(".ep-checklist__hint").inner_text().strip()) for item in items]


def test_a_lesson_is_recorded_in_two_taps_and_its_four_follow_ups_are_dated(morning: Served, visit: Visit) -> None:
    journey = _school(morning, "Birch Lane School")
    teacher = visit(width=NARROW, email=journey.emails["teacher"])
    assert teacher.heading == "My week"
    teacher.taps = 0
    began = datetime.now(UTC)

    teacher.tap(teacher.card("1 Oak · K1-C1").get_by_role("button", name="Record"))
    assert teacher.heading == "How did K1-C1 go?"
    teacher.tap("Taught as planned")

    assert teacher.heading == "K1-C1 recorded"
    assert teacher.taps == 2
    print(f"recorded on a phone in {teacher.taps} taps and {(datetime.now(UTC) - began).total_seconds():.1f} s")
    assert _follow_ups(teacher) == [
        ("R1", "Tuesday 10 November"),
        ("R2", "Tuesday 24 November"),
        ("R3", "Tuesday 12 January"),
        ("R4", "Next school year"),
    ]
    teacher.tap("Back to my week")
    assert "Taught" in teacher.card("1 Oak · K1-C1").inner_text()
    assert teacher.card("1 Oak · K1-C1").get_by_role("button", name="Record").count() == 0


def test_an_adapted_lesson_asks_for_the_steps_that_were_done(morning: Served, visit: Visit) -> None:
    journey = _school(morning, "Cedar Hill School")
    teacher = visit(width=NARROW, email=journey.emails["teacher"])
    teacher.tap(teacher.card("4 Ash · L2-B1").get_by_role("button", name="Record"))
    teacher.tap(teacher.page.get_by_text("Adapted, part taught, or another day"))
    teacher.page.get_by_role("radio", name="Taught, but adapted").check()
    teacher.tap("Save", answer=422)
    assert "Tick the steps that were done" in teacher.page.get_by_role("alert").inner_text()

    expect(teacher.page.get_by_role("radio", name="Taught, but adapted")).to_be_checked()
    for step in ("How we work today", "Share, check or keep?"):
        teacher.page.get_by_role("checkbox", name=step).check()
    teacher.tap("Save")
    assert teacher.heading == "L2-B1 recorded"
    assert "How we work today and Share, check or keep?" in teacher.words()
    assert [point for point, _day in _follow_ups(teacher)] == ["R1", "R2", "R3", "R4"]


def test_a_day_to_come_is_refused_beside_its_field(morning: Served, visit: Visit) -> None:
    journey = _school(morning, "Larch Road School")
    teacher = visit(width=NARROW, email=journey.emails["teacher"])
    teacher.tap(teacher.card("4 Ash · L2-B1").get_by_role("button", name="Record"))
    teacher.tap(teacher.page.get_by_text("Adapted, part taught, or another day"))
    teacher.page.get_by_role("radio", name="Taught as planned").check()
    teacher.page.get_by_label("When was it taught?").fill("2026-11-05")
    teacher.tap("Save", answer=422)
    assert "not before" in teacher.page.get_by_role("alert").inner_text()


def test_a_lesson_not_taught_moves_to_the_next_free_meeting(morning: Served, visit: Visit) -> None:
    journey = _school(morning, "Elder Bank School")
    teacher = visit(width=NARROW, email=journey.emails["teacher"])
    teacher.tap(teacher.card("1 Oak · K1-C1").get_by_role("button", name="Record"))
    teacher.tap(teacher.page.get_by_text("Not taught", exact=True))
    teacher.page.get_by_role("radio", name="The class was out").check()
    teacher.tap("Record as not taught")
    assert teacher.heading == "My week"
    assert "Recorded as not taught. It moves to Tuesday 10 November." in teacher.words()
    assert teacher.card("1 Oak · K1-C1").count() == 0
    teacher.tap("Week after")
    assert teacher.card("1 Oak · K1-C1", "Planned").count() == 1


def test_a_record_can_be_undone_and_its_day_changed(morning: Served, visit: Visit) -> None:
    journey = _school(morning, "Fir Tree School")
    morning.call(
        scenes.taught, school_id=journey.school_id, class_id=journey.classes["1 Oak"], teacher_id=journey.people["teacher"],
        on="2026-11-03",
    )  # fmt: skip
    teacher = visit(width=NARROW, email=journey.emails["teacher"])
    teacher.tap(teacher.card("1 Oak · K1-C1").get_by_role("link", name="Ask, wait, listen"))
    teacher.tap(teacher.page.get_by_text("It was taught on another day"))
    teacher.page.get_by_label("It was taught on").fill("2026-11-02")
    teacher.tap("Change the day")
    assert _follow_ups(teacher)[1] == ("R2", "Tuesday 24 November")
    assert "Monday 2 November" in teacher.words()

    teacher.tap("Undo this record")
    assert "Record undone." in teacher.words()
    assert teacher.card("1 Oak · K1-C1").get_by_role("button", name="Record").count() == 1


def test_a_starter_is_taught_from_one_screen_and_recorded_with_one_tap(morning: Served, visit: Visit) -> None:
    journey = _school(morning, "Gorse Field School")
    morning.call(
        scenes.taught, school_id=journey.school_id, class_id=journey.classes["1 Oak"], teacher_id=journey.people["teacher"],
        on="2026-11-03",
    )  # fmt: skip
    morning.set_clock(datetime(2026, 11, 10, 8, 55, tzinfo=UTC))
    teacher = visit(width=NARROW, email=journey.emails["teacher"])
    starter = teacher.card("Follow-up R1", "1 Oak")
    assert "Today" in starter.inner_text()
    teacher.tap(starter.get_by_role("button", name="Teach"))
    assert teacher.heading == "R1 for K1-C1"
    assert "Ask. Wait. Listen. Kind." in teacher.words()

    teacher.tap("Done")
    assert "Follow-up recorded as done." in teacher.words()
    teacher.tap(teacher.card("Follow-up R1", "1 Oak").get_by_role("link", name="Starter: K1-C1"))
    teacher.tap("Make it due again")
    teacher.tap(teacher.page.locator("summary"))
    teacher.page.get_by_role("radio", name="No time").check()
    teacher.tap(teacher.page.get_by_role("button", name="Leave it out"))
    assert "Left out" in teacher.card("Follow-up R1", "1 Oak").inner_text()
    teacher.go(f"/classes/{journey.classes['1 Oak']}")
    assert teacher.heading == "1 Oak"


def test_a_lesson_is_taught_by_keyboard_alone(morning: Served, visit: Visit) -> None:
    journey = _school(morning, "Holly Court School")
    teacher = visit(width=1280, email=journey.emails["teacher"])
    teacher.card("1 Oak · K1-C1").get_by_role("button", name="Teach").focus()
    teacher.press("Enter")
    board = teacher.page.locator("[data-slide]:visible h2")
    assert teacher.heading == "K1-C1, Year 1"
    seen = [board.inner_text()]
    while seen[-1] != "Thank you":
        teacher.press("ArrowRight", leads_on=False)
        seen.append(board.inner_text())
    assert seen[:3] == ["Ask, wait, listen", "Hello, my way", "Pip and the red brick"]
    assert len(seen) >= 11
    teacher.press("PageUp", leads_on=False)
    assert "Childline" in teacher.words() or "Not your fault" in teacher.words()
    teacher.press("Escape")
    assert teacher.heading == "My week"


def test_a_lesson_can_be_found_and_read(morning: Served, visit: Visit) -> None:
    journey = _school(morning, "Ivy Mount School")
    teacher = visit(width=NARROW, email=journey.emails["teacher"])
    teacher.go("/lessons?stage=EY&strand=media")
    assert "No lesson fits all of this" in teacher.words()
    teacher.page.get_by_label("Stage").select_option("L2")
    teacher.page.get_by_label("Strand").select_option("")
    teacher.tap("Show")
    found = teacher.page.locator("article.ep-card h3").all_inner_texts()
    assert found
    assert all(title.startswith("L2-") for title in found)
    teacher.tap(teacher.page.get_by_role("link", name="L2-B1 My information"))
    assert teacher.heading.startswith("L2-B1")
    teacher.tap(teacher.page.get_by_role("link", name="Lesson 1: My picture, my choice"))
    assert teacher.heading == "L2-B1 lesson 1"
    assert teacher.page.locator(".ep-plan li").count() == 11
    assert teacher.page.locator(".ep-step[id]").count() == 10
