"""What somebody uploads, opened with care: names are never trusted, nothing touches the disk, sizes are counted as they grow."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from eduprog.school.importers.archives import open_zip, plain_name, read_member, refuse_trick
from eduprog.school.importers.values import FileRefused, Findings

_MEGABYTE = 1024 * 1024
_MOST_FILES = 60
_MOST_EACH = 40 * _MEGABYTE
_MOST_TOGETHER = 80 * _MEGABYTE
_MOST_RATIO = 200
_PLAIN_LATER = (".csv", ".txt", ".tsv", ".tab")
_OTHER_KINDS = {
    b"%PDF": "a PDF", b"\xd0\xcf\x11\xe0": "an old Excel or Word file (.xls or .doc)", b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture", b"GIF8": "a picture", b"\x1f\x8b": "a gzip archive", b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive", b"{\\rtf": "an RTF document", b"MZ": "a program", b"\x7fELF": "a program",
}  # fmt: skip


@dataclass(frozen=True)
class Upload:
    """One uploaded file: the name it came with, for messages only, and what is in it."""

    name: str
    data: bytes


def opened(uploads: Sequence[Upload], findings: Findings) -> tuple[Upload, ...]:
    """Give the tables among the uploads: workbooks as they are, archives as their members. Raises FileRefused."""
    sent = [Upload(plain_name(upload.name), upload.data) for upload in uploads if upload.data or upload.name]
    if not sent:
        raise FileRefused("Choose a file to import.")
    found: list[Upload] = []
    for upload in sent:
        if not upload.data.strip(b"\x00 \t\r\n") and len(sent) == 1:
            raise FileRefused(f"{upload.name} is empty. Export it again and upload the new file.")
        found += _members(upload, findings) if upload.data[:4] == b"PK\x03\x04" else [_plain(upload)]
    if not found:
        raise FileRefused(f"{sent[0].name} holds no table. Upload the CSV or Excel files themselves, or a ZIP of CSV files.")
    _refuse_doubles(found)
    return tuple(found)


def _plain(upload: Upload) -> Upload:
    for start, kind in _OTHER_KINDS.items():
        if upload.data.startswith(start):
            raise FileRefused(f"{upload.name} is {kind}, not a table. Save it as CSV or as an Excel workbook (.xlsx).")
    if re.match(rb"\s*(<\?xml|<!doctype|<html)", upload.data[:200].lower()):
        raise FileRefused(f"{upload.name} is a web page or XML, not a table. Save it as CSV or as an Excel workbook (.xlsx).")
    if upload.data.lstrip()[:1] in (b"{", b"["):
        raise FileRefused(f"{upload.name} is JSON, not a table. Ask for the OneRoster export as CSV.")
    if len(upload.data) > _MOST_EACH:
        raise FileRefused(f"{upload.name} is too large. A table for import is at most 40 MB.")
    return upload


def _refuse_doubles(found: Sequence[Upload]) -> None:
    names = [upload.name.lower() for upload in found]
    for name in names:
        if names.count(name) > 1:
            raise FileRefused(f"There are two files called {name}. Keep the right one and upload again.")


def _members(upload: Upload, findings: Findings) -> list[Upload]:
    archive = open_zip(upload.data, f"{upload.name} is damaged: it cannot be opened as a ZIP or Excel file. Export it again.")
    entries = archive.infolist()
    _check_entries(upload.name, entries)
    if any(entry.filename == "[Content_Types].xml" for entry in entries):
        return [_workbook(upload, archive, entries)]
    wanted = [entry for entry in entries if _is_table(upload.name, entry, findings)]
    return [_plain(Upload(plain_name(entry.filename), data)) for entry, data in _unpacked(upload.name, archive, wanted)]


def _check_entries(name: str, entries: Sequence[zipfile.ZipInfo]) -> None:
    if len(entries) > _MOST_FILES * 5:
        raise FileRefused(f"{name} holds {len(entries):,} files. A set for import has at most {_MOST_FILES}.")
    for entry in entries:
        refuse_trick(name, entry)
        if entry.file_size > _MEGABYTE and entry.file_size > _MOST_RATIO * max(entry.compress_size, 1):
            raise _too_large(name)
    if sum(entry.file_size for entry in entries) > _MOST_TOGETHER or any(entry.file_size > _MOST_EACH for entry in entries):
        raise _too_large(name)


def _too_large(name: str) -> FileRefused:
    return FileRefused(f"{name} unpacks to far more than a school's export holds, so it was not opened. Export it again.")


def _is_table(name: str, entry: zipfile.ZipInfo, findings: Findings) -> bool:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if entry.is_dir() or path.parts[0] == "__MACOSX" or path.name.startswith("."):
        return False
    if path.suffix.lower() in _PLAIN_LATER:
        return True
    findings.note(f"{plain_name(entry.filename)} in {name} is not a table and was not read.")
    return False


def _unpacked(name: str, archive: zipfile.ZipFile, wanted: Sequence[zipfile.ZipInfo]) -> list[tuple[zipfile.ZipInfo, bytes]]:
    """Give the bytes of members, counted while they come: what an archive says of its own sizes is only a claim."""
    if len(wanted) > _MOST_FILES:
        raise FileRefused(f"{name} holds {len(wanted)} tables. A set for import has at most {_MOST_FILES}.")
    unpacked = []
    left = _MOST_TOGETHER
    for entry in wanted:
        data = read_member(name, archive, entry, min(_MOST_EACH, left))
        left -= len(data)
        if left < 0 or len(data) > _MOST_EACH:
            raise _too_large(name)
        unpacked.append((entry, data))
    return unpacked


def _workbook(upload: Upload, archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo]) -> Upload:
    """Check a workbook's parts before anything parses them: their true sizes, and no document types or entities."""
    names = {entry.filename for entry in entries}
    if not any(name.startswith("xl/workbook") for name in names):
        raise FileRefused(f"{upload.name} is an Office file but no Excel workbook. Save the table as .xlsx or CSV.")
    parts = [entry for entry in entries if entry.filename.endswith((".xml", ".rels"))]
    for _entry, data in _unpacked(upload.name, archive, parts):
        if b"<!DOCTYPE" in (bare := data.replace(b"\x00", b"")) or b"<!ENTITY" in bare:
            raise FileRefused(f"{upload.name} holds instructions that a workbook never needs, so it was not opened.")
    return upload
