"""How large the words of a slide may be: as large as fit, and never smaller than a back row can read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TypeVar

_T = TypeVar("_T")


@dataclass(frozen=True)
class Size:
    """A size of words: how many letters go on a line of a slide, and how many lines under its heading."""

    name: str
    letters: int
    lines: float


# From large to small. The style sheet has a size of each name; a browser test holds every slide of every lesson to the board.
SIZES = (Size("large", 44, 6), Size("medium", 58, 8.5), Size("small", 76, 12))
_GAP = 0.5  # of a line, between two paragraphs


def size_for(text: str) -> Size:
    """Give the largest size at which a text fits on one slide; the smallest for one that fits at none."""
    return next((size for size in SIZES if lines_of(text, size) <= size.lines), SIZES[-1])


def lines_of(text: str, size: Size) -> float:
    """Give how many lines a Markdown text takes at a size, the gaps between its paragraphs counted too."""
    written = [line.strip(" >*") for line in text.splitlines() if line.strip(" >*")]
    return sum(ceil(len(line) / size.letters) + _GAP for line in written)


def packed(parts: Iterable[tuple[_T, str]]) -> list[Sequence[_T]]:
    """Put parts that come with their text onto as few slides as hold them, in their order; each slide has at least one."""
    slides: list[list[_T]] = []
    room = 0.0
    for part, text in parts:
        lines = lines_of(text, SIZES[-1])
        if not slides or lines > room:
            slides.append([])
            room = SIZES[-1].lines
        slides[-1].append(part)
        room -= lines
    return list(slides)
