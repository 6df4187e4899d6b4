"""Sentences of a line: each says what it says of its own dates only. Days that are named without their date are found too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from eduprog.school.rules.date_texts import dates_in
from eduprog.school.rules.date_texts.tokens import tidy
from eduprog.school.rules.date_texts.words import MONTHS, WEEKDAYS, month_of
from eduprog.school.rules.reading.headings import Heading, heading_of
from eduprog.school.rules.reading.labels import caution_of, meaning_of

_END = re.compile(r"(?P<word>[^\W_]+|[)\]”\"'])(?P<mark>[.!?])\s+(?=[\"'(“‘]?[A-Z])")
_SHORT_FORMS = frozenset(
    {"st", "no", "yr", "yrs", "incl", "inc", "approx", "est", "hr", "hrs", "mr", "mrs", "ms", "dr", "vs", "wc", "wb", "ht", "etc"}
    | {name for name in WEEKDAYS if len(name) < 6}
)
_WEEKDAY = "|".join(sorted((name for name in WEEKDAYS if name.isascii()), key=len, reverse=True))
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_ORDER = r"first|second|third|fourth|fifth|last|final|penultimate|following|next|previous|preceding|same|1st|2nd|3rd|4th"
_WITHOUT_DATE = re.compile(
    rf"\b(?:{_ORDER})\s+(?:school\s+|working\s+|full\s+)?(?:{_WEEKDAY})s?\b(?:\s+(?:of|in)\s+(?:the\s+)?\w+)?"
    rf"|\b(?:{_ORDER})\s+(?:full\s+)?(?:weeks?|weekend)\s+(?:of|in)\s+(?:the\s+)?(?:{_MONTH}|year|half|summer|spring|autumn)\b"
    rf"|\b(?:{_WEEKDAY})s?\s+(?:immediately\s+|straight\s+)?(?:before|after|following|preceding)\b(?:\s+\w+){{0,2}}"
    rf"|\b(?:returns?|back|re-?opens?|starts?|begins?|resumes?|closes?|finish(?:es)?)\s+(?:to\s+school\s+|for\s+pupils\s+)?(?:on\s+)?(?:the\s+)?"
    rf"(?:{_WEEKDAY})\b(?!\.?,?\s*(?:-\s*)?(?:the\s+)?(?:\d|{_MONTH}))"
    r"|\b(?:mon|tues|wednes|thurs|fri)days\b"
    r"|\b(?:following|next|previous|preceding)\s+(?:school\s+|working\s+|two\s+|three\s+)?(?:days?|weeks?)\b"
    r"|\b(?:a|one|two|three)\s+(?:days?|weeks?|fortnights?)\s+(?:before|after|later|earlier|afterwards)\b"
    r"|\bthe\s+days?\s+(?:before|after)\b|\b(?:tomorrow|today|yesterday)\b"
    rf"|\b(?:every|each|alternate)\s+(?:other\s+)?(?:{_WEEKDAY})s?\b"
    rf"|\b(?:early|mid|late)[\s-]+(?:in\s+)?(?:{_MONTH})\b(?!\s*\d)|\b(?:beginning|middle|end)\s+of\s+(?:{_MONTH})\b(?!\s*\d)",
    re.IGNORECASE,
)
_LEADS_TO_ITS_DATE = re.compile(r"(?!.*[.;])(?!.*\b(?:and|to|until|till|or|then|plus|with)\b).*", re.IGNORECASE | re.DOTALL)


@dataclass
class _Piece:
    """Sentences that belong together; `told` says that its dates have their meaning, `mixed` that a
    sentence without a date gave it or stands among them.
    """

    text: str
    dated: bool
    told: bool
    mixed: bool = False


def sentences_of(line: str, says: Callable[[str], bool]) -> list[str]:
    """Cut a line into what may be read alone. `says` tells words that mean anything from those that only join.

    A sentence without a date goes its own way where it would lend its meaning to the date of another that has its own.
    """
    sentences = _cut(line)
    if len(sentences) == 1 or not dates_in(line):
        return [line]
    pieces: list[_Piece] = []
    for text in sentences:
        phrases = dates_in(text)
        told = any(says(phrase.before) for phrase in phrases) or bool(phrases and says(phrases[-1].after))
        _put(pieces, _Piece(text, bool(phrases), told))
    return [piece.text for piece in pieces]


def _put(pieces: list[_Piece], new: _Piece) -> None:
    before = pieces[-1] if pieces else None
    if before is None or _stand_apart(before, new):
        pieces.append(new)
        return
    before.text = f"{before.text} {new.text}"
    before.mixed = before.mixed or before.dated != new.dated
    before.told = before.told or new.told or before.mixed
    before.dated = before.dated or new.dated


def _stand_apart(before: _Piece, new: _Piece) -> bool:
    if not before.dated and new.dated:
        return new.told and _means(before.text)
    if before.dated and not new.dated:
        return before.told and _means(new.text)
    return before.dated and new.dated and before.mixed and new.told


def _means(text: str) -> bool:
    """Tell whether words say something about open and shut days, and nothing that concerns the dates around them."""
    if caution_of(text) or heading_of(text) != Heading():
        return False
    return bool(meaning_of(text).alternatives or day_without_date(text))


def _cut(line: str) -> list[str]:
    found, begin = [], 0
    for end in _END.finditer(line):
        word = end["word"].lower()
        if end["mark"] == "." and ((len(word) == 1 and word.isalpha()) or word in _SHORT_FORMS or _is_month_first(line, end)):
            continue
        found.append(line[begin : end.end()].strip())
        begin = end.end()
    return [*found, line[begin:].strip()]


def _is_month_first(line: str, end: re.Match[str]) -> bool:
    """Tell whether the word is a month cut short (“Sept. 2”) that no day stands before."""
    word = end["word"].lower()
    short = month_of(word) is not None and len(word) < 5 and word not in ("may", "june", "july")
    return short and not re.search(r"\d(?:st|nd|rd|th)?\s+(?:of\s+)?$", line[: end.start()], re.IGNORECASE)


def day_without_date(line: str) -> str:
    """Give the words that name a day by its place (“the last Friday in October”) and not by a date beside them; else nothing."""
    return next(_places_named(line), "")


def _places_named(line: str) -> Iterator[str]:
    text = tidy(re.sub(r"\([^()]*\)", lambda inner: " " * len(inner[0]), line))
    starts = [phrase.first.start for phrase in dates_in(text)]
    for found in _WITHOUT_DATE.finditer(text):
        following = [start for start in starts if start >= found.end()]
        beside = following and following[0] - found.end() <= 40 and _LEADS_TO_ITS_DATE.fullmatch(text[found.end() : following[0]])
        inside = any(found.start() <= start < found.end() for start in starts)
        if not beside and not inside:
            yield " ".join(found[0].split())
