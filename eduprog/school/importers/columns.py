"""Which column of a plain table is which: recognised by its heading where that leaves no doubt, else asked and remembered."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from eduprog.core.errors import Refusal
from eduprog.school.importers.sheets import Sheet


class Field(StrEnum):
    """What a column of a table holds. What is not named here is not read."""

    CLASS = "class"
    YEAR = "year"
    SIZE = "size"
    TEACHER = "teacher"
    TEACHER_FIRST = "teacher-first"
    TEACHER_LAST = "teacher-last"
    TEACHER_EMAIL = "teacher-email"
    ROLE = "role"
    PUPIL = "pupil"
    DAY = "day"
    STARTS = "starts"
    MINUTES = "minutes"
    WEEK = "week"

    @property
    def label(self) -> str:
        """Give the words for people."""
        return _LABELS[self]


_LABELS = {
    Field.CLASS: "Class", Field.YEAR: "Year group", Field.SIZE: "Number of pupils", Field.TEACHER: "Teacher: whole name",
    Field.TEACHER_FIRST: "Teacher: first name", Field.TEACHER_LAST: "Teacher: last name", Field.TEACHER_EMAIL: "Teacher: email",
    Field.ROLE: "Role (staff or pupil)", Field.PUPIL: "Pupil (counted, not kept)", Field.DAY: "Day of the lesson",
    Field.STARTS: "Start of the lesson", Field.MINUTES: "Minutes of the lesson", Field.WEEK: "Week A or B",
}  # fmt: skip
_HEADINGS = {
    Field.CLASS: ("class", "class name", "classname", "classes", "group", "group name", "groupname", "teaching group", "reg",
                  "reg group", "registration", "registration group", "tutor group", "form", "form group", "klassen",
                  "class code"),
    Field.YEAR: ("year", "year group", "yeargroup", "nc year", "national curriculum year", "yr", "year groups", "grade", "years"),
    Field.SIZE: ("size", "class size", "number of pupils", "pupils", "no of pupils", "number on roll", "pupil count", "students"),
    Field.TEACHER: ("teacher", "class teacher", "teacher name", "tutor", "form tutor", "lead teacher", "staff", "staff name",
                    "member of staff", "main teacher"),
    Field.TEACHER_FIRST: ("teacher first name", "teacher forename", "staff forename", "staff first name"),
    Field.TEACHER_LAST: ("teacher last name", "teacher surname", "staff surname", "staff last name"),
    Field.TEACHER_EMAIL: ("teacher email", "staff email", "work email", "school email", "class teacher email", "tutor email"),
    Field.ROLE: ("role", "user type", "type", "benutzertyp", "roles"),
    Field.PUPIL: ("pupil", "pupil name", "student", "student name", "pupil id", "student id", "studentid", "upn", "adno",
                  "admission number", "studentforename", "studentsurname", "pupil forename", "pupil surname",
                  "student forename", "student surname",
                  "sisid", "legal surname", "legal forename"),
    Field.DAY: ("day", "weekday"),
    Field.STARTS: ("start", "starts", "start time", "starts at", "time"),
    Field.MINUTES: ("minutes", "length", "duration", "duration minutes"),
    Field.WEEK: ("week", "timetable week"),
}  # fmt: skip
_SOMEBODY = {
    "forename": Field.TEACHER_FIRST, "first name": Field.TEACHER_FIRST, "firstname": Field.TEACHER_FIRST,
    "vorname": Field.TEACHER_FIRST, "surname": Field.TEACHER_LAST, "last name": Field.TEACHER_LAST,
    "lastname": Field.TEACHER_LAST, "nachname": Field.TEACHER_LAST, "name": Field.TEACHER,
    "full name": Field.TEACHER, "email": Field.TEACHER_EMAIL,
    "e-mail": Field.TEACHER_EMAIL, "email address": Field.TEACHER_EMAIL, "mail": Field.TEACHER_EMAIL,
}  # fmt: skip
_OF_FAMILIES = re.compile(r"contact|parent|relationship|guardian|priority|carer|home email|mobile", re.IGNORECASE)


class ColumnsNeeded(Refusal):
    """Say which column is which."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(f"{sheet.file}: say which column is which, and choose the file again; it was not kept.")
        self.file = sheet.file
        self.headings = tuple(enumerate(sheet.headings))
        self.suggested = _recognised(sheet.headings)
        self.headings_digest = headings_digest(sheet.headings)


def headings_digest(headings: Sequence[str]) -> str:
    """Give a digest by which a table of the same shape is known again."""
    return hashlib.sha256("\n".join(_plain(heading) for heading in headings).encode()).hexdigest()


def _plain(heading: str) -> str:
    return re.sub(r"[\s_]+", " ", heading.lower()).strip(" .:*")


def _recognised(headings: Sequence[str]) -> dict[int, Field]:
    known = {heading: what for what, names in _HEADINGS.items() for heading in names}
    return {place: known[_plain(heading)] for place, heading in enumerate(headings) if _plain(heading) in known}


def columns_of(headings: Sequence[str]) -> dict[int, Field] | None:
    """Give which column is which if the headings leave no doubt, else None: then somebody is asked."""
    found = _recognised(headings)
    if any(_OF_FAMILIES.search(heading) for heading in headings):
        return None  # whose address an "email" is would be a guess
    for place, heading in enumerate(headings):
        what = _SOMEBODY.get(_plain(heading))
        if what is None:
            continue
        if Field.ROLE in found.values():
            found[place] = what
        elif Field.CLASS in found.values() or Field.YEAR in found.values() or len(found) == 0:
            return None  # "Forename" may be a pupil's or a teacher's
        else:
            return None
    once = Counter(found.values())
    doubled = any(count > 1 for what, count in once.items() if what is not Field.PUPIL)
    enough = Field.CLASS in once or {Field.TEACHER, Field.TEACHER_EMAIL} <= set(once)
    return None if doubled or not enough else found
