"""Uploaded files, whatever they are, read into a roster."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from eduprog.school.importers.columns import ColumnsNeeded, Field, columns_of, headings_digest
from eduprog.school.importers.oneroster import is_read, looks_like_oneroster, read_oneroster
from eduprog.school.importers.sheets import Sheet, read_sheet
from eduprog.school.importers.sims_timetable import looks_like_sims, read_sims
from eduprog.school.importers.tables import read_table
from eduprog.school.importers.uploads import Upload, opened
from eduprog.school.importers.values import FileRefused, Findings, Key, Roster

Remembered = Mapping[str, Mapping[int, Field]]


@dataclass(frozen=True)
class ReadFiles:
    """A roster, with a digest of the files it came from and, for a table, the columns as they were read."""

    roster: Roster
    file_digest: str
    headings_digest: str = ""
    columns: Mapping[int, Field] | None = None


def read_files(
    uploads: Sequence[Upload],
    *,
    columns: Mapping[int, Field] | None,
    remembered: Remembered,
    key: Key,
    today: date,
    year_starts_on: date,
) -> ReadFiles:
    """Read what somebody uploaded. Raises FileRefused, or ColumnsNeeded for a table whose headings do not say enough."""
    findings = Findings()
    tables = opened(uploads, findings)
    sheets = _sheets(tables, findings)
    digest = hashlib.sha256(b"\x00".join(hashlib.sha256(upload.data).digest() for upload in tables)).hexdigest()
    if looks_like_oneroster(sheets):
        roster = read_oneroster(sheets, key=key, today=today, year_starts_on=year_starts_on, findings=findings)
        return ReadFiles(_worth_it(roster, sheets), digest)
    if len(sheets) > 1:
        names = ", ".join(sheet.file for sheet in sheets[:5])
        raise FileRefused(f"These files ({names}) are no OneRoster set. Upload one table at a time, or the whole set.")
    if looks_like_sims(sheets[0]) and columns is None:
        return ReadFiles(_worth_it(read_sims(sheets[0], key=key, findings=findings), sheets), digest)
    shape = headings_digest(sheets[0].headings)
    chosen = columns or remembered.get(shape) or columns_of(sheets[0].headings)
    if chosen is None:
        raise ColumnsNeeded(sheets[0])
    roster = read_table(sheets[0], chosen, key=key, findings=findings)
    return ReadFiles(_worth_it(roster, sheets), digest, shape, chosen)


def _sheets(tables: Sequence[Upload], findings: Findings) -> list[Sheet]:
    """Read the tables; in a set, a file that nothing is taken from may be no table or empty. Raises FileRefused."""
    is_set = sum(is_read(upload.name) for upload in tables) > 1
    sheets = []
    for upload in tables:
        try:
            sheets.append(read_sheet(upload, findings))
        except FileRefused:
            if not is_set or is_read(upload.name):
                raise
            findings.note(
                "Nothing is taken from this file, and it cannot be read as a table; it was passed over.", file=upload.name
            )
    return sheets


def _worth_it(roster: Roster, sheets: Sequence[Sheet]) -> Roster:
    """Refuse files that hold nothing to import. The reasons found go with the refusal."""
    if roster.staff or roster.classes or roster.gone_enrolments or roster.sessions:
        return roster
    reasons = " ".join(f"{finding.place}: {finding.text}" for finding in roster.findings[:5])
    names = ", ".join(sheet.file for sheet in sheets[:5])
    raise FileRefused(f"There are no staff and no classes in {names}. {reasons}".strip())
