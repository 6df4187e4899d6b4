"""One lesson as a presentation: a slide for each slide of teach mode, what to say and do in the notes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from eduprog.library.exports.copies import Copy
from eduprog.library.exports.markup import Node, Words
from eduprog.library.exports.slides import look
from eduprog.library.exports.slides.words import write, write_line
from eduprog.library.queries import Deck, HelpPart, Slide, SlideKind

SLIDES_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def lesson_slides(deck: Deck, copy: Copy) -> bytes:
    """Give a lesson's slides as a PPTX file, the same bytes each time for the same lesson and school."""
    words = copy.words
    made = look.blank()
    foot = copy.foot(f"{deck.module.id} lesson {deck.lesson.number}")
    for one in deck.slides:
        layout = {SlideKind.AIM: look.TITLE_LAYOUT, SlideKind.END: look.END_LAYOUT}.get(one.kind, look.WORDS_LAYOUT)
        slide = made.slides.add_slide(look.layout_of(made, layout))
        write_line(slide.shapes.title.text_frame, words.line(one.title))
        _fill(_body(slide), one, words)
        look.add_foot(slide, foot)
        slide.notes_slide.notes_text_frame.text = "\n".join(_notes(one, words))
    properties = made.core_properties
    properties.title = f"{deck.module.id} lesson {deck.lesson.number}: {words.plain(deck.lesson.title)}"
    properties.author = properties.last_modified_by = copy.school or "eduprog"
    properties.language, properties.subject = "en-GB", deck.name
    held = io.BytesIO()
    made.save(held)
    return _without_times(held.getvalue())


def _body(slide: Any) -> Any:
    """Give the frame of a slide that holds its words, named so that a screen reader says what it is."""
    shape = next(shape for shape in slide.placeholders if shape.placeholder_format.idx == 1)
    shape.name = "Words of the slide"
    shape._element.nvSpPr.cNvPr.set("descr", "The words of the slide")
    return shape.text_frame


def _fill(frame: Any, one: Slide, words: Words) -> None:
    points = look.POINTS[one.size]
    if one.caption:
        write_line(frame, words.line(one.caption), points, bold=True)
    write(frame, words.blocks(one.text), points)
    if one.ask:
        write_line(frame, words.line(one.ask), points, bold=True)
    for part in one.parts:
        _write_part(frame, part, words, points)


def _write_part(frame: Any, part: HelpPart, words: Words, points: float) -> None:
    write_line(frame, words.line(part.title), points, bold=True)
    write(frame, words.blocks(part.text), points)
    for name, ways in part.services:
        write_line(frame, words.line(f"**{name}** {', '.join(ways)}"), points)


def _notes(one: Slide, words: Words) -> Iterator[str]:
    if one.kind is not SlideKind.STEP or one.step is None:
        return
    step = one.step
    yield f"{step.minutes} minutes"
    for title, text in (
        ("Say", step.say), ("Do", step.do), ("Listen for", step.listen_for), ("If it goes quiet", step.if_quiet),
        ("Stretch", step.stretch), ("Support", step.support),
    ):  # fmt: skip
        if text:
            yield ""
            yield f"{title}:"
            yield from _lines(words.blocks(text))


def _lines(blocks: list[Node]) -> Iterator[str]:
    for block in blocks:
        if block["t"] == "p":
            yield "".join(run["s"] for run in block["runs"])
        elif block["t"] == "quote":
            yield from _lines(block["blocks"])
        else:
            for number, item in enumerate(block["items"], start=block.get("start", 1)):
                sign = f"{number}." if block["t"] == "ol" else "–"
                yield from (f"{sign} {line}" for line in _lines(item))


def _without_times(made: bytes) -> bytes:
    """Give the same archive with every file dated alike, so that nothing changes where nothing changed."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return held.getvalue()
