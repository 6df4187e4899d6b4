"""A bought scheme from a spreadsheet, a CSV file or pasted cells."""

from __future__ import annotations

from eduprog.library.rules.mapping import MappedRow, MappingFault, read_rows
from eduprog.school.importers.pupils import column_of_pupils, refuse_pupils, said_of
from eduprog.school.importers.sheets import read_sheet
from eduprog.school.importers.uploads import Upload, opened
from eduprog.school.importers.values import FileRefused, Findings

__all__ = ["FileRefused", "read_scheme"]


def read_scheme(name: str, data: bytes, pasted: str) -> tuple[list[MappedRow], list[MappingFault]]:
    """Read the lessons of a scheme from a file, or else from pasted cells. Raises FileRefused for a file of another kind."""
    if data:
        return _of_file(name, data)
    lines = [(number, line.split("\t")) for number, line in enumerate(pasted.splitlines(), start=1) if line.strip()]
    if not lines:
        return [], [MappingFault(0, "", "Choose a spreadsheet, or paste its cells.")]
    if heading := column_of_pupils(lines[0][1]):
        return [], [MappingFault(lines[0][0], "", said_of(heading))]
    return read_rows(lines)


def _of_file(name: str, data: bytes) -> tuple[list[MappedRow], list[MappingFault]]:
    findings = Findings()
    uploads = opened([Upload(name, data)], findings)
    if len(uploads) != 1:
        raise FileRefused("Bring one spreadsheet at a time.")
    sheet = read_sheet(uploads[0], findings)
    refuse_pupils(sheet)
    return read_rows([(1, sheet.headings), *((row.number, row.cells) for row in sheet.rows)])
