"""Plain tables of staff, classes or class lists, read by columns that were recognised or chosen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from eduprog.curriculum.vocabulary import YearGroup
from eduprog.school.importers.columns import Field
from eduprog.school.importers.oneroster.people import Part, part_of
from eduprog.school.importers.sheets import Row, Sheet, letter
from eduprog.school.importers.timetabling import clock_of
from eduprog.school.importers.values import ClassEntry, ClassSort, Findings, Key, Roster, SlotEntry, StaffEntry
from eduprog.school.importers.wording import email_of, is_formula, tidy, years_in_title, years_of
from eduprog.school.rules import ImportKind, WeekLetter

_WEEKDAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4}
_ABOUT_TEACHERS = frozenset({Field.TEACHER, Field.TEACHER_FIRST, Field.TEACHER_LAST, Field.TEACHER_EMAIL})


@dataclass
class _Draft:
    name: str
    row: int
    years: tuple[YearGroup, ...] = ()
    year_text: str = ""
    size: int | None = None
    pupils: set[str] = field(default_factory=set)
    leads: list[str] = field(default_factory=list)
    slots: list[SlotEntry] = field(default_factory=list)


class _Reading:
    """One reading of a table."""

    def __init__(self, sheet: Sheet, columns: Mapping[int, Field], key: Key, findings: Findings) -> None:
        self.sheet, self.key, self.findings = sheet, key, findings
        self.places: dict[Field, list[int]] = {}
        for place, what in sorted(columns.items()):
            self.places.setdefault(what, []).append(place)
        self.classes: dict[str, _Draft] = {}
        self.staff: dict[str, StaffEntry] = {}

    def cells(self, row: Row, what: Field) -> list[str]:
        """Give the cells of a row that hold something, tidy."""
        return [tidy(row.cell(place)) for place in self.places.get(what, ())]

    def cell(self, row: Row, what: Field) -> str:
        """Give the first of them that is not empty."""
        return next((cell for cell in self.cells(row, what) if cell), "")

    def fault(self, row: Row, what: Field, text: str) -> None:
        """Keep what is wrong with a row, its column by letter."""
        place = self.places[what][0] if what in self.places else None
        column = f"{letter(place)} ({what.label.lower()})" if place is not None else what.label.lower()
        self.findings.fault(text, file=self.sheet.file, row=row.number, column=column)

    def read(self, row: Row) -> None:
        """Take one row."""
        part = part_of(self.cell(row, Field.ROLE)) if Field.ROLE in self.places else None
        if Field.ROLE in self.places and part is None:
            part = Part.TEACHER if "teach" in self.cell(row, Field.ROLE).lower() else None
            if part is None:
                self.fault(row, Field.ROLE, "This role is not one we know; the row was left out.")
                return
        if part in (Part.FAMILY, Part.OTHER_STAFF):
            return
        kept = [what for what in (Field.CLASS, *_ABOUT_TEACHERS) if is_formula(self.cell(row, what)) and part is not Part.PUPIL]
        if kept:
            self.fault(row, kept[0], "A spreadsheet would run this cell as a formula; the row was left out.")
            return
        teacher = None if part is Part.PUPIL else self._teacher(row, needed=part is Part.TEACHER)
        for name in self._class_names(row):
            draft = self._class(name, row)
            if draft is not None:
                self._fill(draft, row, part, teacher)

    def _class_names(self, row: Row) -> list[str]:
        cell = self.cell(row, Field.CLASS)
        names = [cell] if Field.ROLE not in self.places else re.split(r"[,;]", cell)
        return list(dict.fromkeys(name.strip() for name in names if name.strip()))

    def _class(self, name: str, row: Row) -> _Draft | None:
        if len(name) > 40:
            self.fault(row, Field.CLASS, "The name of a class has at most 40 letters; the row was left out.")
            return None
        return self.classes.setdefault(name.casefold(), _Draft(name, row.number))

    def _fill(self, draft: _Draft, row: Row, part: Part | None, teacher: str | None) -> None:
        if teacher and teacher not in draft.leads:
            draft.leads.append(teacher)
        self._year(draft, row)
        self._size(draft, row)
        self._slot(draft, row)
        columns = (Field.PUPIL, *sorted(_ABOUT_TEACHERS)) if part is Part.PUPIL else (Field.PUPIL,)
        pupil = "\n".join(cell.casefold() for what in columns for cell in self.cells(row, what))
        if pupil.strip():
            if pupil in draft.pupils:
                self.fault(row, Field.PUPIL, "This pupil is in the class already; counted once.")
            draft.pupils.add(pupil)

    def _year(self, draft: _Draft, row: Row) -> None:
        said = self.cell(row, Field.YEAR)
        years = years_of(said)
        if years is None:
            self.fault(row, Field.YEAR, "This is not a year group from Reception to Year 13.")
        elif years:
            draft.years = tuple(sorted({*draft.years, *years}, key=lambda year: year.number))

    def _size(self, draft: _Draft, row: Row) -> None:
        said = self.cell(row, Field.SIZE)
        if not said:
            return
        if not re.fullmatch(r"\d{1,3}", said) or not 1 <= int(said) <= 400:
            self.fault(row, Field.SIZE, "This is not a number of pupils from 1 to 400.")
        else:
            draft.size = int(said)

    def _slot(self, draft: _Draft, row: Row) -> None:
        day, starts = self.cell(row, Field.DAY), self.cell(row, Field.STARTS)
        if not day and not starts:
            return
        weekday = _WEEKDAYS.get(day.lower()[:3])
        clock = clock_of(re.sub(r":00$", "", starts) if starts.count(":") == 2 else starts, self.cell(row, Field.MINUTES) or "60")
        if weekday is None:
            self.fault(row, Field.DAY, "This is not a day from Monday to Friday; the time was left out.")
        elif clock is None:
            self.fault(row, Field.STARTS, "This is not a time such as 09:10 with minutes from 5 to 300; it was left out.")
        else:
            draft.slots.append(SlotEntry(weekday=weekday, week=self._week(row), starts_at=clock[0], minutes=clock[1]))

    def _week(self, row: Row) -> WeekLetter | None:
        said = self.cell(row, Field.WEEK).upper().removeprefix("WEEK").strip()
        return {"A": WeekLetter.A, "1": WeekLetter.A, "B": WeekLetter.B, "2": WeekLetter.B}.get(said)

    def _teacher(self, row: Row, *, needed: bool) -> str | None:
        """Keep the teacher of a row; give their key."""
        split = f"{self.cell(row, Field.TEACHER_FIRST)} {self.cell(row, Field.TEACHER_LAST)}".strip()
        name, typed = (self.cell(row, Field.TEACHER) or split)[:120], self.cell(row, Field.TEACHER_EMAIL)
        if not name and not typed:
            if needed:
                self.fault(row, Field.TEACHER, "There is no name, so nobody was taken from this row.")
            return None
        email = email_of(typed) or ""
        if typed and not email:
            self.fault(row, Field.TEACHER_EMAIL, "This is not an address we can write to.")
        name = name or email
        if not name:
            return None
        entry_key = self.key("person", email or name.casefold())
        where = f"{self.sheet.file}, row {row.number}"
        self.staff.setdefault(entry_key, StaffEntry(key=entry_key, name=name, email=email, where=where))
        return entry_key


def read_table(sheet: Sheet, columns: Mapping[int, Field], *, key: Key, findings: Findings) -> Roster:
    """Read a table by its columns. Pupils are counted while reading; nothing of them is kept."""
    reading = _Reading(sheet, columns, key, findings)
    for row in sheet.rows:
        reading.read(row)
    counted = any(draft.pupils for draft in reading.classes.values())
    return Roster(
        kind=ImportKind.TABLE,
        staff=tuple(reading.staff.values()),
        classes=tuple(_entry(draft, sheet, key, counted) for draft in reading.classes.values()),
        whole_staff=False,
        whole_classes=None,
        whole_enrolments=False,
        findings=findings.all(),
    )


def _entry(draft: _Draft, sheet: Sheet, key: Key, counted: bool) -> ClassEntry:
    return ClassEntry(
        key=key("table class", draft.name.casefold()),
        name=draft.name,
        years=draft.years or years_in_title(draft.name),
        year_text=draft.year_text,
        size=draft.size or (len(draft.pupils) if counted else None),
        leads=tuple(draft.leads),
        sort=ClassSort.OTHER,
        slots=tuple(draft.slots) or None,
        where=f"{sheet.file}, row {draft.row}",
    )
