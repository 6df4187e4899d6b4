"""Read a school's own framework from a spreadsheet: a row a statement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from eduprog.curriculum.vocabulary import YearGroup
from eduprog.school.importers.pupils import refuse_pupils
from eduprog.school.importers.sheets import Row, Sheet, read_sheet
from eduprog.school.importers.uploads import Upload
from eduprog.school.importers.values import FileRefused, Findings
from eduprog.school.importers.wording import years_of

MOST_STATEMENTS = 400
LONGEST_CODE, LONGEST_WORDS = 40, 600
_CODE = re.compile(r"\b(id|code|ref|reference|number|no)\b", re.IGNORECASE)
_WORDS = re.compile(r"\b(statement|objective|outcome|text|content|description|learning|pupils)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(year|by end of|end of|phase|when)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WrittenStatement:
    """A statement as the file says it."""

    code: str
    words: str
    by_end_of: YearGroup | None


@dataclass(frozen=True)
class ReadFramework:
    """The statements of a file in order, and sentences on what could not be taken as it stands, with row and column."""

    statements: Sequence[WrittenStatement]
    notes: Sequence[str]


def read_framework(name: str, data: bytes) -> ReadFramework:
    """Read a spreadsheet (XLSX or CSV). Raises FileRefused with the place where nothing can be read from it."""
    sheet = read_sheet(Upload(name, data), Findings())
    refuse_pupils(sheet)
    named = _column(sheet, _WORDS)
    words = named if named is not None else _longest(sheet)
    if words is None:
        raise FileRefused(f"{name} has no column of statements. Give one the heading “Statement” and upload it again.")
    places = _Places(sheet.headings, words, _column(sheet, _CODE, but=(words,)), _column(sheet, _YEAR, but=(words,)))
    found: dict[str, WrittenStatement] = {}
    notes: list[str] = []
    for row in sheet.rows:
        one = _statement(row, places, len(found) + 1, notes)
        if one is not None and one.code in found:
            notes.append(f"{places.at(row, places.code)}: the code {one.code} stands above already; the row was passed over.")
        elif one is not None:
            found[one.code] = one
    if not found:
        raise FileRefused(f"{name} has headings but no statement below them. Put one statement in each row.")
    if len(found) > MOST_STATEMENTS:
        raise FileRefused(f"{name} has {len(found)} statements. Bring in at most {MOST_STATEMENTS} at a time.")
    return ReadFramework(tuple(found.values()), notes)


@dataclass(frozen=True, slots=True)
class _Places:
    """In which columns the parts of a statement stand."""

    headings: Sequence[str]
    words: int
    code: int | None
    year: int | None

    def at(self, row: Row, place: int | None) -> str:
        """Say where a cell is: "Row 4, column C (By end of)"."""
        if place is None:
            return f"Row {row.number}"
        heading = f" ({self.headings[place]})" if self.headings[place] else ""
        return f"Row {row.number}, column {_letters(place)}{heading}"


def _letters(place: int) -> str:
    return (_letters(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)


def _statement(row: Row, places: _Places, number: int, notes: list[str]) -> WrittenStatement | None:
    text = " ".join(row.cell(places.words).split())
    if not text:
        notes.append(f"{places.at(row, places.words)}: there is no statement; the row was passed over.")
        return None
    if len(text) > LONGEST_WORDS:
        notes.append(f"{places.at(row, places.words)}: the statement is longer than {LONGEST_WORDS} letters and was cut there.")
    written = row.cell(places.year)
    years = years_of(written) or ()
    if written and not years:
        notes.append(f"{places.at(row, places.year)}: “{written[:40]}” names no year group; the statement stands without one.")
    return WrittenStatement(
        row.cell(places.code)[:LONGEST_CODE] or str(number), text[:LONGEST_WORDS], max(years, key=_age) if years else None
    )


def _age(year: YearGroup) -> int:
    return year.number


def _column(sheet: Sheet, asked: re.Pattern[str], but: Sequence[int] = ()) -> int | None:
    places = (place for place, heading in enumerate(sheet.headings) if place not in but and asked.search(heading))
    return next(places, None)


def _longest(sheet: Sheet) -> int | None:
    """Give the column with the longest texts, if they are longer than names and numbers are."""
    widths = [sum(len(row.cell(place)) for row in sheet.rows) for place in range(len(sheet.headings))]
    widest = max(range(len(widths)), key=widths.__getitem__, default=None)
    return widest if widest is not None and sheet.rows and widths[widest] / len(sheet.rows) > 20 else None
