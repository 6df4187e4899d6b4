"""How hard a text is to read: the Flesch–Kincaid grade with syllables counted as groups of vowels."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_SENTENCE = re.compile(r"[^.!?…\n]+")
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_END = re.compile(r"(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyscxzgh])es$")
_LETTER = re.compile(r"[A-Za-z]")
_CONTINUED = re.compile(r"(?<![.!?:\n])\n *(?=[a-z])")
_PLACEHOLDER = re.compile(r"\{\{[^}]*\}\}")


def sentences(texts: Iterable[str]) -> list[str]:
    """Return the sentences of Markdown texts; a full stop, question or exclamation mark and the end of a line end one."""
    plain = _PLACEHOLDER.sub("name", "\n\n".join(texts))
    joined = _CONTINUED.sub(" ", plain)
    return [part.strip() for part in _SENTENCE.findall(joined) if _LETTER.search(part)]


def grade(texts: Iterable[str]) -> float:
    """Return the Flesch–Kincaid grade of the texts together (5 is about age 10), rounded to a tenth; 0 for no words."""
    lines = sentences(texts)
    words = _WORD.findall("\n".join(lines))
    if not words:
        return 0.0
    syllables = sum(map(_syllables, words))
    return round(0.39 * len(words) / len(lines) + 11.8 * syllables / len(words) - 15.59, 1)


def hardest(texts: Iterable[str]) -> str:
    """Return the sentence of the texts that is hardest to read, empty if there is none."""
    return max(sentences(texts), key=lambda line: grade([line]), default="")


@lru_cache(maxsize=20_000)
def _syllables(word: str) -> int:
    plain = _SILENT_END.sub("", word.lower())
    return max(1, len(_VOWELS.findall(plain)))
