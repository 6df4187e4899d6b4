"""The trust: three schools, their classes, and who leads which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from eduprog.curriculum.vocabulary import YearGroup
from eduprog.organisations.rules import Phase

TRUST_NAME = "Riverbank Trust"
_RIVER = ("Otter", "Heron", "Kingfisher", "Dragonfly")
_FORMS = "ABCDEFGHIJ"


class Timetable(StrEnum):
    """In which kind of time a class meets us, and who leads it."""

    WEEKLY = "weekly PSHE with the class teacher"
    FORTNIGHTLY = "PSHE every other week with a specialist"
    TUTOR_TIME = "tutor time every week with the form tutor"


@dataclass(frozen=True)
class SchoolSketch:
    """A school before it exists. `mixed` are pairs of year groups that share two classes; specialists teach Years 7 to 9."""

    name: str
    domain: str
    phase: Phase
    phone: str
    forms: dict[YearGroup, int]
    mixed: tuple[tuple[YearGroup, YearGroup], ...]
    specialists: int
    had_snow: bool
    two_weeks: bool
    classes_with_parents: int

    @property
    def years(self) -> tuple[YearGroup, ...]:
        """Give the year groups of the school, youngest first."""
        return tuple(self.forms)


@dataclass(frozen=True)
class ClassSketch:
    """A class before it exists."""

    name: str
    years: tuple[YearGroup, ...]
    timetable: Timetable


def _forms(primary: int, lower: int, upper: int, sixth: tuple[int, int]) -> dict[YearGroup, int]:
    """Give forms a year group: of Reception to Year 6, Years 7 to 9, Years 10 and 11, Years 12 and 13; none leaves a year out."""
    counts = {year: _count(year, primary, lower, upper, sixth) for year in YearGroup}
    return {year: count for year, count in counts.items() if count}


def _count(year: YearGroup, primary: int, lower: int, upper: int, sixth: tuple[int, int]) -> int:
    if year.number <= 6:
        return primary
    if year.number <= 9:
        return lower
    return upper if year.number <= 11 else sixth[year.number - 12]


SCHOOLS = (
    SchoolSketch(
        "Millbrook Primary School", "millbrook.example", Phase.PRIMARY, "01632 960101", _forms(3, 0, 0, (0, 0)),
        mixed=((YearGroup.Y1, YearGroup.Y2),), specialists=0, had_snow=True, two_weeks=False, classes_with_parents=4,
    ),
    SchoolSketch(
        "Weirside Academy", "weirside.example", Phase.SECONDARY, "01632 960102", _forms(0, 8, 8, (4, 4)),
        mixed=(), specialists=4, had_snow=False, two_weeks=True, classes_with_parents=4,
    ),
    SchoolSketch(
        "Heronsgate School", "heronsgate.example", Phase.ALL_THROUGH, "01632 960103", _forms(4, 5, 5, (4, 3)),
        mixed=((YearGroup.Y3, YearGroup.Y4), (YearGroup.Y5, YearGroup.Y6)), specialists=3, had_snow=True, two_weeks=True,
        classes_with_parents=5,
    ),
)  # fmt: skip


def classes_of(school: SchoolSketch) -> Iterator[ClassSketch]:
    """Give the classes of a school, youngest first. Where two year groups share classes, each keeps one form fewer of its own."""
    for year in school.years:
        shared = [pair for pair in school.mixed if year in pair]
        names = _RIVER if year.number <= 6 else _FORMS
        for name in names[: school.forms[year] - len(shared)]:
            yield ClassSketch(_name(year, name), (year,), _timetable(year))
        for pair in shared:
            if year is pair[0]:
                for name in names[-len(pair) :]:
                    yield ClassSketch(f"{pair[0].short}/{pair[1].number} {name}", pair, _timetable(year))


def _name(year: YearGroup, name: str) -> str:
    return f"{year.short} {name}" if year.number <= 6 else f"{year.number}{name}"


def _timetable(year: YearGroup) -> Timetable:
    if year.number <= 6:
        return Timetable.WEEKLY
    return Timetable.FORTNIGHTLY if year.number <= 9 else Timetable.TUTOR_TIME
