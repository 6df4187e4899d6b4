"""The words in which schools write weekdays and months, and what a typing slip of them most likely meant."""

from __future__ import annotations

from difflib import get_close_matches

_MONTHS = (
    ("january", "jan", "ionawr"), ("february", "feb", "febr", "chwefror"), ("march", "mar", "mawrth"), ("april", "apr", "ebrill"),
    ("may", "mai"), ("june", "jun", "mehefin"), ("july", "jul", "gorffennaf"), ("august", "aug", "awst"),
    ("september", "sep", "sept", "medi"), ("october", "oct", "hydref"), ("november", "nov", "tachwedd"),
    ("december", "dec", "rhagfyr"),
)  # fmt: skip
_WEEKDAYS = (
    ("monday", "mon", "llun"), ("tuesday", "tue", "tues"), ("wednesday", "wed", "weds", "mercher"),
    ("thursday", "thu", "thur", "thurs", "iau"), ("friday", "fri", "gwener"), ("saturday", "sat", "sadwrn"),
    ("sunday", "sun", "sul"),
)  # fmt: skip
MONTHS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
WEEKDAYS = {name: number for number, names in enumerate(_WEEKDAYS) for name in names}
MONTH_NAMES = tuple(names[0].capitalize() for names in _MONTHS)
WEEKDAY_NAMES = tuple(names[0].capitalize() for names in _WEEKDAYS)
_LONG_MONTHS = [names[0] for names in _MONTHS if len(names[0]) > 4]
_LONG_WEEKDAYS = [names[0] for names in _WEEKDAYS]


def month_of(word: str) -> int | None:
    """Give the number of a month, 1 to 12, by its name or abbreviation; None for any other word."""
    return MONTHS.get(word.lower().rstrip("."))


def weekday_of(word: str) -> int | None:
    """Give the number of a weekday, Monday being 0, by its name or abbreviation; None for any other word."""
    return WEEKDAYS.get(word.lower().rstrip("."))


def month_like(word: str) -> int | None:
    """Give the month a misspelt word most likely meant (“Septmber”); None where nothing is near."""
    found = get_close_matches(word.lower(), _LONG_MONTHS, 1, 0.8) if len(word) > 4 else []
    return MONTHS[found[0]] if found else None


def weekday_like(word: str) -> int | None:
    """Give the weekday a misspelt word most likely meant (“Wedneday”); None where nothing is near."""
    found = get_close_matches(word.lower(), _LONG_WEEKDAYS, 1, 0.8) if len(word) > 4 else []
    return WEEKDAYS[found[0]] if found else None
