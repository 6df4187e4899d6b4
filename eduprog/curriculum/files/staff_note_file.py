"""Reading staff-note.md."""

from __future__ import annotations

from typing import Any

from eduprog.curriculum.files.validation import build
from eduprog.curriculum.schema import StaffNote
from eduprog.curriculum.text.document import Document, Section
from eduprog.curriculum.text.places import Places
from eduprog.curriculum.text.sections import bullets, by_heading, no_parts, put_items

_FIELDS = {
    "In one minute": "in_one_minute",
    "What may come up": "may_come_up",
    "Words to use": "words_to_use",
    "If a child tells you something": "if_told",
    "Never promise secrecy": "no_secrets",
    "Questions pupils may ask": "questions",
    "Before you teach": "before",
    "You need not know the app": "no_app_needed",
}
_LISTS = ("may_come_up", "before")


def read_staff_note(document: Document, places: Places) -> StaffNote | None:
    """Return what staff-note.md says, or None where its faults leave nothing to use."""
    titles = dict.fromkeys(_FIELDS, True)
    found = by_heading(document.sections, titles, places, inside="staff-note.md", line=document.body_line)
    body: dict[str, Any] = {}
    for title, section in found.items():
        field = _FIELDS[title]
        places.put((field,), section.text_line)
        if field == "questions":
            body[field] = _questions(section, places)
            continue
        no_parts(section, places)
        body[field] = put_items(bullets(section, places), (field,), places) if field in _LISTS else section.text
    return build(StaffNote, document, body, places, around="staff-note.md")


def _questions(section: Section, places: Places) -> list[dict[str, str]]:
    if section.text:
        places.fault(section.text_line, "Write each question as a ### heading with its answer below it.")
    questions: list[dict[str, str]] = []
    for part in section.parts:
        places.put(("questions", len(questions)), part.line)
        if not part.text:
            places.fault(part.line, "This question has no answer below it; write one.")
            continue
        questions.append({"question": part.title, "answer": part.text})
    return questions
