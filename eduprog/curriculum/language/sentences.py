"""From a text to sentences: same length throughout, so that places in the one are places in the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("‘’‚`´", "'"),
        **dict.fromkeys("‐‑‒–—―", "-"),
        **dict.fromkeys("*_~\t\u00a0\u2009\u202f\r", " "),
        "ï": "i",
        "é": "e",
    }
)
_CAPITAL = re.compile(r"[A-Z][A-Za-z]*")
_OPENER = re.compile(r"(?:^|[.!?:\"'(\n]|- )\W*$")
_LINE_START = re.compile(r"\A[ >]*(?:#{1,6} |[-+•] |\d{1,2}[.)] )?[ >]*")
_HEADING = re.compile(r"[ ]*#{1,6} ")
_NEW_BLOCK = re.compile(r"[ >]*(?:#{1,6} |[-+•] |\d{1,2}[.)] )|[ >]*$")
_END = re.compile(
    r"(?<![A-Z])(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bMrs)(?<!\be\.g)(?<!\bi\.e)[.!?]+[\"')\]]*(?=\s+[\"'(\[]?[A-Z0-9{])"
)
_IN_S = """
    agnes alexis amos angus chris dennis elias ellis francis idris ines jess james jonas julius kris lewis lois lucas luis marcus
    moses nicholas paris phyllis rhys ross silas tess thomas tobias yunus
"""
_NAMES_IN_S = frozenset(_IN_S.split())
_NAME_LIKE_NOT = re.compile(r".*(?:ing|ly|tion|ment|ness|ed|ful|ous|able)$")
# A capital at the beginning of a sentence is taken for a name only where a verb or a possessive follows.
_VERB_NEXT = re.compile(
    r"'s | (?:is|was|has|had|does|did|should|could|would|might|must|may|can|cannot|will|ought|made|sent|went|let|put|gave|met"
    r"|took|told|got|knew|fell|led|brought|shared|posted|chose|failed|agreed|accepted|trusted|never|only|also|really|and [A-Z]"
    r"|\w+ed (?:her|him|his|their|the|a|an|it|to|on|them)\b)"
)
_LONGEST = 1000
_AFTER_THE = re.compile(r"\b(?:[Tt]he|[Aa]n?) $")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence in plain lower case (names keep their capital), its place, and the block (paragraph, bullet) it stands in."""

    text: str
    start: int
    block: int
    heading: bool
    before: str = ""  # the sentence before it in the same block


def plain(text: str) -> str:
    """Return the text, character for character, with straight quotation marks and hyphens and without emphasis marks."""
    return text.translate(_PLAIN)


def sentences(plain_text: str, names_not: frozenset[str]) -> Iterator[Sentence]:
    """Yield the sentences of a plain text in order; headings and bullets end a sentence."""
    for number, (start, block) in enumerate(_blocks(plain_text)):
        heading = _HEADING.match(block) is not None
        at, before = 0, ""
        for end in _ends(block):
            piece = block[at:end]
            if piece.strip():
                text = _lowered(piece, names_not)
                yield Sentence(text, start + at, number, heading, before)
                before = text
            at = end


def _ends(block: str) -> Iterator[int]:
    """Yield where sentences end; what goes on for longer than any sentence is cut at a space."""
    at = 0
    for end in [*(found.end() for found in _END.finditer(block)), len(block)]:
        while end - at > _LONGEST:
            at = max(block.rfind(" ", at, at + _LONGEST), at + _LONGEST // 2)
            yield at
        yield end
        at = end


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Yield each paragraph, heading and bullet with its place; lines wrapped within one are kept together."""
    if "\n" not in text:
        yield 0, text
        return
    at = block_start = 0
    for line in text.splitlines(keepends=True):
        if _NEW_BLOCK.match(line) and at > block_start:
            yield block_start, text[block_start:at].replace("\n", " ")
            block_start = at
        at += len(line)
        if _HEADING.match(line):
            yield block_start, text[block_start:at].replace("\n", " ")
            block_start = at
    if at > block_start:
        yield block_start, text[block_start:at].replace("\n", " ")


def _lowered(piece: str, names_not: frozenset[str]) -> str:
    """Lower-case all but people's names, so that a capital means a name."""

    def lower(found: re.Match[str]) -> str:
        word = found.group()
        opening = found.start() == first or _OPENER.search(piece, max(0, found.start() - 6), found.start()) is not None
        if opening and not _VERB_NEXT.match(piece, found.end()):
            return word.lower()
        named = is_name(word, opening, names_not) and not _AFTER_THE.search(piece, max(0, found.start() - 5), found.start())
        return word if named else word.lower()

    marker = _LINE_START.match(piece)
    first = marker.end() if marker else 0
    return _CAPITAL.sub(lower, piece)


@lru_cache(maxsize=8192)
def is_name(word: str, opening: bool, names_not: frozenset[str]) -> bool:
    """Tell whether a capitalised word is someone's name; `opening` words are capitalised anyway, so more is asked of them."""
    low = word.lower()
    if len(word) < 2 or not word[1:].islower() or low in names_not:
        return False
    if not opening:
        return True
    return not _NAME_LIKE_NOT.match(low) and (not low.endswith("s") or low in _NAMES_IN_S)
