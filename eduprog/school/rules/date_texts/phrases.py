"""Dates as they stand in a line: days, ranges and lists, with the words before and after each."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum, auto

from eduprog.school.rules.date_texts.atoms import DateAtom, atoms_in
from eduprog.school.rules.date_texts.tokens import put_back, tidy, tokens_of
from eduprog.school.rules.date_texts.words import WEEKDAY_NAMES


class Joint(Enum):
    """What stands between a date and the one before it."""

    FIRST = auto()
    RANGE = auto()
    LIST = auto()
    COLUMN = auto()
    WORDS = auto()


@dataclass(frozen=True, slots=True)
class DatePhrase:
    """A day (`last` is None) or a range in a line, with the words that belong to it and how it follows the one before."""

    first: DateAtom
    last: DateAtom | None
    before: str
    after: str
    joint: Joint
    week: int = 0
    """How many weeks begin here (“week commencing”); 0 where a day is meant."""
    open_end: str = ""
    """Why the words say that more days are meant than this one; empty where they do not."""


@dataclass(frozen=True, slots=True)
class _Linked:
    atom: DateAtom
    joint: Joint
    between: str


_RANGE_WORDS = {
    "-",
    "to",
    "until",
    "till",
    "til",
    "through",
    "thru",
    "and ending",
    "up to",
    "- to",
    "ending",
    "i",
    "to -",
    "hyd at",
}
_LIST_WORDS = {",", "and", "&", "+", ";", "/", ", and", "; and", "a", "plus", ", &", "or"}
_FILLERS = re.compile(r"\b(?:the|on|of|from|inclusive|both days|noon|midday|dydd|ddydd)\b|[()\[\]:.'\"]", re.IGNORECASE)
_WEEKS = re.compile(
    r"(?:(\d|two|three|one)\s+)?(?:w[/.]?\s?[cb]\b\.?|weeks?\s+(?:commencing|beginning|starting|of)|week\s+of)[\s:]*(?:the\s+|on\s+)?$",
    re.IGNORECASE,
)
_INTERVAL = re.compile(r"\b(\d{4}-\d{2}-\d{2})/(?=\d{4}-\d{2}-\d{2}\b)")
_FEAST = re.compile(r"\b(?:good|easter)\s+$", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:until|till?|up\s+to)\s+(?:the\s+)?$", re.IGNORECASE)
_DANGLING = re.compile(r"^\s*(?:-|to|until|till)\s*$", re.IGNORECASE)
_LASTS = re.compile(
    r"\bfor\s+(?:a|one|two|three|four|five|six|ten|\d{1,2})\s+(?:(?:school|working)\s+)?(?:days|weeks?|fortnight)\b"
    r"|\b(?:two|three|[23])\s+weeks?\s+(?:from|after)\b",
    re.IGNORECASE,
)
_WEEK_COUNTS = {"two": 2, "three": 3, "one": 1}


def dates_in(line: str) -> list[DatePhrase]:
    """Find the dates of one line, in order, each with its words. Numbers that are no dates are left to the words."""
    text = tidy(_INTERVAL.sub(r"\1 to ", line))
    linked = _link(text, atoms_in(text, tokens_of(text)))
    phrases = _with_words(text, _ranges(linked))
    lasts = len(phrases) == 1 and bool(_LASTS.search(line))
    return [replace(phrase, open_end=_open_end(phrase, lasts)) for phrase in phrases]


def _open_end(phrase: DatePhrase, lasts: bool) -> str:
    if phrase.last is not None or phrase.week:
        return ""
    if "or" in (phrase.before.strip().lower(), phrase.after.strip().lower()):
        return "it leaves open which of the days is meant"
    if _DANGLING.match(phrase.after):
        return "it says from when, but not until when"
    if _UNTIL.search(phrase.before):
        return "it says until when, but not from when"
    return "it says for how long, but not until when" if lasts else ""


def words_of(line: str) -> str:
    """Give a line as it reads once tidied: for headings and labels without dates."""
    return put_back(tidy(line)).strip()


def _link(text: str, atoms: list[DateAtom]) -> list[_Linked]:
    """Say how each atom follows the one before; weak numbers that lean on no date fall away."""
    linked: list[_Linked] = []
    for number, atom in enumerate(atoms):
        between = text[atoms[number - 1].end if number else 0 : atom.start]
        linked.append(_Linked(atom, _joint(between) if number else Joint.FIRST, between))
    kept = [one.atom for number, one in enumerate(linked) if one.atom.is_strong or _leans(linked, number)]
    if len(kept) == len(atoms):
        return linked
    return _link(text, kept)


def _leans(linked: list[_Linked], number: int) -> bool:
    """Tell whether a bare number is joined, through others, to a date on its right (“12 - 20 February”) or a month before."""
    for place in range(number, 0, -1):
        before = linked[place - 1].atom
        if linked[place].joint not in (Joint.RANGE, Joint.LIST) or (before.is_strong and not before.month_first):
            break
        if before.month_first:
            return True
    for later in linked[number + 1 :]:
        if later.joint not in (Joint.RANGE, Joint.LIST):
            return False
        if later.atom.is_strong:
            return True
    return False


def _joint(between: str) -> Joint:
    outside = re.sub(r"\([^()]*\)", " ", between)
    column = "\t" in outside or "|" in outside
    bare = " ".join(_FILLERS.sub(" ", outside).replace("|", " ").split()).lower().replace("- -", "-")
    if not bare:
        return Joint.COLUMN
    if column:
        return Joint.COLUMN if bare in ("-", ",") else Joint.WORDS
    if bare in _RANGE_WORDS:
        return Joint.RANGE
    return Joint.LIST if bare in _LIST_WORDS else Joint.WORDS


def _ranges(linked: list[_Linked]) -> list[tuple[_Linked, DateAtom | None]]:
    found: list[tuple[_Linked, DateAtom | None]] = []
    for one in linked:
        between = found and one.between.strip().lower() == "and" and found[-1][0].between.rstrip().lower().endswith("between")
        if found and found[-1][1] is None and (one.joint is Joint.RANGE or between):
            found[-1] = (found[-1][0], one.atom)
        else:
            found.append((one, None))
    return found


def _with_words(text: str, ranges: list[tuple[_Linked, DateAtom | None]]) -> list[DatePhrase]:
    phrases = []
    for number, (one, last) in enumerate(ranges):
        begin = _end(ranges[number - 1]) if number else 0
        before = text[begin : one.atom.start]
        after_end = ranges[number + 1][0].atom.start if number + 1 < len(ranges) else len(text)
        inner = _in_brackets(text[one.atom.end : last.start]) if last else ""
        after = f"{inner} {text[_end(ranges[number]) : after_end]}"
        if one.atom.weekday is not None and _FEAST.search(before):
            before += WEEKDAY_NAMES[one.atom.weekday]  # “Good Friday 26 March”: the weekday is part of the name
        week = _WEEKS.search(before)
        weeks = _weeks(week) if week else 0
        phrases.append(DatePhrase(one.atom, last, put_back(before), put_back(after), one.joint, weeks))
    return phrases


def _weeks(week: re.Match[str]) -> int:
    said = (week[1] or "one").lower()
    return int(said) if said.isdigit() else _WEEK_COUNTS[said]


def _in_brackets(text: str) -> str:
    return " ".join(re.findall(r"\([^()]*\)", text))


def _end(ranged: tuple[_Linked, DateAtom | None]) -> int:
    return (ranged[1] or ranged[0].atom).end
