"""Which years, classes and staff there are, as the boards need them: one statement each, plain values."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from eduprog.core.db import session
from eduprog.core.held import held
from eduprog.coverage.rules.school_days import SchoolDays
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.school.models import AcademicYear, ClassSuccessor, HalfTerm, TeachingGroup, TeachingGroupYear
from eduprog.school.rules import HalfTermSpan


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
    ended_on: date | None = None


def years(asked: int | None, *, today: date) -> YearsFacts | None:
    """Give the school's academic years and the one asked for, else that of today; None before there is any. One statement."""
    known = held("years with half-terms", _years)
    return YearsFacts(known, _among(known, asked, today)) if known else None


def _years() -> tuple[YearFacts, ...]:
    wanted = (
        select(
            AcademicYear.id, AcademicYear.starts_on, AcademicYear.ends_on, HalfTerm.block, HalfTerm.first_day, HalfTerm.last_day
        )
        .outerjoin(HalfTerm, HalfTerm.academic_year_id == AcademicYear.id)
        .order_by(AcademicYear.starts_on, HalfTerm.first_day)
    )
    spans: dict[tuple[int, date, date], list[HalfTermSpan]] = {}
    for id_, starts_on, ends_on, block, first, last in session().execute(wanted):
        kept = spans.setdefault((id_, starts_on, ends_on), [])
        if block is not None:
            kept.append(HalfTermSpan(block, first, last))
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
    wanted = (
        select(
            TeachingGroup.id, TeachingGroup.name, TeachingGroup.lead_teacher_id, TeachingGroup.ended_on,
            TeachingGroupYear.year_group,
        )
        .outerjoin(TeachingGroupYear, TeachingGroupYear.teaching_group_id == TeachingGroup.id)
        .where(TeachingGroup.academic_year_id == academic_year_id)
        .order_by(TeachingGroup.name, TeachingGroup.id, TeachingGroupYear.id)
    )  # fmt: skip
    return _by_age(session().execute(wanted))


def _by_age(rows: Iterable[tuple[int, str, int | None, date | None, YearGroup | None]]) -> list[ClassRow]:
    found: dict[tuple[int, str, int | None, date | None], list[YearGroup]] = {}
    for id_, name, lead, ended_on, year in rows:
        found.setdefault((id_, name, lead, ended_on), []).extend([year] if year is not None else [])
    classes = [ClassRow(id_, name, tuple(groups), lead, ended_on) for (id_, name, lead, ended_on), groups in found.items()]
    return sorted(classes, key=lambda one: (min((year.number for year in one.year_groups), default=99), one.name))


def fed_by(group_ids: Collection[int]) -> dict[int, list[int]]:
    """Give, by class, the classes of the year before that its pupils come from. One statement."""
    wanted = select(ClassSuccessor.to_group_id, ClassSuccessor.from_group_id).where(ClassSuccessor.to_group_id.in_(group_ids))
    found: dict[int, list[int]] = {}
    for to_id, from_id in session().execute(wanted.order_by(ClassSuccessor.id)):
        found.setdefault(to_id, []).append(from_id)
    return found
