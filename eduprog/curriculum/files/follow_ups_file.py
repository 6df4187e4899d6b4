"""Reading follow-ups.md."""

from __future__ import annotations

from typing import Any

from eduprog.curriculum.files.lesson_file import TIMED_HEADING
from eduprog.curriculum.files.validation import build
from eduprog.curriculum.schema import FollowUps
from eduprog.curriculum.text.document import Document, Section
from eduprog.curriculum.text.places import Places
from eduprog.curriculum.text.sections import by_heading, tags
from eduprog.curriculum.vocabulary import FollowUpPoint

_PARTS = {
    FollowUpPoint.R1: ("Say", "On the board", "Answers"),
    FollowUpPoint.R2: ("Offline", "Online", "Say", "On the board", "Answers"),
    FollowUpPoint.R3: ("Do", "Say", "On the board", "Step out", "Listen for"),
    FollowUpPoint.R4: ("Say", "On the board", "Answers", "If many are unsure"),
}
_FIELDS = {
    "Do": "do",
    "Say": "say",
    "On the board": "board",
    "Offline": "offline",
    "Online": "online",
    "Answers": "answers",
    "Step out": "step_out",
    "Listen for": "listen_for",
    "If many are unsure": "if_unsure",
}
_TAGS = ("method", "with", "skills", "messages")


def read_follow_ups(document: Document, places: Places) -> FollowUps | None:
    """Return what follow-ups.md says, or None where its faults leave nothing to use."""
    points: dict[str, Any] = {}
    titles = {f"{point.value}": point for point in FollowUpPoint}
    order: list[str] = []
    for section in document.sections:
        timed = TIMED_HEADING.fullmatch(section.title)
        if timed is None or timed.group(1) not in titles:
            places.fault(
                section.line, f'"{section.title}" is not a follow-up; the headings are `## R1 · 3 min` to `## R4 · 5 min`.'
            )
            continue
        name = timed.group(1)
        if name in order:
            places.fault(section.line, f"{name} stands twice; keep one.")
            continue
        order.append(name)
        points[name] = _content(titles[name], int(timed.group(2)), section, places)
    for name in titles:
        if name not in order:
            places.fault(document.body_line, f"The follow-up {name} is missing; add it.")
    if order != sorted(order):
        places.fault(document.body_line, "The follow-ups must stand in order, R1 to R4.")
    places.put(("points",), document.body_line)
    return build(FollowUps, document, {"points": points}, places, around="follow-ups.md")


def _content(point: FollowUpPoint, minutes: int, section: Section, places: Places) -> dict[str, Any]:
    path = ("points", point.value)
    places.put(path, section.line)
    content: dict[str, Any] = {"point": point.value, "minutes": minutes}
    for name, (line, text) in tags(section, _TAGS, places).items():
        field = {"with": "grouping"}.get(name, name)
        places.put((*path, field), line)
        content[field] = text.replace(",", " ").split() if name in ("skills", "messages") else text
    titles = dict.fromkeys(_PARTS[point], True)
    found = by_heading(section.parts, titles, places, inside=f"the follow-up {point.value}", line=section.line)
    for title, part in found.items():
        places.put((*path, _FIELDS[title]), part.text_line)
        content[_FIELDS[title]] = part.text
    return content
