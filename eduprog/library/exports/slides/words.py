"""Words into the frames of slides: paragraphs, lists, emphasis, in British English."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from eduprog.library.exports.markup import Node, Run

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_INDENT = 400000


def write(frame: Any, blocks: Iterable[Node], points: float, *, bold: bool = False) -> None:
    """Add blocks of text to a frame, after what it holds."""
    for block in blocks:
        _write_block(frame, block, points, bold=bold)


def write_line(frame: Any, runs: Iterable[Run], points: float | None = None, *, bold: bool = False) -> Any:
    """Add one paragraph to a frame and give it back. Without points it is as large as its layout says."""
    first = frame.paragraphs[0]
    paragraph = first if len(frame.paragraphs) == 1 and not first.runs else frame.add_paragraph()
    for run in runs:
        if run["s"] == "\n":
            paragraph.add_line_break()
            continue
        made = paragraph.add_run()
        made.text = run["s"]
        made.font.size = None if points is None else int(points * 12700)
        made.font.bold = True if run["b"] or bold else None
        made.font.italic = True if run["i"] else None
        made._r.get_or_add_rPr().set("lang", "en-GB")
    if points is not None:
        paragraph.space_after = int(points * 0.4 * 12700)
    return paragraph


def _write_block(frame: Any, block: Node, points: float, *, bold: bool) -> Any:
    """Add a block and give back the first paragraph of it."""
    if block["t"] == "p":
        return write_line(frame, block["runs"], points, bold=bold)
    if block["t"] == "quote":
        said = [_write_block(frame, inner, points, bold=bold) for inner in block["blocks"]]
        return said[0]
    made = []
    for number, item in enumerate(block["items"], start=block.get("start", 1)):
        made += [_write_block(frame, inner, points, bold=bold) for inner in item][:1]
        _mark(made[-1], block, number)
    return made[0]


def _mark(paragraph: Any, block: Node, number: int) -> None:
    """Make a paragraph an item of a list."""
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", str(_INDENT))
    properties.set("indent", str(-_INDENT))
    if block["t"] == "ol":
        sign = properties.makeelement(f"{_A}buAutoNum", {"type": "arabicPeriod", "startAt": str(number)})
    else:
        sign = properties.makeelement(f"{_A}buChar", {"char": "•"})
    properties.append(sign)
