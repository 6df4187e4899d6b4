"""What a module prints besides its lessons: follow-ups, help card and the slips of the two-minute check."""

from __future__ import annotations

from typing import Any

from eduprog.curriculum import catalogue
from eduprog.curriculum.schema import FollowUpContent, LessonModule
from eduprog.curriculum.vocabulary import FollowUpPoint
from eduprog.library import queries
from eduprog.library.exports.copies import Copy
from eduprog.library.exports.markup import Words
from eduprog.library.exports.typesetting import Document

NAMES = {
    FollowUpPoint.R1: "Starter",
    FollowUpPoint.R2: "New scenario",
    FollowUpPoint.R3: "Role-play refresh",
    FollowUpPoint.R4: "Baseline check",
}


def follow_up_sheet(module: LessonModule, copy: Copy) -> Document:
    """Give the four follow-ups of a module with their words, for the teacher's desk."""
    words = copy.words
    windows = catalogue.current().programme.windows_for(module.id)
    data = {
        "foot": copy.foot(f"{module.id} follow-ups"),
        "caption": f"{module.id} {words.plain(module.title)} · {module.stage.label}",
        "points": [
            {**_follow_up(content, words), "due": _due(point, *windows[point])} for point, content in module.follow_ups.items()
        ],
    }
    return Document("follow-ups.typ", f"{module.id}-follow-ups.pdf", f"{module.id} follow-ups", data)


def help_card(module: LessonModule, copy: Copy) -> Document:
    """Give a module's help card with this school's people: for the wall and to cut out; a QR code leads to their help page."""
    parts = queries.help_parts(module, copy.today, copy.words.fill)
    data = {
        "foot": copy.foot(f"{module.id} help card"),
        "wall": True,
        "pocket": True,
        "doors": [],
        "parts": [
            {
                "title": part.title,
                "blocks": copy.words.blocks(part.text),
                "services": [{"name": name, "ways": list(ways)} for name, ways in part.services],
            }
            for part in parts
        ],
        **copy.help_code(module.stage),
    }
    return Document("help-card.typ", f"{module.id}-help-card.pdf", "Someone to talk to", data)


def check_slips(module: LessonModule, copy: Copy) -> Document:
    """Give the two-minute check: slips for before and after the lessons, and a page to count them. Nothing names a pupil."""
    words = copy.words
    items = [
        {"ask": words.line(item.ask), "options": words.lines(item.options), "answer": item.answer} for item in module.check_pair
    ]
    data = {"foot": copy.foot(f"{module.id} two-minute check"), "code": module.id, "items": items}
    return Document("check-slips.typ", f"{module.id}-two-minute-check.pdf", f"{module.id} two-minute check", data)


def _follow_up(content: FollowUpContent, words: Words) -> dict[str, Any]:
    vocabulary = catalogue.current().vocabulary
    twins = (("In person", content.offline), ("Online", content.online))
    sides = (
        ("Do", content.do),
        ("Answers", content.answers),
        ("Step out", content.step_out),
        ("Listen for", content.listen_for),
        ("If many are unsure", content.if_unsure),
    )
    return {
        "point": content.point.value,
        "name": NAMES[content.point],
        "minutes": content.minutes,
        "how": f"{vocabulary.methods[content.method].label}, {vocabulary.groupings[content.grouping].label.lower()}",
        "twins": _titled(twins, words),
        "say": words.blocks(content.say),
        "board": words.blocks(content.board),
        "sides": _titled(sides, words),
    }


def _titled(parts: tuple[tuple[str, str], ...], words: Words) -> list[dict[str, Any]]:
    return [{"title": title, "blocks": words.blocks(text)} for title, text in parts if text]


def _due(point: FollowUpPoint, first: int, last: int) -> str:
    if point is FollowUpPoint.R4:
        return f"In the first {last - first + 1} days of the next school year."
    return f"{first} to {last} days after the last lesson."
