"""Can a school admin take an empty installation to a planned school in under fifteen minutes, with real files and a browser?

The files are those of the fixtures; every page on the way is examined. The time of each step is printed: run with `-s`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator

from tests.browser import scenes
from tests.browser.walking import Walker
from tests.support.serving import Served, serving

BEFORE_TERM = datetime(2025, 8, 27, 9, 0, tzinfo=UTC)
ALLOWED_SECONDS = 15 * 60
TERM_DATES = "calendars/term-dates.csv"
ONE_ROSTER = "rosters/oneroster-1p1-moodle-minimal.zip"
TIMETABLE = "rosters/sims-two-week/student_timetables.csv"
# What the admin knows and the files do not say, by the words of the question.
KNOWN = (
    (r"Introduction to Physics", "Y10"),
    (r"History", "Y8"),
    (r"12X", "Y12"),
    (r"tutor time\?$", "Tu"),
    (r"PSHE\?$", "none"),
    (r"When does .*\bam\b", "08:40"),
    (r"When does .*\bpm\b", "13:30"),
    (r"How many minutes", "25"),
    (r"Which classes", "all"),
)


class Stopwatch:
    """The time each step took, in order."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, float]] = []

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step."""
        began = time.monotonic()
        yield
        self.steps.append((name, time.monotonic() - began))
        print(f"  {name:45} {self.steps[-1][1]:6.1f} s")

    @property
    def total(self) -> float:
        """The time of all steps."""
        return sum(seconds for _name, seconds in self.steps)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Served]:
    """A running eduprog with nothing in it, on a morning in late August."""
    with serving(tmp_path, now=BEFORE_TERM) as server:
        yield server


@pytest.fixture
def admin(chromium: Browser, installation: Served) -> Iterator[Walker]:
    """A person with a browser whom nobody knows yet; at the end no page may have a fault."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.set_default_timeout(20_000)
    walker = Walker(context, installation.url, width=1280)
    yield walker
    faults = list(walker.faults)
    context.close()
    assert not faults, "\n".join(faults)


def test_an_empty_installation_becomes_a_planned_school(admin: Walker, installation: Served, fixtures: Path) -> None:
    watch, link = Stopwatch(), installation.call(scenes.an_invited_admin, base_url=installation.url)
    print("\nFrom an empty installation to a planned school:")
    with watch.step("Join by the link, see what is to do"):
        admin.go(link)
        admin.page.get_by_label("Password").first.fill(scenes.PASSWORD)
        admin.tap(admin.page.locator("main form button[type=submit]"))
        assert admin.heading == "Set up your school"
        assert _states(admin)["Calendar"] == "Not started"
    with watch.step("Calendar: a council's table of term dates"):
        _take_calendar(admin, fixtures / TERM_DATES, "LA Trust academy")
    with watch.step("Calendar: a two-week timetable"):
        _two_weeks(admin)
    with watch.step("Classes and staff: a OneRoster set"):
        _import(admin, fixtures / ONE_ROSTER)
    with watch.step("Timetable: the SIMS report"):
        _import(admin, fixtures / TIMETABLE)
    with watch.step("Timetable: what the report leaves out, by hand"):
        _times_by_hand(admin)
    with watch.step("Staff: who plans the year"):
        _plan_myself(admin)
    with watch.step("DSL and help card"):
        _help_card(admin)
    with watch.step("Plan the year for every class"):
        admin.go("/plan")
        admin.tap("Plan the year for every class")
        assert "lesson" in admin.words()
    with watch.step("Parents: a code for each class"):
        admin.go("/families")
        admin.tap("Make a code for every class")
    with watch.step("The list says what is done"):
        admin.go("/set-up")
    print(f"  {'all':45} {watch.total:6.1f} s")
    states = _states(admin)
    done = {name for name, state in states.items() if state == "Done"}
    assert {"School", "Calendar", "Timetable", "Parents and carers"} <= done, states
    assert states["Scheme of work"] in ("Done", "Needs attention"), states
    assert "Not started" not in states.values(), states
    assert "In progress" not in states.values(), states
    planned = installation.call(scenes.lessons_planned, school="Marsh Lane School")
    assert set(planned) >= {"Introduction to Physics", "History - 2"}
    assert all(count > 0 for count in planned.values()), planned
    assert watch.total < ALLOWED_SECONDS


def _states(walker: Walker) -> dict[str, str]:
    """Give the state of each step, as the page says it."""
    found = {}
    for item in walker.page.locator("main li.ep-checklist__item").all():
        words = item.locator(".ep-checklist__words")
        hint = words.locator(".ep-checklist__hint").inner_text()
        found[words.inner_text().replace(hint, "").strip()] = item.locator(".ep-status").inner_text().strip()
    return found


def _take_calendar(walker: Walker, file: Path, whose: str) -> None:
    walker.tap("Calendar")
    walker.go("/school/calendar/new")
    walker.page.locator("input[type=file]").set_input_files(file)
    walker.tap("Read the dates")
    walker.page.locator("label", has_text=whose).first.click()
    walker.tap("Continue")
    for _round in range(5):
        questions = walker.page.locator("fieldset.ep-question")
        if not questions.count():
            break
        for number in range(questions.count()):
            questions.nth(number).locator("input[type=radio]").first.check()
        walker.tap("Save the answers")
    walker.tap("Make this the calendar")


def _two_weeks(walker: Walker) -> None:
    weeks = walker.page.locator("main a[href$='/weeks']").first
    walker.tap(weeks)
    walker.page.locator("label", has_text="after a holiday the letters go on").click()
    walker.tap("Save")


def _import(walker: Walker, file: Path) -> None:
    walker.go("/school/imports/new")
    walker.page.locator("input[type=file]").set_input_files(file)
    walker.tap("Show what would change")
    for _round in range(6):
        if not walker.page.locator("main form[action$='/answers']").count() or "must be answered" not in walker.words():
            break
        _answer(walker)
        walker.tap("Save answers")
    walker.tap("Apply the import")


def _answer(walker: Walker) -> None:
    """Answer every question that is still open: what is known by its words, else the first choice there is."""
    for group in walker.page.locator("form[action$='/answers'] .govuk-form-group").all():
        asked = group.locator("legend, label").first.inner_text().strip()
        known = next((value for pattern, value in KNOWN if re.search(pattern, asked)), None)
        field = group.locator("select, input").first
        _kinds(field)(group, field, known)


def _kinds(field: Locator) -> Callable[[Locator, Locator, str | None], None]:
    if field.evaluate("e => e.tagName") == "SELECT":
        return _choose
    return _tick if field.get_attribute("type") == "radio" else _type


def _choose(group: Locator, field: Locator, known: str | None) -> None:
    offered = [option.get_attribute("value") or "" for option in field.locator("option").all()]
    field.select_option(known if known in offered else next((value for value in offered[1:] if value), ""))


def _tick(group: Locator, field: Locator, known: str | None) -> None:
    wanted = group.locator(f"input[value='{known}']") if known else field
    (wanted if wanted.count() else field).first.check()


def _type(group: Locator, field: Locator, known: str | None) -> None:
    if field.get_attribute("type") == "email" and not field.input_value():
        field.fill(f"{(field.get_attribute('id') or 'staff')}@marsh-lane.example")
    elif known and not field.input_value():
        field.fill(known)


def _times_by_hand(walker: Walker) -> None:
    """Give each class that has no time yet an hour on a day of its own."""
    walker.go("/school/classes")
    rows = walker.page.locator("table tbody tr").filter(has_text="No time yet")
    changes = [row.locator("th a").get_attribute("href") for row in rows.all()]
    for number, address in enumerate(changes):
        walker.go(address or "")
        walker.page.locator("#slots-0-weekday").select_option(str(number % 4))
        walker.page.locator("#slots-0-starts_at").fill(f"{9 + number // 4:02}:10")
        walker.page.locator("#slots-0-minutes").fill("60")
        lead = walker.page.locator("#lead_teacher_id")
        if not lead.input_value():
            lead.select_option(index=1)
        walker.tap("Save")
    while (unowned := walker.page.locator("main .ep-notice a")).count():
        walker.tap(unowned.first)
        walker.page.locator("#lead_teacher_id").select_option(index=1)
        walker.tap("Save")


def _plan_myself(walker: Walker) -> None:
    walker.go("/staff")
    walker.tap(walker.page.get_by_role("link", name="Change roles of Joan Bell"))
    walker.page.get_by_label("Head of PSHE").check()
    walker.tap("Save")


def _help_card(walker: Walker) -> None:
    walker.go("/school-details")
    walker.page.get_by_label("Designated safeguarding lead").first.fill("Ann Lee")
    walker.page.get_by_label("Where to find them").fill("The room beside the library")
    walker.tap("Save")
