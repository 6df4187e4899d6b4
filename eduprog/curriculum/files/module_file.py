"""Reading module.md."""

from __future__ import annotations

import re
from typing import Any

from eduprog.curriculum.files.validation import build
from eduprog.curriculum.schema import ModuleHead
from eduprog.curriculum.text.document import Document, Section
from eduprog.curriculum.text.places import Places
from eduprog.curriculum.text.sections import bullets, by_heading, no_parts, put_items, sources

_TEXTS = {"Why this, why now": "why_now", "Whole-school hook": "whole_school_hook"}
_LISTS = {
    "What pupils learn": "learn",
    "Ground rules": "ground_rules",
    "Adapting for SEND": "send",
    "Adapting for EAL": "eal",
    "Deliberately not taught": "not_taught",
}
HEADINGS = {
    "Why this, why now": True,
    "What pupils learn": True,
    "Words to teach": True,
    "Ground rules": True,
    "Adapting for SEND": True,
    "Adapting for EAL": True,
    "Help card": True,
    "Whole-school hook": True,
    "Deliberately not taught": True,
}
_CARD_PARTS = {
    "People in school": True,
    "Someone to ring or write to": True,
    "What happens next": True,
    "Not your fault": True,
    "Worried about something I did": False,
}
_WORD = re.compile(r"\*\*(.+?)\*\*: *(.+)")


def read_module(document: Document, places: Places) -> ModuleHead | None:
    """Return what module.md says, or None where its faults leave nothing to use."""
    found = by_heading(document.sections, HEADINGS, places, inside="module.md", line=document.body_line)
    body: dict[str, Any] = {}
    for title, section in found.items():
        if title == "Help card":
            body["help_card"] = _help_card(section, places)
            continue
        no_parts(section, places)
        if title in _TEXTS:
            places.put((_TEXTS[title],), section.text_line)
            body[_TEXTS[title]] = section.text
        elif title in _LISTS:
            places.put((_LISTS[title],), section.line)
            body[_LISTS[title]] = put_items(bullets(section, places), (_LISTS[title],), places)
        else:
            body["words"] = _words(section, places)
    return build(ModuleHead, document, body, places, around="module.md")


def _words(section: Section, places: Places) -> list[dict[str, str]]:
    places.put(("words",), section.line)
    words: list[dict[str, str]] = []
    for line, text in bullets(section, places):
        word = _WORD.fullmatch(text)
        if word is None:
            places.fault(line, "A word to teach is written as `- **word**: meaning`.")
            continue
        places.put(("words", len(words)), line)
        words.append({"word": word.group(1), "meaning": word.group(2)})
    return words


def _help_card(section: Section, places: Places) -> dict[str, Any]:
    places.put(("help_card",), section.line)
    if section.text:
        places.fault(section.text_line, "Text stands directly below the help card heading; move it below a ### heading.")
    parts = by_heading(section.parts, _CARD_PARTS, places, inside="the help card", line=section.line)
    card: dict[str, Any] = {}
    for title, field in (
        ("People in school", "people"),
        ("What happens next", "what_happens_next"),
        ("Not your fault", "not_your_fault"),
        ("Worried about something I did", "worried_about_something_i_did"),
    ):
        if title in parts:
            places.put(("help_card", field), parts[title].text_line)
            card[field] = parts[title].text
    if "Someone to ring or write to" in parts:
        part = parts["Someone to ring or write to"]
        named, note = sources(part)
        places.put(("help_card", "sources"), part.line)
        card["sources"] = put_items(named, ("help_card", "sources"), places)
        card["source_note"] = note
    return card
