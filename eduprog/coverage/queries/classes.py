"""Which years, classes and staff there are, as the boards need them: one statement each, plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import BindParameter, String, Table, bindparam, select, type_coerce

from eduprog.core.db import session
from eduprog.core.held import held
from eduprog.core.tenancy import current_school_id
from eduprog.coverage.rules.school_days import SchoolDays
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.school.models import AcademicYear, ClassSuccessor, HalfTerm, TeachingGroup, TeachingGroupYear
from eduprog.school.rules import HalfTermBlock, HalfTermSpan


@dataclass(frozen=True)
class YearFacts:
    """An academic year with its half-terms in order; `label` is what pages call it."""

    id: int
    starts_on: date
    ends_on: date
    spans: tuple[HalfTermSpan, ...]

    @property
    def label(self) -> str:
        """Give the name for people: "2026 to 2027"."""
        return f"{self.starts_on.year} to {self.ends_on.year}"


@dataclass(frozen=True)
class YearsFacts:
    """Every academic year of the school, oldest first, and the one that is looked at."""

    all: tuple[YearFacts, ...]
    chosen: YearFacts

    @property
    def days(self) -> SchoolDays:
        """Give the school days of all years."""
        return SchoolDays(tuple(span for year in self.all for span in year.spans))

    @property
    def before(self) -> YearFacts | None:
        """Give the year before the one looked at; None if it is not known."""
        earlier = [year for year in self.all if year.starts_on < self.chosen.starts_on]
        return earlier[-1] if earlier else None


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class of an academic year."""

    id: int
    name: str
    year_groups: tuple[YearGroup, ...]
    lead_teacher_id: int | None
    ended_on: date | None
    academic_year_id: int


_SCHOOL: BindParameter[int] = bindparam("school")
_YEARS, _HALF_TERMS = cast(Table, AcademicYear.__table__).c, cast(Table, HalfTerm.__table__).c
_GROUPS, _YEAR_GROUPS = cast(Table, TeachingGroup.__table__).c, cast(Table, TeachingGroupYear.__table__).c
_SUCCESSORS = cast(Table, ClassSuccessor.__table__).c
_ALL_YEARS = (
    select(
        _YEARS.id, _YEARS.starts_on, _YEARS.ends_on, type_coerce(_HALF_TERMS.block, String), _HALF_TERMS.first_day,
        _HALF_TERMS.last_day,
    )
    .join_from(
        AcademicYear.__table__, HalfTerm.__table__,
        (_HALF_TERMS.school_id == _YEARS.school_id) & (_HALF_TERMS.academic_year_id == _YEARS.id), isouter=True,
    )
    .where(_YEARS.school_id == _SCHOOL)
    .order_by(_YEARS.starts_on, _HALF_TERMS.first_day)
)  # fmt: skip
_CLASSES = (
    select(_GROUPS.id, _GROUPS.name, _GROUPS.lead_teacher_id, _GROUPS.ended_on, type_coerce(_YEAR_GROUPS.year_group, String))
    .join_from(
        TeachingGroup.__table__, TeachingGroupYear.__table__,
        (_YEAR_GROUPS.school_id == _GROUPS.school_id) & (_YEAR_GROUPS.teaching_group_id == _GROUPS.id), isouter=True,
    )
    .where(_GROUPS.school_id == _SCHOOL, _GROUPS.academic_year_id == bindparam("year"))
    .order_by(_GROUPS.name, _GROUPS.id, _YEAR_GROUPS.id)
)  # fmt: skip
_FED_BY = (
    select(_SUCCESSORS.to_group_id, _SUCCESSORS.from_group_id)
    .join_from(
        ClassSuccessor.__table__, TeachingGroup.__table__,
        (_GROUPS.school_id == _SUCCESSORS.school_id) & (_GROUPS.id == _SUCCESSORS.to_group_id),
    )
    .where(_SUCCESSORS.school_id == _SCHOOL, _GROUPS.academic_year_id == bindparam("year"))
    .order_by(_SUCCESSORS.id)
)  # fmt: skip
"""What every board asks first stands ready for any school, on bare tables: it names its school itself."""


def years(asked: int | None, *, today: date) -> YearsFacts | None:
    """Give the school's academic years and the one asked for, else that of today; None before there is any. One statement."""
    known = held("years with half-terms", _years)
    return YearsFacts(known, _among(known, asked, today)) if known else None


def _years() -> tuple[YearFacts, ...]:
    spans: dict[tuple[int, date, date], list[HalfTermSpan]] = {}
    session().flush()
    for id_, starts_on, ends_on, block, first, last in session().execute(_ALL_YEARS, {"school": current_school_id()}).all():
        kept = spans.setdefault((id_, starts_on, ends_on), [])
        if block is not None:
            kept.append(HalfTermSpan(HalfTermBlock(block), first, last))
    return tuple(YearFacts(*key, tuple(found)) for key, found in spans.items())


def _among(known: tuple[YearFacts, ...], asked: int | None, today: date) -> YearFacts:
    """Choose the year asked for; else that of today, in the summer the one that comes next, else the last."""
    for year in known:
        if year.id == asked:
            return year
    return next((year for year in known if year.ends_on >= today), known[-1])


def classes_of(academic_year_id: int, *, today: date | None = None) -> list[ClassRow]:
    """Give the classes of a year, youngest first, then by name; with a day, only those that have not ended. One statement."""
    every = held(("rows of classes", academic_year_id), lambda: _classes_of(academic_year_id))
    return [one for one in every if today is None or one.ended_on is None or one.ended_on > today]


def _classes_of(academic_year_id: int) -> list[ClassRow]:
    found: dict[tuple[int, str, int | None, date | None], list[YearGroup]] = {}
    session().flush()
    rows = session().execute(_CLASSES, {"school": current_school_id(), "year": academic_year_id}).all()
    for id_, name, lead, ended_on, year in rows:
        found.setdefault((id_, name, lead, ended_on), []).extend([] if year is None else [YearGroup(year)])
    classes = [
        ClassRow(id_, name, tuple(groups), lead, ended_on, academic_year_id)
        for (id_, name, lead, ended_on), groups in found.items()
    ]
    return sorted(classes, key=lambda one: (min((year.number for year in one.year_groups), default=99), one.name))


def fed_by(academic_year_id: int) -> dict[int, list[int]]:
    """Give, by class of a year, the classes of the year before that its pupils come from. One statement."""
    found: dict[int, list[int]] = {}
    session().flush()
    asked = {"school": current_school_id(), "year": academic_year_id}
    for to_id, from_id in session().execute(_FED_BY, asked).all():
        found.setdefault(to_id, []).append(from_id)
    return found
