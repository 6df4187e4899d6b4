"""Which academic years a text is about, and what its headings say of the lines below them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from eduprog.school.rules.date_texts import DateContext, academic_year_of, dates_in, month_of, words_of
from eduprog.school.rules.date_texts.context import day_or_none
from eduprog.school.rules.date_texts.tokens import BEFORE_MONTH
from eduprog.school.rules.date_texts.words import MONTH_NAMES, weekday_of

_ACADEMIC = re.compile(
    rf"(?<!\d)(20\d\d)\s?(?:-|/|to|and)\s?(?:20)?(\d\d)(?!\d)(?!\s*(?:st|nd|rd|th)\b)(?!{BEFORE_MONTH})", re.IGNORECASE
)
_YEAR = re.compile(r"(?<![\d/.-])(20\d\d)(?![\d])(?!\s?[/.-]\s?\d)")
_AUTUMN = re.compile(r"\b(?:autumn|michaelmas|christmas|hydref)\b", re.IGNORECASE)
_LATER = re.compile(r"\b(?:spring|summer|lent|trinity|easter|february|may|gwanwyn|haf)\b", re.IGNORECASE)
_MONTH_HEADING = re.compile(r"^\W*([a-z]+)\.?\s*(20\d\d)?\W*$", re.IGNORECASE)
_DAYS_OF_MONTH = re.compile(
    r"^\W*((?:[a-z]{3,9}\.?,?\s+)?)(\d{1,2})(?:st|nd|rd|th)?((?:\s*(?:-|–|—|to|&|and|,)\s*(?:[a-z]{3,9}\.?\s+)?\d{1,2}(?:st|nd|rd|th)?)*)"
    r"\s*[\s:.,–—-]\s*(?!(?:inset|training|school|teaching|working|staff|pupil|non|half)?[\s-]*(?:days|weeks|hours|sessions|terms)\b)([a-z].*)$",
    re.IGNORECASE,
)
_FEWEST = 3  # dates written out in full that make an academic year one the text is about


@dataclass(frozen=True, slots=True)
class Heading:
    """Hold what a heading says: an academic year, a month or both."""

    academic_year: int | None = None
    month: int | None = None
    year: int | None = None


def academic_years_named(words: str) -> list[int]:
    """Give the academic years written out in words (“2026/27”, “2026-2027”), in order, each once."""
    found = [int(match[1]) for match in _ACADEMIC.finditer(words) if (int(match[1]) + 1) % 100 == int(match[2])]
    return list(dict.fromkeys(found))


def heading_of(words: str) -> Heading:
    """Read words without a date as a heading: “2026/27”, “Spring term 2027”, “October 2026”."""
    named = academic_years_named(words)
    if len(named) == 1:
        return Heading(named[0])
    years = {int(year) for year in _YEAR.findall(words)}
    year = years.pop() if len(years) == 1 and not named else None
    month = _MONTH_HEADING.match(words)
    number = month_of(month[1]) if month else None
    if number:
        return Heading(None if year is None else year - (number < 8), number, year)
    if year is None:
        return Heading()
    if _AUTUMN.search(words) and not _LATER.search(words):
        return Heading(year)
    return Heading(year - 1) if _LATER.search(words) and not _AUTUMN.search(words) else Heading()


def with_month(line: str, heading: Heading) -> str | None:
    """Give a line that begins with days of the month its heading names (“26-30 Half term”) with that month written in.

    None where it does not begin so. What only counts (“2 INSET days”) is no day.
    """
    found = _DAYS_OF_MONTH.match(line) if heading.month else None
    if found is None or (found[1].strip() and weekday_of(found[1].strip(" ,")) is None):
        return None
    assert heading.month is not None
    if any(not 1 <= int(day) <= 31 for day in re.findall(r"\d+", found[2] + found[3])):
        return None
    return f"{found[1]}{found[2]}{found[3]} {MONTH_NAMES[heading.month - 1]} {found[4]}"


def years_of(lines: list[str]) -> tuple[int, ...]:
    """Give the academic years a text is about: those its headings name, else those of several dates written in full."""
    named = [year for line in lines for year in _named_in_heading(line)]
    if named:
        return tuple(sorted(set(named)))
    counted: Counter[int] = Counter()
    for line in lines:
        for phrase in dates_in(line):
            atom = phrase.last or phrase.first
            day = day_or_none(atom.year, atom.month, atom.day) if atom.year and atom.month else None
            counted.update([academic_year_of(day)] if day else [])
    if not counted:
        return ()
    most = max(counted.values())
    return tuple(sorted(year for year, count in counted.items() if count == most or count >= max(_FEWEST, most / 3)))


def _named_in_heading(line: str) -> list[int]:
    words = words_of(line)
    named = academic_years_named(words)
    if named:
        return named
    if dates_in(line):
        return []
    heading = heading_of(words)
    return [heading.academic_year] if heading.academic_year is not None else []


def context_for(years: tuple[int, ...], heading: Heading, dated: int | None, fallback: int | None) -> DateContext:
    """Give what is known for one line: its section's year, else its own date's if the text is about it, else the one asked for.

    `dated` is the academic year of a date the line writes in full.
    """
    if heading.academic_year is not None:
        return DateContext(heading.academic_year, heading.month, heading.year)
    if dated in years:
        return DateContext(dated, heading.month)
    only = years[0] if len(years) == 1 else None
    return DateContext(only if years else fallback, heading.month)
