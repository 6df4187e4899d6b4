"""Reading lesson-N.md."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from eduprog.curriculum.files.validation import build
from eduprog.curriculum.schema import Lesson
from eduprog.curriculum.text.document import Document, Section
from eduprog.curriculum.text.places import Places
from eduprog.curriculum.text.sections import Line, by_heading, tags

TIMED_HEADING = re.compile(r"(.+?) · ([0-9]{1,3}) min")
STEP_TAGS = ("method", "with", "skills", "clauses", "scenario", "handout", "purpose")
_LISTS = ("skills", "clauses")
_FIELDS = {"with": "grouping"}
_PARTS = {
    "Do": "do",
    "Say": "say",
    "On the board": "board",
    "Listen for": "listen_for",
    "If it goes quiet": "if_quiet",
    "Stretch": "stretch",
    "Support": "support",
}
_REQUIRED_PARTS = ("Do", "Say")

# What stands in for a required part whose absence is already noted, so that the other checks go on.
_STAND_INS = {"method": "discussion", "grouping": "whole class", "do": "…", "say": "…"}

# Takes a statement or clause id apart into clause ids; returns none for an unknown id.
TakeApart = Callable[[str], tuple[str, ...]]


def read_lesson(document: Document, places: Places, take_apart: TakeApart) -> Lesson | None:
    """Return what a lesson file says, or None where its faults leave nothing to use."""
    if not document.sections:
        places.fault(document.body_line, "The lesson has no steps; write them as `## Title · 5 min`.")
    steps = [_step(number, section, places, take_apart) for number, section in enumerate(document.sections, start=1)]
    return build(Lesson, document, {"steps": steps}, places, around="the lesson")


def _step(number: int, section: Section, places: Places, take_apart: TakeApart) -> dict[str, Any]:
    path = ("steps", number - 1)
    places.put(path, section.line)
    timed = TIMED_HEADING.fullmatch(section.title)
    if timed is None:
        places.fault(section.line, f'The step "{section.title}" has no time; write it as `## {section.title} · 5 min`.')
    step: dict[str, Any] = {
        "number": number,
        "title": timed.group(1) if timed else section.title,
        "minutes": int(timed.group(2)) if timed else 1,
    }
    for name, (line, text) in tags(section, STEP_TAGS, places).items():
        field = _FIELDS.get(name, name)
        places.put((*path, field), line)
        step[field] = _tag_value(field, (line, text), places, take_apart)
    _require_tags(step, section, places)
    titles = {title: title in _REQUIRED_PARTS for title in _PARTS}
    found = by_heading(section.parts, titles, places, inside="this step", line=section.line, in_order=False)
    for title, part in found.items():
        places.put((*path, _PARTS[title]), part.text_line)
        step[_PARTS[title]] = part.text
    return {**_STAND_INS, **step}


def _require_tags(step: dict[str, Any], section: Section, places: Places) -> None:
    if "method" not in step:
        places.fault(section.line, "The step says no method; add `- method: …` below its heading.")
    if "grouping" not in step:
        places.fault(section.line, "The step does not say who works together; add `- with: whole class` or the like.")


def _tag_value(field: str, line: Line, places: Places, take_apart: TakeApart) -> Any:
    number, text = line
    if field not in _LISTS:
        return text
    words = text.replace(",", " ").split()
    if field == "skills":
        return words
    clauses: list[str] = []
    for word in words:
        parts = take_apart(word)
        if not parts:
            places.fault(number, f'"{word}" is no statement or clause of the framework; check its id.')
        clauses.extend(part for part in parts if part not in clauses)
    return clauses
