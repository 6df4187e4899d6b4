"""A school's calendar from what it has: an uploaded iCalendar, CSV, Excel or text file, or pasted text."""

from __future__ import annotations

import codecs
import re

from eduprog.curriculum.vocabulary import Nation
from eduprog.school.importers.calendar.ics import read_ics
from eduprog.school.importers.calendar.tables import read_table
from eduprog.school.importers.pupils import refuse_pupils
from eduprog.school.importers.sheets import read_sheet
from eduprog.school.importers.uploads import Upload, opened
from eduprog.school.importers.values import FileRefused, Findings
from eduprog.school.rules.reading import CalendarReading, read_text

LARGEST = 2 * 1024 * 1024
_ICS = re.compile(rb"^\s*BEGIN\s*:\s*(?:VCALENDAR|VEVENT)", re.IGNORECASE | re.MULTILINE)
_SEPARATORS = (",", ";", "\t", r"\|")


def read_calendar_file(name: str, data: bytes, *, nation: Nation, academic_year: int | None = None) -> dict[str, CalendarReading]:
    """Read an uploaded calendar, told by its content and not its name: one reading for each school it names, else under "".

    Raises FileRefused with a sentence that says what is wrong with the file as a whole.
    """
    if len(data) > LARGEST:
        raise FileRefused("This file is larger than 2 MB. A calendar of term dates is much smaller: is it the right file?")
    if _ICS.search(_plain(data)[:4000]):
        return {"": read_ics(_decoded(data), nation=nation)}
    findings = Findings()
    tables = opened([Upload(name, data)], findings)
    if len(tables) > 1:
        raise FileRefused(f"There are {len(tables)} tables in this file. Upload the one with the term dates.")
    if _is_prose(tables[0].data):
        return {"": read_text(_decoded(tables[0].data), nation=nation, academic_year=academic_year)}
    sheet = read_sheet(tables[0], findings)
    refuse_pupils(sheet)
    return read_table(sheet, nation=nation, academic_year=academic_year)


def read_pasted(text: str, *, nation: Nation, academic_year: int | None = None) -> CalendarReading:
    """Read pasted text; an iCalendar file may be pasted too."""
    if _ICS.search(text[:4000].encode()):
        return read_ics(text, nation=nation)
    return read_text(text, nation=nation, academic_year=academic_year)


def _plain(data: bytes) -> bytes:
    return data.replace(b"\x00", b"").removeprefix(codecs.BOM_UTF8)


def _decoded(data: bytes) -> str:
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"), (b"", "utf-8-sig")):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
    return data.decode("cp1252", errors="replace")


def _is_prose(data: bytes) -> bool:
    """Tell pasted-looking text from a table: near its top a table has a row of headings, without figures, in several cells."""
    if data[:2] == b"PK":
        return False
    lines = [line for line in _decoded(data).splitlines() if line.strip()][:4]
    return not any(_is_heading(line, lines[number + 1 :]) for number, line in enumerate(lines))


def _is_heading(line: str, below: list[str]) -> bool:
    cells = {sign: len(re.split(sign, line)) for sign in _SEPARATORS}
    sign = max(cells, key=lambda one: cells[one])
    like_it = bool(below) and len(re.split(sign, below[0])) >= cells[sign]
    return cells[sign] > 1 and not re.search(r"\d", line) and like_it
