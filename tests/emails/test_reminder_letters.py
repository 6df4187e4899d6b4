"""Does every reminder to staff read, word for word, as it was last read by a person?

`EDUPROG_WRITE_GOLDEN=1` writes the files anew; read the difference before you commit it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import html5lib
import pytest
import time_machine
from flask import Flask

from eduprog.core import paths
from eduprog.core.db import transaction
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.language import Audience, check_text, load_rules
from eduprog.curriculum.vocabulary import FollowUpPoint
from eduprog.mail.rules import Letter
from eduprog.organisations import actions as organisations
from eduprog.organisations.rules import Nation, Phase
from eduprog.reminders.emails import write_letter
from eduprog.reminders.rules import (
    ActLine,
    ClassLine,
    DayBeforeLetter,
    FollowUpLine,
    LessonLine,
    MissingRecordLetter,
    OwnDuties,
    ReminderLetter,
    WeeklyLetter,
)
from tests.support.scenes import SET_UP

GOLDEN = Path(__file__).parent / "golden"
WRITE = os.environ.get("EDUPROG_WRITE_GOLDEN") == "1"
NOW = datetime(2026, 11, 9, 7, 0, tzinfo=UTC)
MONDAY, WEDNESDAY, FRIDAY = date(2026, 11, 9), date(2026, 11, 11), date(2026, 11, 13)
BASE = "https://eduprog.oakfield.example"

ASK = LessonLine(71, "K1-C1", "Ask first", 1, 0, "1 Oak", "Year 1", date(2026, 11, 10), time(9, 30))
COVER = LessonLine(
    72, "L2-B1", "Private and not private", 2, 0, "4 Elm", "Year 3 and Year 4", WEDNESDAY, time(13, 5), covering=True
)
GATED = LessonLine(73, "K4-B1", "", 1, 1, "10 Ash", "Year 10", FRIDAY, time(12, 0), gated=True)
HELD = LessonLine(74, "K3-C1", "", 1, 0, "7 Fir", "Year 7", FRIDAY, None, gated=True, on_hold=True)
WAITS = LessonLine(61, "K1-C1", "Ask first", 2, 0, "1 Oak", "Year 1", date(2026, 11, 3), time(9, 30))
R1 = FollowUpLine(31, "K1-R1", "Feelings", FollowUpPoint.R1, 3, "1 Oak", "Year 1", date(2026, 11, 10))
R3 = FollowUpLine(32, "K4-B1", "", FollowUpPoint.R3, 10, "10 Ash", "Year 10", date(2026, 11, 3))
OWN = OwnDuties((ASK, COVER, GATED, HELD), (R1,), (WAITS,), (R3,))
AHEAD = (replace(GATED, dsl_told=True), replace(GATED, class_name="10 Fir", day=date(2026, 11, 20)), HELD)
CLASSES = (
    ClassLine(5, "1 Oak", not_recorded=1),
    ClassLine(6, "7 Fir", behind=2, without_day=1),
    ClassLine(7, "10 <Ash>", follow_ups_overdue=3, open_days_since=31),
)
ACTS = (
    ActLine(41, "Staff briefing: respond calmly", date(2026, 11, 6)),
    ActLine(42, "Walk of the <hotspots>", WEDNESDAY),
    ActLine(43, "Policy review", FRIDAY, nobody=True),
)
MANY = tuple(replace(WAITS, planned_lesson_id=100 + n, day=date(2026, 9, 8) + timedelta(days=n)) for n in range(33))

LETTERS: dict[str, ReminderLetter] = {
    "reminder-weekly-teacher": WeeklyLetter(MONDAY, MONDAY, OWN),
    "reminder-weekly-teacher-calm": WeeklyLetter(MONDAY, MONDAY, OwnDuties((ASK,))),
    "reminder-weekly-teacher-after-a-gap": WeeklyLetter(MONDAY, WEDNESDAY, OwnDuties((), (), MANY, (R3,))),
    "reminder-weekly-lead": WeeklyLetter(MONDAY, MONDAY, classes=CLASSES),
    "reminder-weekly-dsl": WeeklyLetter(MONDAY, MONDAY, sensitive=AHEAD),
    "reminder-weekly-teacher-and-lead": WeeklyLetter(MONDAY, MONDAY, OwnDuties((ASK,), (R1,)), classes=CLASSES[:1]),
    "reminder-weekly-owner-of-acts": WeeklyLetter(MONDAY, MONDAY, acts=ACTS[:2]),
    "reminder-weekly-all-roles": WeeklyLetter(MONDAY, MONDAY, OWN, AHEAD, CLASSES, ACTS),
    "reminder-day-before": DayBeforeLetter(WEDNESDAY, date(2026, 11, 10), OwnDuties((COVER,))),
    "reminder-day-before-weekend": DayBeforeLetter(
        date(2026, 11, 16), FRIDAY, OwnDuties((replace(GATED, day=date(2026, 11, 16)),), (R1,))
    ),
    "reminder-missing-record": MissingRecordLetter((WAITS,)),
    "reminder-missing-record-several": MissingRecordLetter((WAITS, replace(COVER, day=date(2026, 11, 4)))),
}


@pytest.fixture
def engine_name() -> str:
    """What a letter says depends on its values, not on the database; what the values are is tested on both engines."""
    return "sqlite"


@pytest.fixture
def school(app: Flask) -> Iterator[int]:
    with time_machine.travel(NOW, tick=False):
        with transaction():
            made = organisations.create_school(
                name="Oakfield All-through School", nation=Nation.ENGLAND, phase=Phase.ALL_THROUGH, by=SET_UP, now=NOW,
                contact_email="office@oakfield.example", contact_phone="01632 960001",
            )  # fmt: skip
        with school_scope(made.id):
            yield made.id


def _written(name: str) -> Letter:
    return write_letter(LETTERS[name], base_url=BASE)


@pytest.mark.parametrize("name", LETTERS)
def test_a_reminder_reads_as_it_was_last_read(school: int, name: str) -> None:
    letter = _written(name)
    shown = {"txt": f"Subject: {letter.subject}\n\n{letter.text}", "html": letter.html}
    for ending, content in shown.items():
        file = GOLDEN / f"{name}.{ending}"
        if WRITE:
            file.write_text(content, "utf-8")
        assert file.exists(), f"{file.name} is missing; EDUPROG_WRITE_GOLDEN=1 writes it"
        assert content == file.read_text("utf-8")


@pytest.mark.parametrize("name", LETTERS)
def test_a_reminder_is_whole_and_its_links_lead_to_pages_behind_sign_in(school: int, app: Flask, name: str) -> None:
    letter = _written(name)
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(letter.html)
    assert [code for code, *_ in parser.errors] == []
    assert not re.search(r"<(img|script|link|iframe|object|form|input)\b|url\(|@import", letter.html)
    assert "<Ash>" not in letter.html
    addresses = set(re.findall(r'href="([^"]*)"', letter.html))
    assert addresses
    routes = app.url_map.bind("eduprog.oakfield.example")
    for address in addresses:
        assert address.startswith(f"{BASE}/"), address
        endpoint, _ = routes.match(address.removeprefix(BASE).split("?")[0], method="GET")
        assert app.view_functions[endpoint].access.permission is not None, address
        assert address in letter.text.replace("&", "&amp;")


@pytest.mark.parametrize("name", LETTERS)
def test_a_subject_says_no_more_than_module_ids_years_and_counts(school: int, name: str) -> None:
    subject = _written(name).subject
    allowed = {
        "your", "week", "lesson", "lessons", "follow", "record", "overdue", "class", "classes", "look", "know", "about",
        "tomorrow", "monday", "still", "year", "acts", "whole", "school",
    }  # fmt: skip
    said = {word.lower() for word in re.findall(r"[A-Za-z]{4,}", subject)}
    assert said <= allowed, said - allowed
    assert len(subject) <= 140


def test_the_title_of_a_sensitive_lesson_stands_nowhere(school: int) -> None:
    titles = [module.title for module in catalogue.current().modules.values() if "G0" not in module.gates]
    letter = _written("reminder-weekly-all-roles")
    assert [title for title in titles if title in letter.text or title in letter.html] == []


def test_more_than_thirty_are_counted_and_none_is_hidden(school: int) -> None:
    text = _written("reminder-weekly-teacher-after-a-gap").text
    assert text.count("/record") == 30
    assert "33 to record" in text
    assert "And 3 from before" in text


def test_our_own_words_to_staff_pass_the_message_check(school: int) -> None:
    rules = load_rules(paths.LESSONS / "language.yaml")
    for name in LETTERS:
        assert check_text(_written(name).text, Audience.STAFF, rules, weigh=False) == [], name
