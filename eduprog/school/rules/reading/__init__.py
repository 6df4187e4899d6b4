"""Reading a school's calendar from what it published: every line becomes entries, a question, or is named as not read."""

from __future__ import annotations

from eduprog.school.rules.reading.text import read_text
from eduprog.school.rules.reading.values import (
    CalendarEntry,
    CalendarReading,
    Choice,
    EntryKind,
    NotUnderstood,
    Question,
    from_json,
    to_json,
)

__all__ = [
    "CalendarEntry",
    "CalendarReading",
    "Choice",
    "EntryKind",
    "NotUnderstood",
    "Question",
    "from_json",
    "read_text",
    "to_json",
]
