"""Read a school's own framework from a spreadsheet: a row a statement, or a column of statements for each key stage.

Schools send what they have: titles above the headings, a sheet for each key stage, key stages as rows of their own or as cells
merged over many rows. What is taken otherwise than it is written is told, with sheet, row and column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from eduprog.coverage.rules.written_stages import last_year_of
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.school.importers.pupils import refuse_pupils
from eduprog.school.importers.sheets import Row, Sheet, letter, read_sheets
from eduprog.school.importers.uploads import Upload, opened
from eduprog.school.importers.values import FileRefused, Findings
from eduprog.school.importers.wording import is_formula, years_in_title, years_of

MOST_STATEMENTS = 400
LONGEST_CODE, LONGEST_WORDS = 40, 600
_CODE = re.compile(r"\b(id|code|ref|reference|number|no)\b", re.IGNORECASE)
_SURELY_WORDS = re.compile(r"\b(statement|objective|outcome|learning intention)s?\b", re.IGNORECASE)
_WORDS = re.compile(r"\b(statements?|objectives?|outcomes?|text|content|description|learning|learn|pupils)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(years?|year group|by end of|end of|when)\b", re.IGNORECASE)
_STAGE = re.compile(r"\b(key stages?|ks|phase|stage)\b", re.IGNORECASE)
_MOST_WORDS_OF_HEADING, _SHORTEST_STATEMENTS, _LONGEST_SECTION = 5, 12, 40


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
    findings = Findings()
    sheets = [sheet for upload in opened([Upload(name, data)], findings) for sheet in read_sheets(upload, findings, _heads)]
    for sheet in sheets:
        refuse_pupils(sheet)
    tables = _tables(sheets)
    if not tables:
        raise FileRefused(f"{name} has no column of statements. Give one the heading “Statement” and upload it again.")
    taken = [sheet.title for sheet, _places in tables]
    left = [f"The sheet “{title}” has no column of statements; it was passed over." for title in _others(sheets, taken)]
    reading = _Reading(several=len(tables) > 1)
    for sheet, places in tables:
        reading.take(sheet, places)
    if not reading.found:
        raise FileRefused(f"{name} has headings but no statement below them. Put one statement in each row.")
    if len(reading.found) > MOST_STATEMENTS:
        raise FileRefused(f"{name} has {len(reading.found)} statements. Bring in at most {MOST_STATEMENTS} at a time.")
    odd = [f"{one.place}: {one.text}" for one in findings.all()]
    return ReadFramework(tuple(reading.found.values()), [*left, *odd, *reading.notes])


def _heads(row: Row) -> bool:
    """Say whether a row holds headings: several short cells, one of which names statements, or two key stages."""
    cells = [cell for cell in row.cells if cell.strip()]
    if any(len(cell.split()) > _MOST_WORDS_OF_HEADING for cell in cells):
        return False
    stages = sum(last_year_of(cell) is not None for cell in cells)
    return (len(cells) > 1 and any(map(_WORDS.search, cells))) or stages > 1


@dataclass(frozen=True, slots=True)
class _Places:
    """In which columns the parts of a statement stand: several of statements where each is of another key stage."""

    headings: Sequence[str]
    words: tuple[int, ...]
    code: int | None
    year: int | None
    named: bool

    def heading(self, place: int) -> str:
        """Give the heading of a column, nothing where it has none."""
        return self.headings[place] if place < len(self.headings) else ""


def _tables(sheets: Sequence[Sheet]) -> list[tuple[Sheet, _Places]]:
    """Give the sheets with statements: those with a heading that says so, else the first whose texts are long."""
    found = [(sheet, places) for sheet in sheets if (places := _places(sheet)) is not None]
    return [(sheet, places) for sheet, places in found if places.named] or found[:1]


def _others(sheets: Sequence[Sheet], taken: Sequence[str]) -> list[str]:
    return [sheet.title for sheet in sheets if sheet.title and sheet.title not in taken]


def _places(sheet: Sheet) -> _Places | None:
    columns = range(len(sheet.headings))
    widths = {place: _width(sheet, place) for place in columns}
    wide = [place for place in columns if widths[place] >= _SHORTEST_STATEMENTS]
    staged = tuple(place for place in wide if last_year_of(sheet.headings[place]) is not None)
    if len(staged) > 1:
        return _Places(sheet.headings, staged, _column(sheet, _CODE, staged), None, True)
    called = [place for place in columns if _WORDS.search(sheet.headings[place])]
    best = sorted(called, key=lambda place: (place not in wide, not _is_surely_words(sheet.headings[place]), place))
    longest = max(wide, key=widths.__getitem__, default=None)
    words = best[0] if best else longest if longest is not None and widths[longest] > 20 else None
    if words is None:
        return None
    year = _column(sheet, _YEAR, (words,))
    year = year if year is not None else _column(sheet, _STAGE, (words,))
    return _Places(sheet.headings, (words,), _column(sheet, _CODE, (words,)), year, bool(best))


def _is_surely_words(heading: str) -> bool:
    return _SURELY_WORDS.search(heading) is not None and _CODE.search(heading) is None


def _width(sheet: Sheet, place: int) -> float:
    """Give how long the texts of a column are on the average of those that stand there."""
    lengths = [len(text) for row in sheet.rows if (text := row.cell(place))]
    return sum(lengths) / len(lengths) if lengths else 0


def _column(sheet: Sheet, asked: re.Pattern[str], but: Sequence[int]) -> int | None:
    places = (place for place, heading in enumerate(sheet.headings) if place not in but and asked.search(heading))
    return next(places, None)


class _Reading:
    """What was read so far, sheet after sheet."""

    def __init__(self, *, several: bool) -> None:
        self.found: dict[str, WrittenStatement] = {}
        self.notes: list[str] = []
        self._several = several

    def take(self, sheet: Sheet, places: _Places) -> None:
        """Take the statements of a sheet."""
        section = last_year_of(sheet.title)
        years = [row.cell(places.year) for row in sheet.rows]
        merged = places.year is not None and 0 < 2 * sum(map(bool, years)) < len(years)
        above, taken = "", 0
        for row, written in zip(sheet.rows, years, strict=True):
            if (heading := _section(row)) is not None:
                section = heading
                continue
            if merged and not written and above:
                written, taken = above, taken + 1
            above = written or above
            year = self._year(sheet, places, row, written) or section
            for place in places.words:
                self._add(sheet, places, row, place, year)
        if taken and places.year is not None:
            said = "the cell is empty, as where cells are merged; what stands above was taken"
            rows = f"{taken} row{'' if taken == 1 else 's'}"
            self.notes.append(f"Column {letter(places.year)} ({places.heading(places.year)}), {rows}: {said}.")

    def _year(self, sheet: Sheet, places: _Places, row: Row, written: str) -> YearGroup | None:
        if not written or places.year is None:
            return None
        heading = places.heading(places.year)
        if _STAGE.search(heading) and (numbers := re.fullmatch(r"[1-5](\s*(/|-|–|,|&|and)\s*[1-5])*", written)):
            return last_year_of(f"KS{max(re.findall('[1-5]', numbers[0]))}")
        year = max(years_of(written) or (), key=_age, default=None) or last_year_of(written)
        year = year or max(years_in_title(written), key=_age, default=None)
        if year is None:
            at = self._at(sheet, row, places.year, heading)
            self.notes.append(f"{at}: “{written[:40]}” names no year group; the statement stands without one.")
        return year

    def _add(self, sheet: Sheet, places: _Places, row: Row, place: int, year: YearGroup | None) -> None:
        at = self._at(sheet, row, place, places.heading(place))
        text = " ".join(row.cell(place).split())
        if not text or is_formula(text):
            if len(places.words) == 1:
                why = "a formula stands here; paste its values" if text else "there is no statement"
                self.notes.append(f"{at}: {why}; the row was passed over.")
            return
        if len(text) > LONGEST_WORDS:
            self.notes.append(f"{at}: the statement is longer than {LONGEST_WORDS} letters and was cut there.")
        code = row.cell(places.code)
        code = "" if is_formula(code) else code[:LONGEST_CODE]
        if len(places.words) > 1:
            code, year = f"{code} {places.heading(place)}".strip()[:LONGEST_CODE], last_year_of(places.heading(place))
            code = code if row.cell(places.code) else ""
        self._keep(WrittenStatement(code or str(len(self.found) + 1), text[:LONGEST_WORDS], year), sheet, places, row)

    def _keep(self, one: WrittenStatement, sheet: Sheet, places: _Places, row: Row) -> None:
        if (before := self.found.get(one.code)) is None:
            self.found[one.code] = one
            return
        code_at = places.code if places.code is not None else places.words[0]
        at = f"{self._at(sheet, row, code_at, places.heading(code_at))}: the code {one.code} stands above already"
        if before.words == one.words:
            self.notes.append(f"{at} with the same words; the row was passed over.")
            return
        number = next(number for number in range(2, len(self.found) + 3) if self._again(one.code, number) not in self.found)
        code = self._again(one.code, number)
        self.notes.append(f"{at}; this statement stands as {code}.")
        self.found[code] = WrittenStatement(code, one.words, one.by_end_of)

    @staticmethod
    def _again(code: str, number: int) -> str:
        return f"{code[: LONGEST_CODE - 6]} ({number})"

    def _at(self, sheet: Sheet, row: Row, place: int, heading: str) -> str:
        """Say where a cell is: "Row 4, column C (By end of)", with its sheet where several are read."""
        start = f"Sheet {sheet.title}, row" if self._several and sheet.title else "Row"
        return f"{start} {row.number}, column {letter(place)}" + (f" ({heading})" if heading else "")


def _section(row: Row) -> YearGroup | None:
    """Give the last year of a key stage that stands in a row of its own, as a heading of the rows below."""
    cells = [cell.strip() for cell in row.cells if cell.strip()]
    return last_year_of(cells[0]) if len(cells) == 1 and len(cells[0]) <= _LONGEST_SECTION else None


def _age(year: YearGroup) -> int:
    return year.number
