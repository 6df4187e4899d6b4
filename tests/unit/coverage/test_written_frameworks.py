"""Does a framework come in whole, however a school has laid out its spreadsheet, and is what was taken otherwise told?"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
import pytest

from eduprog.coverage.importers import ReadFramework, read_framework
from eduprog.coverage.rules.written_stages import last_year_of
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.school.importers.values import FileRefused

WORDS = [f"Pupils know that reason {number} for saying no is enough and needs no other beside it" for number in range(1, 61)]
HEADINGS = ["Ref", "Statement", "By end of"]
ROWS = [[f"T{number}", words, "Year 6"] for number, words in enumerate(WORDS, 1)]


def _book(*sheets: tuple[str, Sequence[Sequence[Any]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _text(separator: str, encoding: str) -> bytes:
    rows = [[f'"{cell}"' for cell in row] for row in (HEADINGS, *ROWS)]
    return "\n".join(separator.join(row) for row in rows).encode(encoding)


def _in_thirds(place: Callable[[int], list[list[Any]]]) -> list[list[Any]]:
    return [row for third in range(3) for row in place(third)]


FILES: dict[str, bytes] = {
    "headings below a title, off to the right": _book(
        ("A", [["Fen Trust framework"], [], ["Agreed on 3 March"], [], *(["", *row] for row in (HEADINGS, *ROWS))])
    ),
    "empty rows between": _book(("A", [HEADINGS, *(row for one in ROWS for row in (one, []))])),
    "a sheet to read first": _book(("Read me", [["About this"], ["Version 3, agreed by all"]]), ("B", [HEADINGS, *ROWS])),
    "a sheet for each phase": _book(("One", [HEADINGS, *ROWS[:30]]), ("Two", [HEADINGS, *ROWS[30:]])),
    "key stages as rows": _book(
        ("A", [HEADINGS[:2], *_in_thirds(lambda third: [[f"Key stage {third + 1}"], *(r[:2] for r in ROWS[third * 20 :][:20])])])
    ),
    "key stages as columns": _book(("A", [["Code", "KS1", "KS2", "KS3"], *([f"A{n}", *WORDS[n::20]] for n in range(20))])),
    "a code that is called an outcome": _book(("A", [["Outcome code", "Outcome", "Year group"], *ROWS])),
    "codes as numbers, 1.10 like 1.1": _book(("A", [["No.", "Objective"], *([n / 10 % 5, w] for n, w in enumerate(WORDS))])),
    "no headings": _book(("A", ROWS)),
    "codes as formulas": _book(("A", [["Ref", "Statement"], *([f'="T"&{n}', words] for n, words in enumerate(WORDS))])),
    "semicolons": _text(";", "utf-8-sig"),
    "tabs in UTF-16": _text("\t", "utf-16"),
}  # fmt: skip


def _read(name: str) -> ReadFramework:
    return read_framework("ours.csv" if FILES[name][:2] != b"PK" else "ours.xls", FILES[name])


@pytest.mark.parametrize("name", FILES)
def test_all_sixty_statements_come_in(name: str) -> None:
    read = _read(name)
    assert {one.words for one in read.statements} == set(WORDS)
    assert len({one.code for one in read.statements}) == 60


def test_a_key_stage_is_a_row_a_column_a_sheet_or_a_cell_merged_over_many() -> None:
    by_row, by_column = (
        [one.by_end_of for one in _read(name).statements] for name in ("key stages as rows", "key stages as columns")
    )
    thirds = [YearGroup.Y2, YearGroup.Y6, YearGroup.Y9]
    assert by_row == [year for year in thirds for _ in range(20)]
    assert by_column == thirds * 20
    sheets = _book(
        ("KS1", [HEADINGS[:2], *(row[:2] for row in ROWS[:9])]), ("KS2", [HEADINGS[:2], *(row[:2] for row in ROWS[9:])])
    )
    read = read_framework("a.xlsx", sheets)
    assert [one.by_end_of for one in read.statements] == [YearGroup.Y2] * 9 + [YearGroup.Y6] * 51
    merged = [[row[0], row[1], {0: 1, 30: 2}.get(place)] for place, row in enumerate(ROWS)]
    read = read_framework("a.xlsx", _book(("A", [["Ref", "Statement", "Key stage"], *merged])))
    assert [one.by_end_of for one in read.statements] == [YearGroup.Y2] * 30 + [YearGroup.Y6] * 30
    assert read.notes == [
        "Column C (Key stage), 58 rows: the cell is empty, as where cells are merged; what stands above was taken."
    ]


@pytest.mark.parametrize(
    ("words", "year"),
    [
        ("Key Stage 2", YearGroup.Y6), ("KS1/KS2", YearGroup.Y6), ("KS 3-4", YearGroup.Y11), ("lower KS2", YearGroup.Y4),
        ("EYFS", YearGroup.R), ("Primary", YearGroup.Y6), ("By the end of secondary", YearGroup.Y11), ("Respect", None),
    ],
)  # fmt: skip
def test_stages_are_read_as_people_write_them(words: str, year: YearGroup | None) -> None:
    assert last_year_of(words) is year


def test_what_is_left_out_or_taken_otherwise_is_told() -> None:
    book = _book(("Read me", [["About this"], ["Version 3"]]), ("B", [HEADINGS, ["A", "Say no", "6"], ["B", "=1+1", ""]]))
    assert read_framework("a.xlsx", book).notes == [
        "The sheet “Read me” has no column of statements; it was passed over.",
        "Row 3, column B (Statement): a formula stands here; paste its values; the row was passed over.",
    ]
    shifted = b"Code,Statement\nA,Say no\nB,Ask, and listen\n"
    [note] = read_framework("a.csv", shifted).notes
    assert note.startswith("a.csv, row 3")
    with pytest.raises(FileRefused, match=r"old Excel .* Save it as"):
        read_framework("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
