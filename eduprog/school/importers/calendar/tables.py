"""Term dates in a table: a column for the first day, perhaps one for the last, and words that say what it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from eduprog.curriculum.vocabulary import Nation
from eduprog.school.importers.sheets import Row, Sheet
from eduprog.school.rules.date_texts import DateAtom, DateContext, DatePhrase, DaysDoubted, DaysRead, Joint, dates_in, resolve
from eduprog.school.rules.reading import CalendarReading, EntryKind, NotUnderstood, read_text
from eduprog.school.rules.reading.headings import academic_years_named
from eduprog.school.rules.reading.labels import Meaning, caution_of, meaning_of
from eduprog.school.rules.reading.settling import Collected

_COLUMNS = {
    "start": (
        "start",
        "start date",
        "startdate",
        "from",
        "begins",
        "first day",
        "date",
        "starts",
        "first",
        "day",
        "opens",
        "dtstart",
        "date from",
    ),
    "end": ("end", "end date", "enddate", "to", "until", "last day", "ends", "last", "finish", "closes", "dtend", "date to"),
    "kind": ("kind", "type", "category", "event type", "day type"),
    "label": (
        "label",
        "name",
        "event",
        "subject",
        "description",
        "title",
        "summary",
        "term",
        "holiday",
        "what",
        "details",
        "period",
        "occasion",
    ),
    "year": ("year", "academic year", "school year", "academicyear"),
    "group": ("authority", "school", "council", "local authority", "lea", "la", "establishment", "academy", "site", "area"),
}
_CANCELLED = frozenset({"cancelled", "canceled"})


def read_table(sheet: Sheet, *, nation: Nation, academic_year: int | None = None) -> dict[str, CalendarReading]:
    """Read a table, one reading for each school or authority it names (under "" where it names none)."""
    columns = _columns(sheet.headings)
    if "start" not in columns or ("label" not in columns and "kind" not in columns):
        reading = _as_text(sheet, nation, academic_year)
        return {"": _without_week_numbers(reading) if _numbers_weeks(sheet.headings) else reading}
    groups: dict[str, list[Row]] = {}
    for row in sheet.rows:
        groups.setdefault(row.cell(columns.get("group")), []).append(row)
    month_first = any(_is_american(row.cell(columns[name])) for row in sheet.rows for name in ("start", "end") if name in columns)
    return {
        group: _read(rows, sheet, columns, Collected(nation), DateContext(academic_year, month_first=month_first))
        for group, rows in groups.items()
    }


def _numbers_weeks(headings: Sequence[str]) -> bool:
    return any(heading.strip().lower() in ("week", "week number", "week no", "week no.", "wk") for heading in headings)


def _without_week_numbers(reading: CalendarReading) -> CalendarReading:
    """Ask nothing about rows that only number a week: they do not say whether school is open."""
    rows = [one for one in reading.questions if not re.search(r"[^\W\d_]", one.said)]
    left = tuple(NotUnderstood(one.where, one.said, "a week’s number does not say whether school is open") for one in rows)
    asked = tuple(one for one in reading.questions if one not in rows)
    return replace(reading, questions=asked, not_understood=(*reading.not_understood, *left))


def _columns(headings: Sequence[str]) -> dict[str, int]:
    said = [re.sub(r"[\s_]+", " ", heading).strip().lower() for heading in headings]
    found: dict[str, int] = {}
    for name, words in _COLUMNS.items():
        places = [said.index(word) for word in words if word in said]
        if places:
            found[name] = places[0]
    return found


def _as_text(sheet: Sheet, nation: Nation, academic_year: int | None) -> CalendarReading:
    """Read a table whose headings say nothing to us as if it had been pasted, each row standing on its own number."""
    lines = {row.number: "\t".join(cell.replace("\n", " ") for cell in row.cells) for row in sheet.rows}
    first = min(lines, default=2)
    lines.setdefault(first - 1, "\t".join(sheet.headings))
    text = "\n".join(lines.get(number, "") for number in range(1, max(lines) + 1))
    return read_text(text, nation=nation, academic_year=academic_year, unit="row")


def _read(
    rows: Sequence[Row], sheet: Sheet, columns: Mapping[str, int], collected: Collected, context: DateContext
) -> CalendarReading:
    named: set[int] = set()
    for row in rows:
        years = academic_years_named(row.cell(columns.get("year")))
        named |= set(years)
        _row(row, sheet, columns, collected, replace(context, academic_year=years[0]) if len(years) == 1 else context)
    return collected.reading(tuple(sorted(named)))


def _row(row: Row, sheet: Sheet, columns: Mapping[str, int], collected: Collected, context: DateContext) -> None:
    where, label, kind = f"row {row.number}", row.cell(columns.get("label")), row.cell(columns.get("kind"))
    said = " · ".join(cell for cell in (label, kind, row.cell(columns["start"]), row.cell(columns.get("end"))) if cell)
    heading = sheet.headings[columns["start"]]
    phrase = _phrase(row.cell(columns["start"]), row.cell(columns.get("end")))
    if not row.cell(columns["start"]):
        collected.leave(said=said, where=f"{where}, column “{heading}”", why="there is no date")
        return
    if phrase is None:
        meaning = _meaning(kind, label, 1)
        doubt = DaysDoubted(f"column “{heading}” or the one for the last day holds no date that we can read")
        collected.add(read=doubt, meaning=meaning, said=said, where=where)
        return
    read = resolve(phrase, context)
    days = (read.last - read.first).days + 1 if isinstance(read, DaysRead) else 2 if phrase.last else 1
    collected.add(read=read, meaning=_meaning(kind, label, days), said=said, where=where)


def _meaning(kind: str, label: str, days: int) -> Meaning:
    plain = re.sub(r"[\s_-]+", "_", kind.strip().lower())
    if plain in set(EntryKind):
        return Meaning(((EntryKind(plain),),), caution_of(label))
    if plain in _CANCELLED:
        return Meaning(off_subject=True)
    by_kind = meaning_of(kind, days=days) if kind else Meaning()
    return by_kind if by_kind.is_sure else meaning_of(f"{kind} {label}", days=days)


def _phrase(start: str, end: str) -> DatePhrase | None:
    first, last = _only(start), _only(end)
    if first is None or (end and last is None):
        return None
    if not end or first.last is not None:
        return first
    assert last is not None
    return DatePhrase(first.first, last.first, "", "", Joint.FIRST)


def _only(cell: str) -> DatePhrase | None:
    """Give the one date of a cell; None where there is none or more than one, or where words stand around it."""
    found = dates_in(cell)
    if len(found) != 1 or re.search(r"[^\W\d_]{3,}", f"{found[0].before} {re.sub(r'00:00(?::00)?', '', found[0].after)}"):
        return None
    return found[0]


def _is_american(cell: str) -> bool:
    return any(_reads_only_swapped(atom) for phrase in dates_in(cell) for atom in (phrase.first, phrase.last) if atom)


def _reads_only_swapped(atom: DateAtom) -> bool:
    return atom.numeric and atom.month is not None and atom.month > 12 and atom.day <= 12
