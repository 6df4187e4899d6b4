"""A bought scheme from a spreadsheet of three columns: title, year group, half-term. Faults are told by row and column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from eduprog.curriculum.vocabulary import HalfTermBlock, YearGroup

MOST_ROWS = 400
LONGEST_TITLE = 120
_HEADINGS = {
    "title": ("title", "lesson", "lesson title", "name", "topic", "lesson name", "unit", "session"),
    "year": ("year", "year group", "yr", "class", "age", "y", "years"),
    "block": ("half-term", "half term", "halfterm", "term", "when", "ht", "block", "half - term"),
}
_NAMES = {"title": "Title", "year": "Year group", "block": "Half-term"}
_SEASONS = {"aut": 0, "autumn": 0, "a": 0, "spr": 1, "spring": 1, "sp": 1, "sum": 2, "summer": 2, "su": 2}


@dataclass(frozen=True)
class MappedRow:
    """A lesson of the scheme as its row says it; `number` is the row as a spreadsheet counts."""

    number: int
    title: str
    year: YearGroup
    block: HalfTermBlock


@dataclass(frozen=True)
class MappingFault:
    """A cell that could not be read, and how to mend it."""

    row: int
    column: str
    text: str


def read_rows(table: Sequence[tuple[int, Sequence[str]]]) -> tuple[list[MappedRow], list[MappingFault]]:
    """Read numbered rows of cells, headings first (or none, if the columns are title, year and half-term in this order)."""
    if not table:
        return [], [MappingFault(1, "A", "The table is empty. Write a title, a year group and a half-term in each row.")]
    places = _places(table[0][1])
    rest = table[1:] if places else table
    places = places or {"title": 0, "year": 1, "block": 2}
    missing = [name for key, name in _NAMES.items() if key not in places]
    if missing:
        words = ", ".join(missing)
        return [], [
            MappingFault(table[0][0], "", f"No column is headed {words}. Name three columns Title, Year group, Half-term.")
        ]
    if not rest:
        return [], [MappingFault(table[0][0] + 1, "A", "There is no lesson under the headings. Write one in each row.")]
    if len(rest) > MOST_ROWS:
        return [], [MappingFault(rest[MOST_ROWS][0], "A", f"There are more than {MOST_ROWS} rows. Bring the scheme in parts.")]
    return _rows(rest, places)


def _rows(rest: Sequence[tuple[int, Sequence[str]]], places: dict[str, int]) -> tuple[list[MappedRow], list[MappingFault]]:
    rows, faults = [], []
    for number, cells in rest:
        said = {key: _cell(cells, place) for key, place in places.items()}
        year, block = year_of(said["year"]), block_of(said["block"])
        wrong = [
            ("title", not said["title"], "The title is missing. Write the title of the lesson."),
            ("title", len(said["title"]) > LONGEST_TITLE, f"The title is longer than {LONGEST_TITLE} letters. Shorten it."),
            ("year", year is None, f"“{said['year']}” is not a year group. Write Reception, or Year 1 to Year 13."),
            ("block", block is None, f"“{said['block']}” is not a half-term. Write Autumn 1 to Summer 2, or 1 to 6."),
        ]
        found = [
            MappingFault(number, f"{_letter(places[key])} ({_NAMES[key]})", text) for key, is_wrong, text in wrong if is_wrong
        ]
        faults += found
        if year is not None and block is not None and not found:
            rows.append(MappedRow(number, said["title"], year, block))
    return rows, faults + _repeated(rows, _letter(places["title"]))


def _repeated(rows: Sequence[MappedRow], letter: str) -> list[MappingFault]:
    first: dict[tuple[str, YearGroup], int] = {}
    faults = []
    for row in rows:
        before = first.setdefault((row.title.casefold(), row.year), row.number)
        if before != row.number:
            text = f"“{row.title}” stands in row {before} for {row.year.label} already. Take one away, or tell them apart."
            faults.append(MappingFault(row.number, f"{letter} (Title)", text))
    return faults


def year_of(written: str) -> YearGroup | None:
    """Read a year group however schools write it: Year 4, Y4, Yr 4, 4, Reception, R, YR, EYFS; None for anything else."""
    plain = re.sub(r"\.0$|[\s.\-_]", "", written.strip().casefold())  # a spreadsheet may say 4.0
    if plain in ("r", "yr", "rec", "reception", "eyfs", "yearr", "0"):
        return YearGroup.R
    found = re.fullmatch(r"(?:year|yr|y)?(\d{1,2})", plain)
    number = int(found.group(1)) if found else 0
    return next((year for year in YearGroup if number and year.number == number), None)


def block_of(written: str) -> HalfTermBlock | None:
    """Read a half-term: Autumn 1, Aut1, Spring term 2, HT3, 1 to 6; None for anything else."""
    plain = re.sub(r"\.0$|half[\s-]*term|term|[\s.\-_()]", "", written.strip().casefold())
    blocks = list(HalfTermBlock)
    if found := re.fullmatch(r"(?:ht|h)?([1-6])", plain):
        return blocks[int(found.group(1)) - 1]
    if found := re.fullmatch(r"([a-z]+?)([12])(?:st|nd)?", plain):
        season = _SEASONS.get(found.group(1))
        return None if season is None else blocks[season * 2 + int(found.group(2)) - 1]
    return None


def _places(headings: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        plain = " ".join(heading.casefold().split())
        for key, names in _HEADINGS.items():
            if plain in names:
                found.setdefault(key, place)
    return found


def _cell(cells: Sequence[str], place: int) -> str:
    return " ".join(cells[place].split()) if place < len(cells) else ""


def _letter(place: int) -> str:
    return chr(ord("A") + place) if place < 26 else f"column {place + 1}"
