"""Tables as rows of cells, whatever wrote them: CSV in the encodings and separators that schools meet, and Excel workbooks.

Cells stay text: a formula is never worked out. Row numbers are those a spreadsheet shows, the heading being row 1.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, NamedTuple

import openpyxl

from eduprog.school.importers.uploads import Upload
from eduprog.school.importers.values import FileRefused, Findings
from eduprog.school.importers.wording import tidy

_MOST_ROWS = 50_000
_MOST_COLUMNS = 200
_LONGEST_CELL = 2_000
_MOST_SHEETS = 20
_HEADED = 30
_WORDS_OF_HEADING = 5
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


class Row(NamedTuple):
    """A row of cells, with the number a spreadsheet shows beside it."""

    number: int
    cells: tuple[str, ...]

    def cell(self, index: int | None) -> str:
        """Give a cell by its place, empty where the row is short or the column is not there."""
        return self.cells[index].strip() if index is not None and index < len(self.cells) else ""


@dataclass(frozen=True)
class Sheet:
    """A table with its headings."""

    file: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    title: str = ""
    """What a workbook calls the sheet, where several were read."""


def read_sheet(upload: Upload, findings: Findings) -> Sheet:
    """Read a table. Raises FileRefused with the place where it cannot be read."""
    rows = _workbook_rows(upload, findings) if upload.data[:2] == b"PK" else _csv_rows(upload, findings)
    kept = _filled(upload, rows)
    if not kept:
        raise FileRefused(f"{upload.name} has no rows. Export it again and upload the new file.")
    return _under(upload, _first_of_several(kept), kept, findings)


def read_sheets(upload: Upload, findings: Findings, heads: Callable[[Row], bool]) -> list[Sheet]:
    """Read every visible sheet that has rows, below the first row of its thirty first that `heads` takes for headings.

    Where there is none, the row that a table usually begins with is taken, or, if it reads like sentences, no row: all headings
    are empty then. Raises FileRefused as `read_sheet` does.
    """
    every = _workbook_sheets(upload) if upload.data[:2] == b"PK" else [("", _csv_rows(upload, findings))]
    found = []
    for title, rows in every:
        kept = _filled(upload, rows)
        heading = next((row for row in kept[:_HEADED] if heads(row)), None)
        if heading is None and kept:
            usual = _first_of_several(kept)
            spoken = any(len(cell.split()) > _WORDS_OF_HEADING for cell in usual.cells)
            heading = Row(0, ("",) * len(usual.cells)) if spoken else usual
        if heading is not None:
            found.append(replace(_under(upload, heading, kept, findings), title=title))
    if not found:
        raise FileRefused(f"{upload.name} has no rows. Export it again and upload the new file.")
    return found


def _filled(upload: Upload, rows: Iterable[Row]) -> list[Row]:
    kept: list[Row] = []
    for row in rows:
        if any(cell.strip() for cell in row.cells):
            kept.append(row)
        if len(kept) > _MOST_ROWS:
            raise FileRefused(f"{upload.name} has more than {_MOST_ROWS:,} rows. Export one school's classes only.")
    return kept


def _first_of_several(kept: list[Row]) -> Row:
    """Give the first row with more than one cell: a report often has its title in a row of its own above the headings."""
    return next((row for row in kept if sum(bool(cell.strip()) for cell in row.cells) > 1), kept[0])


def _under(upload: Upload, heading: Row, kept: list[Row], findings: Findings) -> Sheet:
    sheet = Sheet(upload.name, tuple(tidy(cell) for cell in heading.cells), tuple(r for r in kept if r.number > heading.number))
    return _even(_without_repeats(sheet, heading, findings), findings)


def _without_repeats(sheet: Sheet, heading: Row, findings: Findings) -> Sheet:
    rows = []
    for row in sheet.rows:
        if row.cells == heading.cells:
            findings.note("The headings stand here again; the row was passed over.", file=sheet.file, row=row.number)
        else:
            rows.append(row)
    return replace(sheet, rows=tuple(rows))


def _even(sheet: Sheet, findings: Findings) -> Sheet:
    """Leave out rows with more cells than headings: a stray separator has shifted their columns."""
    width = max((place for place, heading in enumerate(sheet.headings, 1) if heading), default=0)
    rows = []
    counted = Counter(len(row.cells) for row in sheet.rows)
    usual = min((cells for cells, times in counted.items() if times == max(counted.values())), default=0)
    most = max(len(sheet.headings), usual)
    for row in sheet.rows:
        if len(row.cells) > most or any(cell.strip() for cell in row.cells[max(width, len(sheet.headings)) :]):
            said = "This row has more cells than there are headings, so its columns may be shifted; it was left out."
            findings.fault(said, file=sheet.file, row=row.number, column=letter(max(width, len(sheet.headings))))
        elif any(len(cell) > _LONGEST_CELL for cell in row.cells):
            place = next(index for index, cell in enumerate(row.cells) if len(cell) > _LONGEST_CELL)
            said = f"A cell of this row is longer than {_LONGEST_CELL:,} letters; the row was left out."
            findings.fault(said, file=sheet.file, row=row.number, column=letter(place))
        else:
            rows.append(row)
    return replace(sheet, rows=tuple(rows))


def letter(place: int) -> str:
    """Give the letter a spreadsheet shows above a column, 0 being A. A heading may be no heading but somebody's name."""
    return (letter(place // 26 - 1) if place > 25 else "") + chr(ord("A") + place % 26)


def _csv_rows(upload: Upload, findings: Findings) -> Iterator[Row]:
    text = _decoded(upload, findings)
    text, separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if len(cells) > _MOST_COLUMNS:
                said = f"there are {len(cells):,} columns. A table has at most {_MOST_COLUMNS}."
                raise FileRefused(f"{upload.name}, row {number}: {said}")
            yield Row(number, tuple(cells))
    except csv.Error as problem:
        said = "a quotation mark is opened and not closed as it should be. Mend that row or export the file again."
        if "field larger" in str(problem):
            said = "a cell is far too long. Is a quotation mark missing?"
        raise FileRefused(f"{upload.name}, row {number + 1}: {said}") from problem


def _decoded(upload: Upload, findings: Findings) -> str:
    encoding = next((name for mark, name in _MARKS if upload.data.startswith(mark)), None) or _unmarked(upload.data)
    try:
        text = upload.data.decode(encoding)
    except UnicodeDecodeError as problem:
        if encoding != "utf-8":
            raise _unreadable(upload, problem.start) from problem
        text = _western(upload, findings)
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        said = "there is a byte that no text has. This may not be a CSV file; export it again."
        raise FileRefused(f"{upload.name}, line {line}: {said}")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unreadable(upload: Upload, place: int) -> FileRefused:
    line = upload.data.count(b"\n", 0, place) + 1
    return FileRefused(f"{upload.name}, line {line}: its letters cannot be read. Save it as CSV UTF-8 and try again.")


def _unmarked(data: bytes) -> str:
    """Guess UTF-16 without its mark by where the zero bytes are."""
    start = data[:400]
    for encoding, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[0::2])):
        if len(zeros) > 2 and zeros.count(0) > len(zeros) * 0.7:
            return encoding
    return "utf-8"


def _western(upload: Upload, findings: Findings) -> str:
    try:
        text = upload.data.decode("cp1252")
    except UnicodeDecodeError as problem:
        raise _unreadable(upload, problem.start) from problem
    findings.note("The file is not in UTF-8; it was read as Windows text. Check names with accents below.", file=upload.name)
    return text


def _separator(text: str) -> tuple[str, str]:
    """Find what separates cells by the first line that holds any; Excel may name it in a line of its own."""
    named = re.match(r"sep=(.)\n", text, re.IGNORECASE)
    if named:
        return "\n" + text[named.end() :], named[1]
    for line in text.split("\n", 50)[:50]:
        bare = re.sub(r'"[^"]*"', "", line)
        counts = {separator: bare.count(separator) for separator in ",\t;|"}
        if any(counts.values()):
            return text, max(counts, key=lambda separator: counts[separator])
    return text, ","


def _workbook_rows(upload: Upload, findings: Findings) -> list[Row]:
    sheets = _workbook_sheets(upload, most=1)
    if len(sheets) > 1:
        findings.note(f"Only its first sheet was read; it has {len(sheets)}.", file=upload.name)
    return sheets[0][1]


def _workbook_sheets(upload: Upload, most: int = _MOST_SHEETS) -> list[tuple[str, list[Row]]]:
    """Give the visible sheets by title; from the one after `most` on without their rows."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of styles and validations that we do not read
            book = openpyxl.load_workbook(io.BytesIO(upload.data), read_only=True, data_only=False, keep_links=False)
            visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            if not visible:
                raise FileRefused(f"{upload.name} has no sheet with a table.")
            found = [(sheet.title, _rows_of(sheet) if place < most else []) for place, sheet in enumerate(visible)]
            book.close()
            return found
    except FileRefused:
        raise
    except Exception as problem:  # whatever a broken workbook makes the parser raise, it is the file's fault
        raise FileRefused(f"{upload.name} cannot be read as an Excel workbook. Save it again as .xlsx or as CSV.") from problem


def _rows_of(sheet: Any) -> list[Row]:
    rows = sheet.iter_rows(max_row=_MOST_ROWS + 2, max_col=_MOST_COLUMNS, values_only=True)
    return [Row(number, tuple(_text(value) for value in cells)) for number, cells in enumerate(rows, 1)]


def _text(value: Any) -> str:
    """Give a cell of a workbook as the text it stands for; a formula is the text of the formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date().isoformat()
    if isinstance(value, (datetime, date, time)):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(getattr(value, "text", value))
