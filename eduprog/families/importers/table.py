"""A table of addresses and classes, CSV or Excel, read into lines. Whatever else stands in it is not looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eduprog.mail.rules import NotAnAddress, as_address
from eduprog.school.importers import FileRefused, Finding, Upload
from eduprog.school.importers.sheets import Row, Sheet, read_sheet
from eduprog.school.importers.uploads import opened
from eduprog.school.importers.values import Findings

_ADDRESS = re.compile(r"e-?mail|address", re.IGNORECASE)
_CLASS = re.compile(r"class|form|group|registration", re.IGNORECASE)
_MOST = 2_000
_BETWEEN = re.compile(r"\s*[;,|]\s*")


@dataclass(frozen=True)
class ContactLine:
    """One address for one class."""

    address: str
    teaching_group_id: int


@dataclass(frozen=True)
class ContactTable:
    """What a table holds: its lines, each once, and what was passed over and why."""

    lines: tuple[ContactLine, ...]
    findings: tuple[Finding, ...]


def read_contacts(upload: Upload, classes: Mapping[str, int]) -> ContactTable:
    """Read a table with a column of addresses and one of classes; `classes` gives ids by name. Raises FileRefused."""
    findings = Findings()
    tables = opened([upload], findings)
    if len(tables) != 1:
        raise FileRefused("Upload one table: CSV or Excel, with a column of email addresses and a column of classes.")
    sheet = read_sheet(tables[0], findings)
    address, group = _column(sheet, _ADDRESS, "email addresses"), _column(sheet, _CLASS, "classes")
    if len(sheet.rows) > _MOST:
        raise FileRefused(f"{sheet.file} has more than {_MOST:,} rows. Bring in one year group at a time.")
    known = {_plain(name): group_id for name, group_id in classes.items()}
    found: dict[ContactLine, None] = {}
    for row in sheet.rows:
        found.update(dict.fromkeys(_lines(sheet, row, address, group, known, findings)))
    if not found:
        reasons = " ".join(f"{one.place}: {one.text}" for one in findings.all()[:3])
        raise FileRefused(f"There is no address in {sheet.file} that can be brought in. {reasons}".strip())
    return ContactTable(tuple(found), findings.all())


def _column(sheet: Sheet, wanted: re.Pattern[str], what: str) -> int:
    found = [place for place, heading in enumerate(sheet.headings) if wanted.search(heading)]
    if len(found) != 1:
        how = "no column" if not found else f"{len(found)} columns"
        headings = ", ".join(heading for heading in sheet.headings if heading)
        raise FileRefused(
            f"{sheet.file} has {how} of {what}. Its headings are: {headings}. Keep one column called Email and one called Class."
        )
    return found[0]


def _lines(
    sheet: Sheet, row: Row, address: int, group: int, known: Mapping[str, int], findings: Findings
) -> Sequence[ContactLine]:
    try:
        written = as_address(row.cell(address))
    except NotAnAddress:
        said = "There is no address." if not row.cell(address) else "This is not an address we can write to."
        findings.fault(f"{said} The row was passed over.", file=sheet.file, row=row.number, column=sheet.headings[address])
        return []
    names = [name for name in _BETWEEN.split(row.cell(group)) if name]
    lines = []
    for name in names or [""]:
        group_id = known.get(_plain(name))
        if group_id is None:
            said = f"There is no class “{name[:40]}” this year." if name else "There is no class."
            findings.fault(f"{said} It was passed over.", file=sheet.file, row=row.number, column=sheet.headings[group])
        else:
            lines.append(ContactLine(written, group_id))
    return lines


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()
