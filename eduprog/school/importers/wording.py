"""Reading single cells: tidy text, years, days, addresses, and what must not be taken at its word."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from eduprog.curriculum.vocabulary import YearGroup

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(r"[^\s@<>(),;:\"\[\]\\]{1,64}@" + rf"(?:{_LABEL}\.)+{_LABEL}", re.IGNORECASE)
_RECEPTION = {"r", "rec", "recep", "reception", "yr", "kg", "k", "kindergarten", "year r", "fs2", "f2", "yrr"}
_NUMBER = re.compile(r"(?:nc\s*)?(?:year\s*group|school\s*year|year|yr|y|grade)?\.?\s*0*(\d{1,2})", re.IGNORECASE)
_SPAN = re.compile(r"(?:years?|yrs?|y)?\.?\s*(r|rec|\d{1,2})\s*(?:-|–|to)\s*(?:year|yr|y)?\.?\s*(\d{1,2})", re.IGNORECASE)
_IN_TITLE = re.compile(
    r"\b(?:year|yr|y)s?\.?\s*0?(\d{1,2})(?:\s*(?:/|&|\+|and|-)\s*(?:year|yr|y)?\s*0?(\d{1,2}))?\b", re.IGNORECASE
)
_CODE = re.compile(
    r"^(?!\d+(?:st|nd|rd|th)\b|[23]D\s[a-z])0?(1[0-3]|[1-9])\s?(?:[A-Za-z]{1,4}\d{0,2}\b|[A-Za-z]?[/\-. ][A-Za-z]|[xyXY]/)"
)
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d", "%d %B %Y", "%d %b %Y")


def tidy(cell: str) -> str:
    """Give a cell as one line of plain letters: no control or direction marks, single spaces, composed accents."""
    spaced = "".join(" " if letter.isspace() else letter for letter in cell)
    return " ".join("".join(c for c in unicodedata.normalize("NFC", spaced) if unicodedata.category(c) not in _HIDDEN).split())


def quoted(cell: str) -> str:
    """Give a cell as a finding may quote it: tidy and short. Not for cells about pupils."""
    text = tidy(cell)
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"


def is_formula(cell: str) -> bool:
    """Say whether a spreadsheet would run this cell."""
    text = cell.lstrip()
    signed = text[:1] in ("+", "-") and re.search(r"[(|!=]", text) is not None
    return signed or text[:1] in ("=", "@") or text.startswith("DDE (")


def email_of(cell: str) -> str | None:
    """Give an address as it is kept, or None for one we would not write to: stricter than the standard on purpose."""
    typed = tidy(cell).lower().removeprefix("mailto:")
    local = typed.split("@")[0]
    sound = _ADDRESS.fullmatch(typed) and len(typed) <= 254 and ".." not in typed and local[:1] != "." and local[-1:] != "."
    return typed if sound else None


def years_of(cell: str) -> tuple[YearGroup, ...] | None:
    """Give the year groups a cell names ("7", "Year 7", "R", "5/6", "7-9"); empty for an empty cell, None if it names none."""
    text = tidy(cell).lower()
    if not text:
        return ()
    span = _SPAN.fullmatch(text)
    if span:
        first = 0 if span[1].startswith("r") else int(span[1])
        return _numbered(range(first, int(span[2]) + 1)) or None
    found: list[YearGroup] = []
    for part in re.split(r"[,;/&+|]| and ", text):
        year = _one_year(part.strip())
        if year is None:
            return None
        found.append(year)
    return tuple(sorted(set(found), key=lambda year: year.number))


def _one_year(text: str) -> YearGroup | None:
    if text in _RECEPTION:
        return YearGroup.R
    number = _NUMBER.fullmatch(text)
    years = _numbered([int(number[1])]) if number else ()
    return years[0] if years else None


def _numbered(numbers: range | list[int]) -> tuple[YearGroup, ...]:
    known = {year.number: year for year in YearGroup}
    return tuple(known[number] for number in numbers if number in known)


def years_in_title(title: str) -> tuple[YearGroup, ...]:
    """Give the year groups a class's name shows ("Year 5/6 Oak", "7A", "10X/Ps1", "Reception Elm"); empty if it shows none."""
    text = tidy(title)
    if re.search(r"\b(reception|rec)\b", text, re.IGNORECASE):
        return (YearGroup.R,)
    written = _IN_TITLE.search(text)
    if written:
        numbers = sorted({int(number) for number in written.groups() if number})
        return _numbered(numbers)
    code = _CODE.match(text) or re.fullmatch(r"0?(1[0-3]|[1-9])(?:[A-Za-z]\w?)?", text)
    return _numbered([int(code[1])]) if code else ()


def day_of(cell: str) -> date | None:
    """Give a day written the ways exports write one (ISO, British), or None. Times after it are left off."""
    text = tidy(cell)
    iso = re.match(r"(\d{4}-\d{2}-\d{2})[T ]", text)
    text = iso[1] if iso else re.sub(r"\s+\d{1,2}:\d{2}(:\d{2})?$", "", text)
    for pattern in _DAYS:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None
