"""What an import file says, as values: staff, classes, when they meet, and what was odd about the file. Never a pupil.

These are what a preview keeps between the upload and the decision, so nothing that names a child may enter them: pupils come
in as counts and keyed hashes only.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from eduprog.core.errors import Refusal
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.school.rules import ImportKind, SlotKind, WeekLetter

Key = Callable[[str, str], str]
"""Give the keyed hash of another system's id: what kind of thing it is, then the id."""


_MOST_RUNS = 60


class FileRefused(Refusal):
    """This file cannot be read."""


class Weight(StrEnum):
    """What an oddity means for the import."""

    FAULT = "fault"
    """Something was left out because of it."""
    NOTE = "note"
    """Everything was taken; somebody should know."""


class ClassSort(StrEnum):
    """What a class is for, as far as a file tells."""

    TUTOR = "tutor"
    PSHE = "pshe"
    OTHER = "other"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Finding(_Value):
    """Something odd in a file, with where it stands."""

    weight: Weight
    text: str
    file: str = ""
    rows: tuple[int, ...] = ()
    column: str = ""

    @property
    def place(self) -> str:
        """Give where it is: "users.csv, rows 2 and 5, column email"."""
        rows = f"{'row' if len(self.rows) == 1 else 'rows'} {_ranges(self.rows)}" if self.rows else ""
        column = f"column {self.column}" if self.column else ""
        return ", ".join(part for part in (self.file, rows, column) if part)


def _ranges(rows: tuple[int, ...]) -> str:
    """Write row numbers shortly: "2 to 5, 9 and 12"; after sixty runs, how many more."""
    runs: list[list[int]] = []
    for row in sorted(set(rows)):
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    words = [str(first) if first == last else f"{first} to {last}" for first, last in runs]
    if len(words) > _MOST_RUNS:
        words = [*words[:_MOST_RUNS], f"{len(words) - _MOST_RUNS} more places"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


class StaffEntry(_Value):
    """A member of staff; `email` is empty where the file has none."""

    key: str
    name: str
    email: str = ""
    suggested_email: str = ""
    orgs: tuple[str, ...] = ()
    gone: bool = False
    where: str = ""


class SlotEntry(_Value):
    """A time at which a class meets, as a file with clock times says it."""

    weekday: int
    week: WeekLetter | None = None
    starts_at: time
    minutes: int
    kind: SlotKind = SlotKind.PSHE


class Meeting(_Value):
    """A lesson in a timetable report: when a class has a subject, in periods that have no clock time yet."""

    subject: str
    staff_code: str
    weekday: int
    week: WeekLetter | None
    period: str


class ClassEntry(_Value):
    """A class. `size` is None where the file does not tell; `enrolments` are keyed hashes.

    `lead_by` gives the keyed hash of the enrolment by which each of `leads` teaches it, where the file has one.
    `named` is False for a class that is only referred to: its enrolments changed, nothing else is said of it.
    """

    key: str
    name: str = ""
    years: tuple[YearGroup, ...] = ()
    year_text: str = ""
    size: int | None = None
    leads: tuple[str, ...] = ()
    lead_by: dict[str, str] = {}
    sort: ClassSort = ClassSort.OTHER
    org: str = ""
    slots: tuple[SlotEntry, ...] | None = None
    meetings: tuple[Meeting, ...] = ()
    enrolments: tuple[str, ...] = ()
    gone: bool = False
    past: bool = False
    named: bool = True
    where: str = ""


class OrgEntry(_Value):
    """A school in a file."""

    key: str
    name: str


class SessionEntry(_Value):
    """A term or year in a file: a suggestion for the calendar, nothing more."""

    title: str
    kind: str
    first_day: date
    last_day: date


class Roster(_Value):
    """Everything an import takes from its files.

    `whole_*` says whether what is missing is gone: True for a full export, False for one of changes, None where nobody says.
    """

    kind: ImportKind
    staff: tuple[StaffEntry, ...] = ()
    classes: tuple[ClassEntry, ...] = ()
    gone_enrolments: tuple[str, ...] = ()
    whole_staff: bool | None = False
    whole_classes: bool | None = False
    whole_enrolments: bool | None = False
    orgs: tuple[OrgEntry, ...] = ()
    sessions: tuple[SessionEntry, ...] = ()
    findings: tuple[Finding, ...] = ()


class Findings:
    """Collects oddities; equal ones of one column become one sentence with all its rows."""

    def __init__(self) -> None:
        self._rows: dict[tuple[Weight, str, str, str], list[int]] = {}

    def fault(self, text: str, *, file: str = "", row: int | None = None, column: str = "") -> None:
        """Keep something because of which a row or file was left out."""
        self._add(Weight.FAULT, text, file, row, column)

    def note(self, text: str, *, file: str = "", row: int | None = None, column: str = "") -> None:
        """Keep something worth knowing."""
        self._add(Weight.NOTE, text, file, row, column)

    def _add(self, weight: Weight, text: str, file: str, row: int | None, column: str) -> None:
        rows = self._rows.setdefault((weight, file, column, text), [])
        if row is not None:
            rows.append(row)

    def all(self) -> tuple[Finding, ...]:
        """Give them, faults first, in the order they were found."""
        made = [
            Finding(weight=weight, text=text, file=file, rows=tuple(rows), column=column)
            for (weight, file, column, text), rows in self._rows.items()
        ]
        return tuple(sorted(made, key=lambda finding: finding.weight is not Weight.FAULT))
