"""Are hostile and broken files refused with a sentence, and odd but honest ones read?"""

from __future__ import annotations

import io
import struct
import zipfile
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eduprog.school.importers.sheets import Sheet, read_sheet
from eduprog.school.importers.uploads import Upload, opened
from eduprog.school.importers.values import FileRefused, Findings
from tests.conftest import FULL
from tests.support.rosters import a_school_set, zip_of


def sheet_of(data: bytes, name: str = "classes.csv") -> tuple[Sheet, Findings]:
    findings = Findings()
    (upload,) = opened([Upload(name, data)], findings)
    return read_sheet(upload, findings), findings


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_table_reads_the_same_in_every_encoding(encoding: str, separator: str, line_end: str) -> None:
    text = line_end.join(separator.join(row) for row in (("Class", "Teacher"), ("1 Öak", "Zoë Müller"), ("2 Elm", "")))
    sheet, _findings = sheet_of(text.encode(encoding))
    assert sheet.headings == ("Class", "Teacher")
    assert [row.cell(0) for row in sheet.rows] == ["1 Öak", "2 Elm"]
    assert sheet.rows[0].cell(1) == "Zoë Müller"
    assert sheet.rows[0].number == 2


def test_excel_naming_its_separator_is_understood() -> None:
    sheet, _findings = sheet_of(b"sep=;\r\nClass;Year\r\n1 Oak;1\r\n")
    assert sheet.headings == ("Class", "Year")
    assert sheet.rows[0].cell(1) == "1"


def test_headings_that_stand_again_in_the_middle_are_passed_over_and_told() -> None:
    sheet, findings = sheet_of(b"Class,Year\n1 Oak,1\nClass,Year\n2 Elm,2\n")
    assert [row.cell(0) for row in sheet.rows] == ["1 Oak", "2 Elm"]
    assert [finding.rows for finding in findings.all()] == [(3,)]


def test_a_row_with_too_many_cells_is_left_out_and_told() -> None:
    sheet, findings = sheet_of(b"Class,Year\n1 Oak, the big one,1\n2 Elm,2\n")
    assert [row.cell(0) for row in sheet.rows] == ["2 Elm"]
    assert findings.all()[0].place == "classes.csv, row 2, column C"


def test_a_workbook_keeps_formulas_as_text_and_numbers_as_schools_read_them() -> None:
    made = workbook([["Class", "Year", "Size"], ["1 Oak", 1.0, 28], ["=1+1", "Year 2", "=SUM(A1:A9)"]])
    sheet, _findings = sheet_of(made, "c.xlsx")
    assert [row.cells[:3] for row in sheet.rows] == [("1 Oak", "1", "28"), ("=1+1", "Year 2", "=SUM(A1:A9)")]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\n\n  \n", "is empty"),
        ("a.pdf", b"%PDF-1.7 ...", "is a PDF"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        ("a.csv", b'Class,Year\n"1 Oak,1\n', "row 2: a quotation mark"),
        ("a.csv", b"Class,Year\n1 Oak\x00,1\n", "line 2: there is a byte"),
        ("a.csv", b"Class,Year\n1 \x81ak,1\n", "line 2: its letters"),
        ("a.csv", ",".join(["x"] * 300).encode(), "300 columns"),
        ("a.zip", b"PK\x03\x04 broken", "is damaged"),
        ("a.html", b"<!DOCTYPE html><table>", "web page"),
        ("a.json", b'{"classes": []}', "is JSON"),
        ("a.zip", zip_of({"../users.csv": b"a,b\n1,2\n"}), "out of its folder"),
        ("a.zip", zip_of({"/etc/users.csv": b"a,b\n1,2\n"}), "out of its folder"),
        ("a.zip", zip_of({"..\\users.csv": b"a,b\n1,2\n"}), "out of its folder"),
        ("a.zip", zip_of({"C:users.csv": b"a,b\n1,2\n"}), "out of its folder"),
        ("a.zip", zip_of({"users.csv": b"a,b\n1,2\n"}).replace(b"users.csv", b"\0sers.csv"), "is damaged"),
        ("a.zip", zip_of({".": b"a,b\n1,2\n"}), "is damaged"),
        ("a.zip", zip_of({"users.csv": b"x" * 30_000_000}), "far more"),
        ("a.zip", zip_of({"a/users.csv": b"a,b\n1,2\n", "b/users.csv": b"a,b\n1,2\n"}), "two files called users.csv"),
        ("a.zip", zip_of({f"{n}.csv": b"a,b\n1,2\n" for n in range(70)}), "70 tables"),
        ("a.zip", zip_of({"readme.md": b"hello"}), "holds no table"),
        ("a.docx", zip_of({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x/>"}), "no Excel workbook"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_words(name: str, data: bytes, says: str) -> None:
    with pytest.raises(FileRefused, match=says):
        sheet_of(data, name)


def test_a_workbook_with_a_document_type_is_refused_before_it_is_parsed() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>'
    for evil in (bomb, bomb.decode().encode("utf-16")):
        with zipfile.ZipFile(io.BytesIO(workbook([["Class"], ["1 Oak"]]))) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        parts["xl/sharedStrings.xml"] = evil
        with pytest.raises(FileRefused, match="never needs"):
            sheet_of(zip_of(parts), "a.xlsx")


def test_an_archive_that_lies_about_its_sizes_is_counted_as_it_grows() -> None:
    honest = bytearray(zip_of({"users.csv": b"0" * 60_000_000}))
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = honest.index(mark)
        honest[at + place : at + place + 4] = struct.pack("<I", 1000)
    with pytest.raises(FileRefused):
        sheet_of(bytes(honest), "a.zip")


def test_a_link_in_an_archive_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo("users.csv")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    with pytest.raises(FileRefused, match="a link instead"):
        sheet_of(out.getvalue(), "a.zip")


def test_the_names_of_uploads_are_never_more_than_words() -> None:
    findings = Findings()
    (upload,) = opened([Upload("../../etc/\u202epasswd.csv", b"Class,Year\n1 Oak,1\n")], findings)
    assert upload.name == "passwd.csv"


@settings(max_examples=2000 if FULL else 60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_set_with_bytes_changed_anywhere_is_read_or_refused_never_more(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from(_SAMPLES)))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    findings = Findings()
    with suppress(FileRefused):
        for upload in opened([Upload("a.zip", bytes(whole))], findings):
            read_sheet(upload, findings)


_SAMPLES = (
    a_school_set(classes=2, pupils=2).zipped(),
    workbook([["Class", "Year"], ["1 Oak", 1]]),
    b"Class,Year\n1 Oak,1\n" * 20,
    "Class\tYear\n1 Öak\t1\n".encode("utf-16"),
)


def test_the_published_corner_cases_of_csv_are_read_as_published(fixtures: Path) -> None:
    import json

    checked = 0
    for path in sorted((fixtures / "bad-input" / "csv-spectrum").glob("*.csv")):
        wanted = json.loads(path.with_suffix(".json").read_text())
        sheet, _findings = sheet_of(path.read_bytes(), path.name)
        read = [{h: cell.strip() for h, cell in zip(sheet.headings, row.cells, strict=True)} for row in sheet.rows]
        told = [{key: str(value).replace("\r\n", "\n").strip() for key, value in row.items()} for row in wanted]
        assert read == told, path.name
        checked += 1
    assert checked > 5
