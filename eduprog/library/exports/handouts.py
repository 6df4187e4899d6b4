"""Handouts as data to print, whether of a lesson or of an act."""

from __future__ import annotations

import re
from typing import Any

from eduprog.curriculum.schema import Cards, Handout, Poster, Sheet, Sort
from eduprog.curriculum.schema.acts import ActHandout, Checklist, Letter
from eduprog.curriculum.vocabulary import Stage
from eduprog.library.exports.markup import Words

DRAWN_IN = {Stage.EY, Stage.K1}  # sheets of the youngest have frames to draw in, all others lines to write on ...
_DRAW = re.compile(r"\b(?:draw|sketch|colour in)\b", re.IGNORECASE)  # ... but for prompts that ask for a picture


def handout(one: Handout | ActHandout, words: Words, *, stage: Stage | None) -> dict[str, Any]:
    """Give a handout as data: kind, title, use and what its kind holds. `stage` is that of the pupils, None for adults."""
    data = {"kind": one.kind, "title": words.line(one.title), "use": words.line(one.use)}
    return {**data, **_held(one, words, young=stage in DRAWN_IN)}


def _held(one: Handout | ActHandout, words: Words, *, young: bool) -> dict[str, Any]:
    if isinstance(one, Sort):
        items = [{"text": words.line(item.text), "column": item.column} for item in one.items]
        return {"columns": words.lines(one.columns), "items": items}
    if isinstance(one, Cards | Checklist):
        return {"items": words.lines(one.items)}
    if isinstance(one, Sheet):
        return {"prompts": [{"words": words.line(text), "draw": young or bool(_DRAW.search(text))} for text in one.prompts]}
    if isinstance(one, Poster):
        return {"lines": words.lines(one.lines)}
    if isinstance(one, Letter):
        return {"paragraphs": words.lines(one.paragraphs)}
    asked = [(item, young or bool(_DRAW.search(item.ask))) for item in one.questions]
    return {
        "questions": [{"ask": words.line(item.ask), "options": words.lines(item.options), "draw": draw} for item, draw in asked]
    }
