"""How hard a text is to read: the Flesch–Kincaid grade with syllables counted as groups of vowels."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_SENTENCE = re.compile(r"[^.!?…\n]+")
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_END = re.compile(r"(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyscxzgh])es$")
_PLACEHOLDER = re.compile(r"\{\{[^}]*\}\}")


def sentences(texts: Iterable[str]) -> list[str]:
    """Return the sentences of Markdown texts; a full stop, question or exclamation mark and the end of a line end one."""
    found: list[str] = []
    for text in texts:
        plain = _PLACEHOLDER.sub("name", text)
        joined = re.sub(r"(?<![.!?:])\n *(?=[a-z])", " ", plain)
        found.extend(part.strip() for part in _SENTENCE.findall(joined) if _WORD.search(part))
    return found


def grade(texts: Iterable[str]) -> float:
    """Return the Flesch–Kincaid grade of the texts together (5 is about age 10), rounded to a tenth; 0 for no words."""
    lines = sentences(texts)
    words = [word for line in lines for word in _WORD.findall(line)]
    if not words:
        return 0.0
    syllables = sum(_syllables(word) for word in words)
    return round(0.39 * len(words) / len(lines) + 11.8 * syllables / len(words) - 15.59, 1)


def hardest(texts: Iterable[str]) -> str:
    """Return the sentence of the texts that is hardest to read, empty if there is none."""
    return max(sentences(texts), key=lambda line: grade([line]), default="")


@lru_cache(maxsize=20_000)
def _syllables(word: str) -> int:
    plain = _SILENT_END.sub("", word.lower())
    return max(1, len(_VOWELS.findall(plain)))
