"""Can a head of PSHE plan a year, see it being taught, and change it?"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from tests.browser import scenes
from tests.browser.conftest import Visit
from tests.browser.scenes import journey_of
from tests.browser.walking import NARROW
from tests.conftest import FULL
from tests.support.serving import Served


def test_a_year_is_planned_in_one_click_and_a_lesson_moved(morning: Served, visit: Visit) -> None:
    journey = journey_of(morning.call(scenes.a_school, name="Juniper School", planned_already=False))
    morning.set_clock(datetime(2026, 9, 1, 9, 0, tzinfo=UTC))
    lead = visit(width=1280, email=journey.emails["lead"])
    lead.go("/coverage")
    assert "Nothing planned yet" in lead.words()
    lead.tap("Plan")
    assert lead.table("By class")[1] == ["1 Elm", *["– none"] * 7, "40 of 40"]
    lead.tap("Plan the year for every class")
    assert re.search(r"\d+ lessons planned", lead.words())
    planned = {row[0]: row[1:] for row in lead.table("By class")}
    assert planned["1 Oak"][1] == "K1-C1 lesson 1 Tue 3 Nov"
    assert "EY-H1 lesson 1 Mon 7 Sep" in planned["Reception Acorn"][0]

    lead.tap(lead.page.get_by_role("link", name="1 Oak"))
    lesson = lead.card("K1-C1 lesson 1 · Autumn 2")

    def move_to(day: str) -> None:
        lead.tap(lesson.get_by_text("Move K1-C1 lesson 1 to another day"))
        lesson.get_by_label("New day").fill(day)
        lead.tap(lesson.get_by_role("button", name="Move"))

    move_to("2026-11-27")
    assert "The school is shut on that day" in lead.words()
    move_to("2026-11-17")
    assert "Lesson moved." in lead.words()
    assert "Tuesday 17 November" in lesson.inner_text()
    assert "Moved by hand" in lesson.inner_text()


def test_the_grid_changes_with_a_record_and_opens_what_lies_behind_a_figure(morning: Served, visit: Visit) -> None:
    journey = journey_of(morning.call(scenes.a_school, name="Kestrel School"))
    lead = visit(width=1280, email=journey.emails["lead"])

    def figure() -> str:
        return lead.page.get_by_role("link", name="Year 1, Consent, Autumn 2").inner_text().split()[0]

    def delivered_of_planned() -> tuple[int, ...]:
        return tuple(int(number) for number in re.findall(r"\d+", lead.page.locator(".ep-figure").first.inner_text()))

    lead.go("/coverage")
    none, planned = delivered_of_planned()
    assert (figure(), none) == ("0/2", 0)
    morning.call(
        scenes.taught, school_id=journey.school_id, class_id=journey.classes["1 Oak"], teacher_id=journey.people["teacher"],
        on="2026-11-03",
    )  # fmt: skip
    lead.reload()
    assert figure() == "1/2"
    assert delivered_of_planned() == (1, planned)

    lead.tap(lead.page.get_by_role("link", name="1/2 lessons delivered, Year 1, Consent, Autumn 2"))
    assert "Year 1 · Consent · Autumn 2" in lead.words()
    states = {row[0]: (row[3], row[4]) for row in lead.table("2 lessons")}
    assert states == {"1 Oak": ("Tue 3 Nov", "Taught"), "1 Elm": ("Not yet", "Still to come")}
    lead.tap(lead.page.get_by_role("link", name="1 Oak"))
    assert lead.heading == "1 Oak"


def test_the_board_and_the_plan_can_be_read_on_a_phone(morning: Served, visit: Visit) -> None:
    journey = journey_of(morning.call(scenes.a_school, name="Linden School"))
    lead = visit(width=NARROW, email=journey.emails["lead"])
    lead.tap("Menu")
    lead.tap(lead.page.get_by_role("link", name="Coverage", exact=True))
    assert lead.heading == "Coverage"
    lead.tap("See the records")
    assert "4 Hazel with the Resource Base" in lead.words()
    lead.go("/plan")
    lead.go("/families")
    assert lead.heading == "Families"


def test_in_one_minute_the_worst_are_named_and_each_action_is_one_tap_away(morning: Served, visit: Visit) -> None:
    """From sign-in: two classes were taught on time, one was not recorded, and the four-year-olds have nobody."""
    journey = journey_of(morning.call(scenes.a_school, name="Larch Hill School"))
    morning.call(
        scenes.taught_so_far, school_id=journey.school_id, teacher_id=journey.people["teacher"], but=journey.classes["4 Ash"]
    )
    morning.call(scenes.without_teacher, class_id=journey.classes["Reception Acorn"], school_id=journey.school_id)
    lead = visit(width=NARROW, email=journey.emails["lead"])
    assert lead.heading == "Programme board"
    first = [card.inner_text() for card in lead.page.locator(".ep-board__card").all()]
    assert "Reception Acorn" in first[0]
    assert "No teacher leads this class" in first[0]
    assert any(words.startswith("4 Ash") and "no record" in words for words in first), first
    lead.tap(lead.page.get_by_role("button", name="Ask the teacher : 4 Ash"))
    assert lead.heading == "Ask the teacher"
    assert "Hana Ali" in lead.words()
    assert str(lead.page.get_by_role("button", name="Open in your mail program").get_attribute("href")).startswith("mailto:")
    lead.tap("Programme board")
    lead.tap(lead.page.get_by_role("button", name="Name cover : Reception Acorn"))
    assert lead.heading == "Plan of Reception Acorn"


def test_every_page_of_the_programme_reads_on_a_phone_and_by_axe(morning: Served, visit: Visit) -> None:
    journey = journey_of(morning.call(scenes.a_school, name="Maple End School"))
    morning.call(scenes.taught_so_far, school_id=journey.school_id, teacher_id=journey.people["teacher"], but=0)
    lead = visit(width=1280, email=journey.emails["lead"])
    pages = {
        "/coverage": "Coverage", "/programme/messages": "Message clock", "/programme/statements": "Statements",
        "/programme/statements/P-BS-03a": "Records behind RSHE25-P-BS-03a", "/programme/frameworks": "Frameworks side by side",
        "/programme/own-frameworks": "Our own frameworks", "/programme/fidelity": "Fidelity board",
        "/programme/methods": "Methods and skills", "/programme/evidence": "Evidence pack",
    }  # fmt: skip
    for address, heading in pages.items():
        lead.go(address)
        assert lead.heading == heading
        lead.look_at((NARROW, 768), thoroughly=FULL)
