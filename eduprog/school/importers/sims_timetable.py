"""The timetable report of SIMS: one row for each pupil and lesson. It gives registration groups, their size and their times."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from eduprog.school.importers.sheets import Row, Sheet
from eduprog.school.importers.values import ClassEntry, ClassSort, Findings, Key, Meeting, Roster
from eduprog.school.importers.wording import is_formula, tidy, years_in_title
from eduprog.school.rules import ImportKind, WeekLetter

_DAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4}
_PERIOD = re.compile(r"(?:(?:wk|week)?\s*([12AB])\s*[-: ]?)?(mon|tue|wed|thu|fri)[a-z]*\s*[:. -]\s*(\w{1,6})", re.IGNORECASE)
_HEADINGS = {
    "pupil": ("name", "student", "student name", "pupil", "pupil name"),
    "reg": ("reg", "reg group", "registration group", "tutor group", "reg."),
    "subject": ("subject code", "subject", "sub"),
    "staff": ("initials", "staff", "staff code", "teacher", "staff initials"),
    "period": ("period", "periods", "period code", "timetable period"),
}
_NEEDED = ("pupil", "reg", "subject", "period")


@dataclass
class _Group:
    name: str
    row: int
    pupils: set[str] = field(default_factory=set)
    meetings: dict[Meeting, None] = field(default_factory=dict)
    places: dict[tuple[str, str], str] = field(default_factory=dict)


def _places(sheet: Sheet) -> dict[str, int]:
    plain = [heading.lower().strip(" .") for heading in sheet.headings]
    found = {}
    for part, names in _HEADINGS.items():
        place = next((plain.index(name) for name in names if name in plain), None)
        if place is not None:
            found[part] = place
    return found


def looks_like_sims(sheet: Sheet) -> bool:
    """Say whether a table is a timetable report: its headings, and period codes such as 1Mon:4 in most of its rows."""
    places = _places(sheet)
    if not set(_NEEDED) <= set(places):
        return False
    codes = [row.cell(places["period"]) for row in sheet.rows[:200]]
    return sum(bool(_PERIOD.fullmatch(code)) for code in codes) * 2 > len(codes)


def read_sims(sheet: Sheet, *, key: Key, findings: Findings) -> Roster:
    """Read a report: its registration groups as classes. Pupils are counted by name while reading; no name is kept."""
    places = _places(sheet)
    groups: dict[str, _Group] = {}
    letters: set[str] = set()
    for row in sheet.rows:
        group = _group(row, places, sheet, groups, findings)
        if group is not None:
            _read_lesson(row, places, sheet, group, letters, findings)
    if letters & {"1", "2"}:
        findings.note("Week 1 of the timetable was read as week A, week 2 as week B.", file=sheet.file)
    findings.note("Sizes count the pupils of this report, by name.", file=sheet.file)
    return Roster(
        kind=ImportKind.SIMS_TIMETABLE,
        classes=tuple(_entry(group, sheet, key) for group in groups.values()),
        findings=findings.all(),
    )


def _entry(group: _Group, sheet: Sheet, key: Key) -> ClassEntry:
    return ClassEntry(
        key=key("registration group", group.name.casefold()),
        name=group.name,
        years=years_in_title(group.name),
        size=len(group.pupils),
        sort=ClassSort.TUTOR,
        meetings=tuple(group.meetings),
        where=f"{sheet.file}, row {group.row}",
    )


def _group(row: Row, places: dict[str, int], sheet: Sheet, groups: dict[str, _Group], findings: Findings) -> _Group | None:
    name = tidy(row.cell(places["reg"]))
    pupil = tidy(row.cell(places["pupil"])).casefold()
    if not name or name == "?" or is_formula(name) or len(name) > 40:
        text = "There is no registration group that can be taken; the row was left out."
        findings.fault(text, file=sheet.file, row=row.number, column=sheet.headings[places["reg"]])
        return None
    group = groups.setdefault(name.casefold(), _Group(name, row.number))
    if pupil:
        group.pupils.add(pupil)
    else:
        text = "There is no pupil, so nobody was counted."
        findings.note(text, file=sheet.file, row=row.number, column=sheet.headings[places["pupil"]])
    return group


def _read_lesson(row: Row, places: dict[str, int], sheet: Sheet, group: _Group, letters: set[str], findings: Findings) -> None:
    typed, subject = tidy(row.cell(places["period"])), tidy(row.cell(places["subject"]))
    code = _PERIOD.fullmatch(typed)
    if code is None:
        text = "This is not a period such as 1Mon:4; the lesson was left out."
        findings.fault(text, file=sheet.file, row=row.number, column=sheet.headings[places["period"]])
        return
    if not subject or subject == "?":
        text = "There is no subject; this lesson was left out."
        findings.fault(text, file=sheet.file, row=row.number, column=sheet.headings[places["subject"]])
        return
    letters.add((code[1] or "").upper())
    pupil = tidy(row.cell(places["pupil"])).casefold()
    if group.places.setdefault((pupil, typed.lower()), subject) != subject:
        text = "This pupil is in two lessons at one time. If two pupils share a name, the size is one too small."
        findings.note(text, file=sheet.file, row=row.number, column=sheet.headings[places["period"]])
    staff = tidy(row.cell(places.get("staff")))
    week = {"1": WeekLetter.A, "A": WeekLetter.A, "2": WeekLetter.B, "B": WeekLetter.B}.get((code[1] or "").upper())
    meeting = Meeting(
        subject=subject[:12], staff_code="" if staff == "?" else staff[:12], weekday=_DAYS[code[2].lower()], week=week,
        period=code[3].lower(),
    )  # fmt: skip
    group.meetings.setdefault(meeting)
