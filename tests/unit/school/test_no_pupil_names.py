"""No name of a child comes in by a file: fifty tables as schools have them, each refused or read without its pupils' names."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from datetime import date

from eduprog.coverage.importers import read_framework
from eduprog.curriculum.vocabulary import Nation
from eduprog.families.importers import read_contacts
from eduprog.library.importers import read_scheme
from eduprog.school.importers.calendar import read_calendar_file
from eduprog.school.importers.columns import ColumnsNeeded
from eduprog.school.importers.reading import read_files
from eduprog.school.importers.uploads import Upload
from eduprog.school.importers.values import FileRefused
from tests.support.figures import tell
from tests.unit.school.test_school_import_files import workbook

CHILD = ("Zebedee", "Quillfeather", "Zebedee Quillfeather", "Quillfeather, Zebedee")
FIRST, LAST, WHOLE, TURNED = CHILD
DAY = date(2026, 11, 24)


@dataclass(frozen=True)
class Sample:
    """A table as a school's system writes it: its headings, and the row of a child."""

    of: str
    headings: tuple[str, ...]
    row: tuple[str, ...]


# Headings as management systems, classroom programs and offices write them, and the row of a child under each.
ROSTERS = (
    Sample("SIMS, class list", ("Reg Group", "Legal Surname", "Legal Forename"), ("1 Oak", LAST, FIRST)),
    Sample("SIMS, preferred names", ("Reg", "Preferred Surname", "Preferred Forename", "UPN"), ("1 Oak", LAST, FIRST, "A1")),
    Sample("SIMS, birthdays", ("Name", "Reg Group", "Date of birth"), (TURNED, "1 Oak", "2019-03-02")),
    Sample("Arbor, roll", ("Student Name", "Registration Form", "Year Group"), (WHOLE, "1 Oak", "Year 1")),
    Sample("Arbor, class", ("Student", "Class", "Year Group"), (WHOLE, "1 Oak", "1")),
    Sample("Arbor, custom", ("First name", "Last name", "Class", "Year"), (FIRST, LAST, "1 Oak", "1")),
    Sample("Bromcom, roll", ("Surname", "Forename", "Tutor Group", "Year"), (LAST, FIRST, "1 Oak", "1")),
    Sample("Bromcom, contacts", ("Pupil Name", "Class", "Parent Name", "Home Email"), (WHOLE, "1 Oak", LAST, "a@b.example")),
    Sample("ScholarPack", ("Adno", "Forename", "Surname", "Class"), ("7", FIRST, LAST, "1 Oak")),
    Sample("RM Integris", ("Admission number", "Legal Surname", "Class"), ("7", LAST, "1 Oak")),
    Sample("Pupil Asset", ("Pupil", "Class", "Gender", "SEN"), (WHOLE, "1 Oak", "F", "K")),
    Sample("Wonde", ("mis_id", "forename", "surname", "class name", "year"), ("7", FIRST, LAST, "1 Oak", "1")),
    Sample("a classroom program", ("Student first name", "Student last name", "Group"), (FIRST, LAST, "1 Oak")),
    Sample("a quiz program", ("First Name", "Last Name", "Class", "Password"), (FIRST, LAST, "1 Oak", "bee")),
    Sample("German school", ("Nachname", "Vorname", "Klassen"), (LAST, FIRST, "1 Oak")),
    Sample("with roles", ("Role", "First name", "Last name", "Class", "Email"), ("student", FIRST, LAST, "1 Oak", "z@s.example")),
    Sample("with user types", ("User type", "Name", "Group name"), ("pupil", WHOLE, "1 Oak")),
    Sample("counted", ("Class", "Year", "Pupil"), ("1 Oak", "1", WHOLE)),
    Sample("names beside teachers", ("Class", "Teacher", "Pupil name"), ("1 Oak", "A Smith", WHOLE)),
    Sample("a club", ("Class", "Year", "Child"), ("1 Oak", "1", WHOLE)),
    Sample("dinner money", ("Class", "Child's name", "Free meals"), ("1 Oak", WHOLE, "yes")),
    Sample("free text", ("Class", "Year", "Notes"), ("1 Oak", "1", f"{WHOLE} is in care")),
    Sample("premium", ("Class", "Year group", "Pupil premium names"), ("1 Oak", "Year 1", WHOLE)),
    Sample("known as", ("Class", "Known as", "Year"), ("1 Oak", FIRST, "1")),
    Sample("initials", ("UPN", "Class", "Known name"), ("A12", "1 Oak", WHOLE)),
)
CONTACTS = (
    Sample("mail merge", ("Email", "Class", "Pupil name"), ("a@b.example", "Y1 Oak", WHOLE)),
    Sample("two names", ("Child forename", "Child surname", "Parent email", "Class"), (FIRST, LAST, "a@b.example", "Y1 Oak")),
    Sample("turned", ("Class", "Email address", "Child"), ("Y1 Oak", "a@b.example", TURNED)),
    Sample("priority", ("Student", "Reg Group", "Contact 1 Email", "Priority"), (WHOLE, "Y1 Oak", "a@b.example", "1")),
    Sample("birthday", ("Email", "Class", "DOB", "Name"), ("a@b.example", "Y1 Oak", "2019-03-02", WHOLE)),
    Sample("relation", ("Email", "Class", "Relationship"), ("a@b.example", "Y1 Oak", f"mother of {WHOLE}")),
    Sample("two addresses", ("Pupil email", "Parent email", "Class"), ("z@s.example", "a@b.example", "Y1 Oak")),
    Sample("no class", ("Email", "Pupil"), ("a@b.example", WHOLE)),
)
FRAMEWORKS = (
    Sample("reports", ("Pupil name", "Comment"), (WHOLE, f"{FIRST} can say whom to ask for help")),
    Sample("marks", ("Forename", "Surname", "Statement"), (FIRST, LAST, f"{FIRST} knows whom to ask for help")),
    Sample("notes of a child", ("Child", "Notes"), (WHOLE, f"{FIRST} told us about home")),
    Sample("assessment", ("Student", "Statement", "Met"), (WHOLE, "Knows whom to ask", "yes")),
    Sample("by number", ("UPN", "Statement"), ("A12", f"{FIRST} knows whom to ask for help")),
    Sample("a plan for one", ("Learner", "Target"), (WHOLE, f"{FIRST} will name two adults")),
    Sample("legal names", ("Legal surname", "Legal forename", "Objective"), (LAST, FIRST, f"{FIRST} names feelings")),
    Sample("birthdays", ("Date of birth", "Statement"), ("2019-03-02", f"{FIRST} names feelings")),
)
SCHEMES = (
    Sample("groups", ("Title", "Year group", "Half-term", "Pupils"), ("Being kind", "Year 1", "Autumn 1", WHOLE)),
    Sample("a register", ("Pupil", "Title", "Year group", "Half-term"), (WHOLE, f"{FIRST} with a helper", "Year 1", "Autumn 1")),
    Sample("for one child", ("Child", "Lesson", "Year", "Term"), (WHOLE, f"Talk with {FIRST}", "Year 1", "Autumn 1")),
    Sample("only names", ("Forename", "Surname"), (FIRST, LAST)),
    Sample("with a number", ("UPN", "Title", "Year group", "Half-term"), ("A12", f"Talk with {FIRST}", "Year 1", "Autumn 1")),
)
EVENTS = (
    Sample("birthdays", ("Date", "Birthday"), ("24/11/2026", WHOLE)),
    Sample("meetings", ("Date", "Pupil", "Event"), ("24/11/2026", WHOLE, "Review")),
    Sample("absences", ("Pupil name", "Date", "Reason"), (WHOLE, "24/11/2026", "Hospital")),
    Sample("exclusions", ("Start", "End", "Student"), ("24/11/2026", "26/11/2026", WHOLE)),
)
KINDS = {"roster": ROSTERS, "contacts": CONTACTS, "framework": FRAMEWORKS, "scheme": SCHEMES, "term dates": EVENTS}


def _read(kind: str, name: str, data: bytes) -> object:
    if kind == "roster":
        return read_files([Upload(name, data)], columns=None, remembered={}, key=lambda *_parts: "key", today=DAY,
                          year_starts_on=date(2026, 9, 1))  # fmt: skip
    if kind == "contacts":
        return read_contacts(Upload(name, data), {"Y1 Oak": 1})
    if kind == "framework":
        return read_framework(name, data)
    if kind == "scheme":
        return read_scheme(name, data, "")
    return read_calendar_file(name, data, nation=Nation.ENGLAND, academic_year=2026)


def _csv(sample: Sample) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([sample.headings, sample.row])
    return out.getvalue().encode()


def _told(kind: str, name: str, data: bytes) -> tuple[str, str]:
    """Give whether it was read or refused, and everything that is kept or said of it."""
    try:
        return "read", repr(_read(kind, name, data))
    except (FileRefused, ColumnsNeeded) as refused:
        return "refused", f"{refused} {vars(refused)}"


def test_of_fifty_tables_with_pupils_none_brings_a_name_in() -> None:
    wrong, outcomes = [], Counter[str]()
    samples = [(kind, sample) for kind, found in KINDS.items() for sample in found]
    for kind, sample in samples:
        for name, data in (("a.csv", _csv(sample)), ("a.xlsx", workbook([list(sample.headings), list(sample.row)]))):
            outcome, held = _told(kind, name, data)
            outcomes[outcome] += 1
            wrong += [f"{kind}, {sample.of}, {name}: {held[:200]}" for one in CHILD if one in held]
    done = f"{outcomes['refused']} refused, {outcomes['read']} read without what is a pupil's"
    tell(f"{len(samples)} tables with pupils in them, as CSV and as Excel: {done}, {len(wrong)} names came in")
    assert wrong == [], "\n".join(wrong)
    assert len(samples) >= 50
