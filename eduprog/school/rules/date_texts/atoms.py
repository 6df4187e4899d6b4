"""Single dates as written, whole or in part, put together from the tokens of a line."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from eduprog.school.rules.date_texts.tokens import Token, TokenKind
from eduprog.school.rules.date_texts.words import month_like, month_of, weekday_like, weekday_of


@dataclass(frozen=True, slots=True)
class DateAtom:
    """One date as written, whole or in part; `slips` are the typing slips read over, `broken_year` a year that is none."""

    day: int
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    start: int = 0
    end: int = 0
    ordinal: str = ""
    broken_year: str = ""
    numeric: bool = False
    month_first: bool = False
    slips: tuple[str, ...] = ()

    @property
    def is_strong(self) -> bool:
        """Tell whether this is a date by itself, not only a number beside one."""
        return self.month is not None or self.weekday is not None or bool(self.ordinal)


def atoms_in(text: str, tokens: list[Token]) -> list[DateAtom]:
    """Find every date, and every number that may be part of one, in the tokens of a tidied line."""
    found, place = [], 0
    while place < len(tokens):
        atom, after = _atom_at(text, tokens, place)
        if atom:
            found.append(atom)
        place = after if atom else place + 1
    return found


def _atom_at(text: str, tokens: list[Token], place: int) -> tuple[DateAtom | None, int]:
    weekday, slips, at = _weekday_at(tokens, place)
    atom, after = _date_at(text, tokens, at)
    if atom is None:
        return None, place
    start = tokens[place].start if at > place else atom.start
    return replace(atom, weekday=weekday, start=start, slips=slips + atom.slips), after


def _weekday_at(tokens: list[Token], place: int) -> tuple[int | None, tuple[str, ...], int]:
    token = tokens[place]
    if token.kind is not TokenKind.WORD:
        return None, (), place
    after = place + 1
    while after < len(tokens) and (tokens[after].text in (",", "-") or tokens[after].text.lower() in ("the", "y")):
        after += 1
    follows = after < len(tokens) and tokens[after].kind in (TokenKind.NUMBER, TokenKind.NUMERIC, TokenKind.ISO, TokenKind.WORD)
    if not follows:
        return None, (), place
    weekday = weekday_of(token.text)
    if weekday is not None:
        return weekday, (), after
    likely = weekday_like(token.text) if tokens[after].kind is not TokenKind.WORD else None
    return (likely, (token.text,), after) if likely is not None else (None, (), place)


def _date_at(text: str, tokens: list[Token], place: int) -> tuple[DateAtom | None, int]:
    if place >= len(tokens):
        return None, place
    token = tokens[place]
    if token.kind is TokenKind.ISO:
        year, month, day = (int(part) for part in re.split(r"[-/]", token.text))
        return DateAtom(day, month, year, start=token.start, end=token.end), place + 1
    if token.kind is TokenKind.NUMERIC:
        return _numeric(token), place + 1
    if token.kind is TokenKind.NUMBER:
        return _day_first(tokens, place)
    if token.kind is TokenKind.WORD and month_of(token.text):
        return _month_first(tokens, place)
    return None, place


def _numeric(token: Token) -> DateAtom:
    parts = re.split(r"\s?[/.-]\s?", token.text)
    year, broken = _year_of(parts[2]) if len(parts) > 2 else (None, "")
    return DateAtom(int(parts[0]), int(parts[1]), year, start=token.start, end=token.end, broken_year=broken, numeric=True)


def _year_of(digits: str) -> tuple[int | None, str]:
    if len(digits) == 4:
        return int(digits), ""
    return (2000 + int(digits), "") if len(digits) == 2 else (None, digits)


def _day_first(tokens: list[Token], place: int) -> tuple[DateAtom | None, int]:
    token = tokens[place]
    number = re.match(r"(\d+)\s?([a-z]*)", token.text, re.IGNORECASE)
    assert number is not None
    atom = DateAtom(int(number[1]), start=token.start, end=token.end, ordinal=number[2].lower())
    at = _past(tokens, place + 1, ("of", "-", "/", ".", "o"), glued_to=token)
    month, slips = _month_at(tokens, at)
    if month is None:
        return _with_full_year(tokens, place + 1, atom)
    atom = replace(atom, month=month, slips=slips, end=tokens[at].end)
    return _with_year(tokens, at + 1, atom)


def _past(tokens: list[Token], place: int, texts: tuple[str, ...], glued_to: Token) -> int:
    """Step over one joining sign or word; a mark only where no blank stands around it."""
    if place >= len(tokens) or tokens[place].text.lower() not in texts:
        return place
    return place + 1 if tokens[place].kind is TokenKind.WORD or tokens[place].start == glued_to.end else place


def _month_at(tokens: list[Token], place: int) -> tuple[int | None, tuple[str, ...]]:
    if place >= len(tokens) or tokens[place].kind is not TokenKind.WORD:
        return None, ()
    word = tokens[place].text
    month = month_of(word)
    if month is not None:
        return month, ()
    likely = month_like(word)
    return (likely, (word,)) if likely else (None, ())


def _month_first(tokens: list[Token], place: int) -> tuple[DateAtom | None, int]:
    at = place + 1
    if at < len(tokens) and tokens[at].text.lower() == "the":
        at += 1
    if at >= len(tokens) or tokens[at].kind is not TokenKind.NUMBER or _month_at(tokens, at + 1)[0]:
        return None, place
    number = re.match(r"(\d+)\s?([a-z]*)", tokens[at].text, re.IGNORECASE)
    assert number is not None
    month = month_of(tokens[place].text)
    ordinal = number[2].lower()
    atom = DateAtom(int(number[1]), month, start=tokens[place].start, end=tokens[at].end, ordinal=ordinal, month_first=True)
    return _with_year(tokens, at + 1, atom)


def _with_full_year(tokens: list[Token], place: int, atom: DateAtom) -> tuple[DateAtom, int]:
    """Let a number that leans on a month before it (“October 5 - 9, 2026”) carry a year of four digits."""
    at = place + (place < len(tokens) and tokens[place].text == ",")
    if at < len(tokens) and tokens[at].kind is TokenKind.YEAR:
        return replace(atom, year=int(tokens[at].text), end=tokens[at].end), at + 1
    return atom, place


def _with_year(tokens: list[Token], place: int, atom: DateAtom) -> tuple[DateAtom, int]:
    at = place
    while at < len(tokens) and tokens[at].text in (",", "'", "-", "/", ".") and tokens[at].start - atom.end <= 1:
        at += 1
    if at >= len(tokens):
        return atom, place
    token = tokens[at]
    if token.kind is TokenKind.YEAR:
        return replace(atom, year=int(token.text), end=token.end), at + 1
    if token.kind is TokenKind.LONG_NUMBER:
        return replace(atom, broken_year=token.text, end=token.end), at + 1
    if not _is_short_year(tokens, at):
        return atom, place
    marks = "".join(mark.text for mark in tokens[place:at])
    if atom.month_first and marks in ("-", "/", "."):
        return atom, place  # “October 26-30” is a range
    if atom.month_first and marks == ",":
        return replace(atom, broken_year=token.text, end=token.end), at + 1  # “September 1, 26” may be a list or a year
    return replace(atom, year=2000 + int(token.text), end=token.end), at + 1


def _is_short_year(tokens: list[Token], at: int) -> bool:
    token = tokens[at]
    if token.kind is not TokenKind.NUMBER or not token.text.isdigit() or not 15 <= int(token.text) <= 60 or len(token.text) != 2:
        return False
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    return following is None or following.kind is not TokenKind.WORD or not month_of(following.text)
