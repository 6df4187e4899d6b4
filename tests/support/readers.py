"""Everything that reads what others send, with samples of it: for tests that spoil it and for the fuzzer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path, PurePosixPath

from eduprog.core.paths import LESSONS
from eduprog.coverage.importers import read_framework
from eduprog.curriculum.reading import collect_files
from eduprog.curriculum.vocabulary import Nation
from eduprog.families.importers import read_contacts
from eduprog.families.rules.published import without_authors
from eduprog.library.exports.own_modules import module_zip
from eduprog.library.importers import read_scheme
from eduprog.library.importers.modules import read_module_zip
from eduprog.mail.rules.returned import read_returned
from eduprog.school.importers.calendar import read_calendar_file
from eduprog.school.importers.reading import read_files
from eduprog.school.importers.uploads import Upload
from tests.support.papers import a_pdf
from tests.support.rosters import a_school_set
from tests.unit.school.test_school_import_files import workbook

SAMPLE = Path(__file__).parent.parent / "unit" / "curriculum" / "sample"
DAY = date(2026, 11, 24)


def a_module() -> dict[str, bytes]:
    """Give the files of a module of ours, by name."""
    folder = LESSONS / "k1" / "K1-C1"
    found = sorted(folder.glob("*.md")) or sorted(next(LESSONS.rglob("module.md")).parent.glob("*.md"))
    return {path.name: path.read_bytes() for path in found}


_ROSTER = a_school_set(classes=2, pupils=2).zipped()
_CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261026\r\n"
    b"DTEND;VALUE=DATE:20261031\r\nSUMMARY:Half term\r\nRRULE:FREQ=YEARLY;COUNT=3\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
_TERMS = b"Autumn term 2026\nStarts: Tuesday 1 September\nHalf term: 26 - 30 October\nEnds: Friday 18 December\n"
_CLASSES = b"Class,Year group,Teacher,Email\n1 Oak,1,A Smith,a@school.example\n4 Ash,4,B Jones,b@school.example\n"
_CONTACTS = b"Email,Class\nnew@home.example,Y1 Oak\nb@home.example,Y1 Oak\n"
_MAIL = (
    b"From: MAILER-DAEMON@x.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n"
    b"Content-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; a@x.example\r\nAction: failed\r\n"
    b"Status: 5.1.1\r\n\r\n--b--\r\n"
)


def _tables(data: bytes) -> None:
    read_files([Upload("a.zip" if data[:2] == b"PK" else "a.csv", data)], columns=None, remembered={}, key="{}-{}".format,
               today=DAY, year_starts_on=date(2026, 9, 1))  # fmt: skip


# What is read, and by what. Each is refused with FileRefused or read; nothing else.
READERS: dict[str, tuple[tuple[bytes, ...], Callable[[bytes], object]]] = {
    "rosters and timetables": ((_ROSTER, _CLASSES, workbook([["Class", "Year"], ["1 Oak", 1]])), _tables),
    "calendars": (
        (_CALENDAR, _TERMS, b"Date,Event\n26/10/2026,Half term begins\n"),
        lambda data: read_calendar_file("a.ics", data, nation=Nation.ENGLAND, academic_year=2026),
    ),
    "contacts": (
        (_CONTACTS, workbook([["Email", "Class"], ["a@b.example", "Y1 Oak"]])),
        lambda data: read_contacts(Upload("c.csv", data), {"Y1 Oak": 1}),
    ),
    "frameworks": ((b"Code,Statement,Year\nB1,Knows whom to ask,1\n",), lambda data: read_framework("f.csv", data)),
    "schemes": ((b"Title,Year group,Half-term\nBeing kind,Year 1,Autumn 1\n",), lambda data: read_scheme("s.csv", data, "")),
    "modules": ((module_zip(a_module()),), lambda data: read_module_zip("m.zip", data)),
    "policies": ((a_pdf("Ada"), a_pdf("Bea", pages=3)), lambda data: without_authors(data, "Policy")),
    "returned messages": ((_MAIL,), read_returned),
}


def lesson_files() -> dict[PurePosixPath, bytes]:
    """Give a small library of lesson files with the vocabulary and the help sources it needs."""
    sample = collect_files(SAMPLE)
    return sample | {PurePosixPath(name): (LESSONS / name).read_bytes() for name in ("vocabulary.yaml", "help-sources.yaml")}
