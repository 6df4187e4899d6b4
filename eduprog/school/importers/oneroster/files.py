"""The files of a OneRoster set: which is which, which of their columns is which, and whether each holds all or only changes."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from eduprog.school.importers.sheets import Row, Sheet, letter
from eduprog.school.importers.values import Findings
from eduprog.school.importers.wording import quoted, tidy

READ = ("orgs", "academicSessions", "courses", "classes", "users", "roles", "enrollments")
_NEVER_EMPTY = ("classes", "users", "enrollments")
_OTHERS = (
    "demographics", "resources", "courseResources", "classResources", "categories", "lineItems", "results", "userProfiles",
    "userResources", "lineItemLearningObjectiveIds", "lineItemScoreScales", "resultLearningObjectiveIds", "resultScoreScales",
    "scoreScales",
)  # fmt: skip
_ALSO_CALLED = {"enrolments": "enrollments", "enrolment": "enrollments", "enrollment": "enrollments", "user": "users",
                "class": "classes", "org": "orgs", "academicsession": "academicSessions", "course": "courses"}  # fmt: skip
# Headings as exports really write them, without case, blanks, hyphens and underscores.
_ALIASES = {
    "grade": "grades", "userid": "userids", "orgsourcedid": "orgsourcedids", "termsourcedid": "termsourcedids",
    "termids": "termsourcedids", "classid": "classsourcedid", "schoolid": "schoolsourcedid",
    "id": "sourcedid", "firstname": "givenname", "lastname": "familyname", "emailaddress": "email", "isprimary": "primary",
    "coursesourcedids": "coursesourcedid", "subject": "subjects",
}  # fmt: skip


class Mode(StrEnum):
    """What a file of the set holds."""

    BULK = "bulk"
    DELTA = "delta"
    ABSENT = "absent"
    UNSAID = ""

    @property
    def whole(self) -> bool | None:
        """Say whether what is missing from the file is gone; None where the set does not say."""
        return {Mode.BULK: True, Mode.DELTA: False}.get(self)


@dataclass(frozen=True)
class Record:
    """A row of a file, its cells by the names of the standard."""

    file: str
    row: Row
    places: dict[str, int]

    @property
    def number(self) -> int:
        """Give the row's number."""
        return self.row.number

    def get(self, column: str) -> str:
        """Give a cell, empty if the file has no such column."""
        return tidy(self.row.cell(self.places.get(column.lower())))

    def ids(self, column: str) -> list[str]:
        """Give a cell that lists ids."""
        return [part.strip() for part in self.get(column).split(",") if part.strip()]


@dataclass(frozen=True)
class SetFile:
    """One file of the set, its columns found."""

    name: str
    mode: Mode
    sheet: Sheet | None
    places: dict[str, int]

    def __bool__(self) -> bool:
        """Say whether there is such a file."""
        return self.sheet is not None

    @property
    def file(self) -> str:
        """Give the name it was uploaded by."""
        return self.sheet.file if self.sheet else f"{self.name}.csv"

    def has(self, column: str) -> bool:
        """Say whether it has a column."""
        return column.lower() in self.places

    def records(self) -> Iterator[Record]:
        """Give its rows."""
        for row in self.sheet.rows if self.sheet else ():
            yield Record(self.file, row, self.places)


def _plain(heading: str) -> str:
    bare = re.sub(r"[\s_\-]+", "", heading.lower())
    return _ALIASES.get(bare, bare)


def _stem(sheet: Sheet) -> str:
    return _stem_of(sheet.file)


def is_read(file: str) -> bool:
    """Say whether a file of a set by this name is one that something is taken from."""
    return _stem_of(file) in (*READ, "manifest")


def _stem_of(file: str) -> str:
    bare = re.sub(r"[^a-z]", "", file.lower().rsplit(".", 1)[0])
    known = {name.lower(): name for name in (*READ, *_OTHERS, "manifest")} | _ALSO_CALLED
    if bare in known:
        return known[bare]
    ends = [name for plain, name in known.items() if bare.endswith(plain)]
    return max(ends, key=len, default="")


def looks_like_oneroster(sheets: Sequence[Sheet]) -> bool:
    """Say whether these are files of a OneRoster set."""
    return any(_stem(sheet) and (_stem(sheet) == "manifest" or "sourcedid" in map(_plain, sheet.headings)) for sheet in sheets)


def open_set(sheets: Sequence[Sheet], findings: Findings) -> dict[str, SetFile]:
    """Give the files of a set by the standard's names, the absent ones too."""
    by_name = {_stem(sheet): sheet for sheet in sheets if _stem(sheet)}
    for stray in sheets:
        if not _stem(stray):
            findings.note("This is no file of a OneRoster set and was not read.", file=stray.file)
    modes = _modes(by_name.get("manifest"), findings)
    found = {}
    for name in READ:
        sheet = by_name.get(name)
        mode = modes.get(name, Mode.UNSAID)
        _check_promise(name, mode, sheet, findings)
        if sheet and not sheet.rows and name in _NEVER_EMPTY:
            sheet = None  # or all there is would seem to be gone
        found[name] = SetFile(name, mode, sheet, _places(sheet, findings) if sheet else {})
    return found


def _modes(manifest: Sheet | None, findings: Findings) -> dict[str, Mode]:
    if manifest is None:
        findings.note("The set has no manifest.csv, so it does not say whether it is everything or only changes.")
        return {}
    modes: dict[str, Mode] = {}
    rows = [Row(1, manifest.headings), *manifest.rows]  # some leave the heading out
    for row in rows:
        name, said = row.cell(0), row.cell(1).lower()
        if name.lower().startswith("oneroster.version") and said not in ("1.1", "1.2", "1.1.0", "1.2.0"):
            text = f"The set says it is OneRoster {quoted(said)}; it was read as 1.1 or 1.2."
            findings.note(text, file=manifest.file, row=row.number, column="value")
        if not name.lower().startswith("file."):
            continue
        known = {file.lower(): file for file in (*READ, *_OTHERS)} | _ALSO_CALLED
        file = known.get(name[5:].strip().lower(), name[5:].strip())
        if said in ("bulk", "delta", "absent") and modes.get(file, said) == said:
            modes[file] = Mode(said)
        elif file in modes:
            modes[file] = Mode.UNSAID
            text = f"The manifest says of {file} both this and something else, so it is not known whether it holds everything."
            findings.fault(text, file=manifest.file, row=row.number, column="value")
        else:
            text = f"{quoted(said)} is neither bulk, delta nor absent, so it is not known whether {file} holds everything."
            findings.fault(text, file=manifest.file, row=row.number, column="value")
    return modes


def _check_promise(name: str, mode: Mode, sheet: Sheet | None, findings: Findings) -> None:
    if sheet is None and mode in (Mode.BULK, Mode.DELTA):
        findings.fault(f"The manifest promises {name}.csv ({mode.value}), but it is not there.", file="manifest.csv")
    elif sheet is not None and mode is Mode.ABSENT:
        findings.note(f"The manifest says there is no {name}.csv, but there is; it was read.", file=sheet.file)
    elif sheet is not None and not sheet.rows and name in _NEVER_EMPTY:
        text = "The file has headings and no rows, so nothing was concluded from it. Was the right school exported?"
        findings.fault(text, file=sheet.file, row=1)
    elif sheet is not None and not sheet.rows:
        findings.note("The file has headings and no rows.", file=sheet.file)


def _places(sheet: Sheet, findings: Findings) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, heading in enumerate(sheet.headings):
        name = _plain(heading)
        if name in places:
            text = "This heading was there before; the first column was read."
            findings.note(text, file=sheet.file, row=1, column=letter(place))
        elif name:
            places[name] = place
    return places


def needs(file: SetFile, columns: Sequence[str], findings: Findings) -> bool:
    """Say whether a file is there with the columns it cannot be read without; tell which are missing."""
    if not file:
        return False
    missing = [column for column in columns if not file.has(column)]
    for column in missing:
        findings.fault(f"There is no column {column}, so the file could not be read.", file=file.file, row=1, column=column)
    return not missing


def is_gone(record: Record, findings: Findings) -> bool | None:
    """Say whether a row tells that something is gone; None, with a finding, if its status says neither that nor "active"."""
    status = record.get("status").lower()
    if status in ("", "active"):
        return False
    if status in ("tobedeleted", "to be deleted", "deleted", "inactive"):
        return True
    text = "The status is neither active nor tobedeleted; the row was left out."
    findings.fault(text, file=record.file, row=record.number, column="status")
    return None


def is_new(record: Record, known: Container[str], findings: Findings) -> bool:
    """Say whether a row has an id that none before it had; tell where it has not."""
    source = record.get("sourcedId")
    if source and source not in known:
        return True
    said = "This id was there before" if source else "There is no id"
    findings.fault(f"{said}; the row was left out.", file=record.file, row=record.number, column="sourcedId")
    return False
