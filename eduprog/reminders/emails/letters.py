"""The reminders as letters: plain text and HTML, with a place for the name and plain links to pages behind sign-in."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, time
from functools import cache

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from eduprog.core import paths
from eduprog.families.rules import ENGLISH
from eduprog.mail.rules import Letter
from eduprog.organisations import queries as organisations
from eduprog.reminders.rules import MOST_LINES, DayBeforeLetter, MissingRecordLetter, ReminderKind, WeeklyLetter

_FOLDERS = {
    WeeklyLetter: ReminderKind.WEEKLY.mail_kind,
    DayBeforeLetter: ReminderKind.DAY_BEFORE.mail_kind,
    MissingRecordLetter: ReminderKind.MISSING_RECORD.mail_kind,
}


def write_letter(key: Hashable, *, base_url: str) -> Letter:
    """Write a reminder, with a slot for the "name" of who gets it. The subject names no more than module ids and years."""
    assert isinstance(key, WeeklyLetter | DayBeforeLetter | MissingRecordLetter)
    school = organisations.current_school()
    values = {
        "letter": key, "school": school, "base": base_url, "name": "«name»", "language": ENGLISH.code, "spoken": ENGLISH,
        "subject": key.subject, "most": MOST_LINES,
    }  # fmt: skip
    folder = f"email/{_FOLDERS[type(key)]}"
    text, html = (_templates().get_template(f"{folder}/{part}").render(values).strip() for part in ("body.txt", "body.html"))
    return Letter(
        key.subject, f"{text}\n", f"{_inliner().inline(html)}\n", ("name",), from_name=school.name, reply_to=school.contact_email
    )


def _weekday_day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"


def _clock_time(at: time) -> str:
    if (at.hour, at.minute) == (12, 0):
        return "12 noon"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{(at.hour - 1) % 12 + 1}{minutes}{'am' if at.hour < 12 else 'pm'}"


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(str(paths.TEMPLATES)), autoescape=select_autoescape(["html"]), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters.update(weekday_day=_weekday_day, clock_time=_clock_time)
    return made


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
