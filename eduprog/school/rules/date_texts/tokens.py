"""Pasted text, cut into the pieces dates are made of. Numbers that only count or name something are told apart first."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto

from eduprog.school.rules.date_texts.words import MONTHS

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
BEFORE_MONTH = rf"\s*(?:of\s+)?[-/.]?\s*(?:{_MONTH})\b"
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−⁃﹘﹣－~→"), "-")
_HIDDEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad*•·●▪◦"), " ")
_QUOTES = dict.fromkeys(map(ord, "‘’ʼ`´"), "'")
# A number that names a thing is lifted out of the way, and put back when the words around it are read.
_LIFTED = 0xE000


class TokenKind(Enum):
    """What a piece of text is."""

    ISO = auto()
    NUMERIC = auto()
    NUMBER = auto()
    YEAR = auto()
    ACADEMIC_YEAR = auto()
    LONG_NUMBER = auto()
    WORD = auto()
    MARK = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a line and where it stands in it."""

    kind: TokenKind
    text: str
    start: int
    end: int


_TOKEN = re.compile(
    rf"""(?P<ISO>(?<!\d)(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{4}}/\d{{2}}/\d{{2}})(?!\d))
    |(?P<NUMERIC>(?<!\d)\d{{1,2}}(?:\s?/\s?\d{{1,2}}\s?/\s?\d{{2,6}}|\.\d{{1,2}}\.\d{{2,6}}|-\d{{1,2}}-\d{{2,6}})(?!\d)
      |(?<![\d/])\d{{1,2}}/\d{{1,2}}(?![\d/])(?!{BEFORE_MONTH}))
    |(?P<ACADEMIC_YEAR>(?<!\d)20\d\d\s?(?:-|/|to|and)\s?(?:20)?\d\d(?!\d)(?!\s*(?:st|nd|rd|th)\b)(?!{BEFORE_MONTH}))
    |(?P<LONG_NUMBER>\d{{5,}}|(?<!\d)\d{{3}}(?!\d))
    |(?P<YEAR>\d{{4}})
    |(?P<NUMBER>\d{{1,2}}(?:\s?(?:st|nd|rd|th)(?![a-z]))?)
    |(?P<WORD>[^\W\d_]+(?:'[^\W\d_]+)*\.?)
    |(?P<MARK>\S|\t)""",
    re.VERBOSE | re.IGNORECASE,
)
_TIMES = re.compile(
    r"(?<![\d./-])(?:at\s+|@\s*)?\d{1,2}(?:[:.]\d{2})?\s*(?:am|pm|a\.m\.?|p\.m\.?|noon|midday)(?![a-z])"
    r"|(?<![\d./-])(?:at\s+|@\s*)?\d{1,2}:\d{2}(?!\d)|\bat\s+\d{1,2}\.\d{2}(?![\d.])",
    re.IGNORECASE,
)
_COUNTS = re.compile(
    r"(?<![\d/.-])\d{1,3}(?:\.\d+)?\s+(?:(?:school|teaching|working|pupil|week)\s+)?(?:days?|hours?|hrs?|minutes?|mins?|sessions?|weeks?)\b"
    r"(?!\s+(?:commencing|beginning))",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b((?:years?|yrs?|key\s+stages?|half[\s-]*terms?|terms?|autumn|spring|summer|weeks?|inset(?:\s+days?)?|days?|groups?|part|block"
    r"|phase|number|no\.?|y|ks|ht)\s*)"
    r"(\d{1,2}(?:\.\d)?(?:(?:\s*(?:,|-|&|and|to)\s*)(?:y(?:ea)?r?s?\s*)?\d{1,2}(?!\d))*)(?!\d)",
    re.IGNORECASE,
)
_IS_A_DATE = re.compile(
    rf"\s?(?:st|nd|rd|th)\b|\s?[/.-]\s?\d|(?:\s*(?:[-,&]|and|to)\s*(?:[a-z]+\s+)?\d{{1,2}}(?:st|nd|rd|th)?)*{BEFORE_MONTH}",
    re.IGNORECASE,
)
_HIGHEST = {"t": 6, "h": 6, "a": 2, "s": 2, "w": 53, "y": 14, "k": 5}
_BLOCK_THEN_RANGE = re.compile(
    r"\b((?:half[\s-]*terms?|terms?|autumn|spring|summer|inset(?:\s+days?)?|ht)\s*)([1-6])(?=\s*[-:]\s*(?:[a-z]+\s+)?\d{1,2}.*(?:-|to|until)\s*\w)",
    re.IGNORECASE,
)


def tidy(text: str) -> str:
    """Give the text with one kind of dash, quote and blank, without times of day and without numbers that only count."""
    text = unicodedata.normalize("NFKC", html.unescape(text)).translate(_DASHES | _HIDDEN | _QUOTES)
    text = _COUNTS.sub(" ", _TIMES.sub(" ", text))
    text = _BLOCK_THEN_RANGE.sub(lambda found: found[1] + _lift(found[2]), text)
    return _NAMED.sub(_lift_if_a_name, text)


def _lift_if_a_name(found: re.Match[str]) -> str:
    highest = _HIGHEST.get(found[1][0].lower(), 12)
    if _IS_A_DATE.match(found.string, found.end()) or any(int(number) > highest for number in re.findall(r"\d+", found[2])):
        return found[0]
    return found[1] + _lift(found[2])


def _lift(digits: str) -> str:
    return "".join(chr(_LIFTED + int(sign)) if sign.isdigit() and sign.isascii() else sign for sign in digits)


def put_back(text: str) -> str:
    """Give the words with the numbers that `tidy` lifted out back in their place."""
    return "".join(str(ord(sign) - _LIFTED) if _LIFTED <= ord(sign) <= _LIFTED + 9 else sign for sign in text)


def tokens_of(tidied: str) -> list[Token]:
    """Cut a tidied line into tokens; blanks other than tabs fall away."""
    found = []
    for match in _TOKEN.finditer(tidied):
        assert match.lastgroup is not None
        found.append(Token(TokenKind[match.lastgroup], match[0], match.start(), match.end()))
    return found
