"""Can a head of PSHE plan a year, see it being taught, and change it?"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from tests.browser import scenes
from tests.browser.conftest import Visit
from tests.browser.scenes import journey_of
from tests.browser.walking import NARROW
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
    assert states == {"1 Oak": ("Tue 3 Nov", "Taught"), "1 Elm": ("Not yet", "Not recorded")}
    lead.tap(lead.page.get_by_role("link", name="1 Oak"))
    assert lead.heading == "1 Oak"


def test_the_board_and_the_plan_can_be_read_on_a_phone(morning: Served, visit: Visit) -> None:
    journey = journey_of(morning.call(scenes.a_school, name="Linden School"))
    lead = visit(width=NARROW, email=journey.emails["lead"])
    lead.tap("Menu")
    lead.tap(lead.page.get_by_role("link", name="Coverage"))
    assert lead.heading == "Coverage"
    lead.tap("See the records")
    assert "4 Hazel with the Resource Base" in lead.words()
    lead.go("/plan")
    lead.go("/families")
    assert lead.heading == "Families"
