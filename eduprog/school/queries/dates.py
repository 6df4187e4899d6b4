"""What a school's calendar is: its academic years, the days it is shut, and what changed them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple, cast

from sqlalchemy import BindParameter, String, Table, bindparam, null, select, type_coerce
from sqlalchemy.orm import joinedload

from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.core.held import held
from eduprog.core.tenancy import current_school_id
from eduprog.curriculum.vocabulary import Nation
from eduprog.organisations.models import School
from eduprog.school.models import AcademicYear, CalendarChange, Closure, HalfTerm
from eduprog.school.rules import HalfTermBlock, HalfTermSpan, SchoolCalendar, WeekCount, WeekLetterRule
from eduprog.school.rules.date_texts import academic_year_of


class HalfOfYear(NamedTuple):
    """A half-term of an academic year; its fields are named as those of `HalfTerm` are."""

    block: HalfTermBlock
    first_day: date
    last_day: date


class SchoolYear(NamedTuple):
    """An academic year as pages read it; its fields are named as those of `AcademicYear` are."""

    id: int
    starts_on: date
    ends_on: date
    week_cycle: int
    first_week_a: date | None
    week_letter_rule: WeekLetterRule
    half_terms: tuple[HalfOfYear, ...]

    @property
    def starting(self) -> int:
        """The calendar year it starts in, even where only its later half-terms are known."""
        return academic_year_of(self.starts_on)

    @property
    def name(self) -> str:
        """The words for it on pages, such as "2026 to 2027"."""
        return f"{self.starting} to {self.starting + 1}"


AnyYear = AcademicYear | SchoolYear
"""An academic year, whichever way it was read: as a row that can be changed (loaded), or as what pages show."""


def calendar() -> SchoolCalendar:
    """Give the current school's calendar: every known year, every closure. One statement, once for a page."""
    return held("calendar", _calendar)


_SCHOOL, _CLOSURES = cast(Table, School.__table__).c, cast(Table, Closure.__table__).c
_YEARS, _HALF_TERMS = cast(Table, AcademicYear.__table__), cast(Table, HalfTerm.__table__)
_OF_YEAR = (_HALF_TERMS.c.school_id == _YEARS.c.school_id) & (_HALF_TERMS.c.academic_year_id == _YEARS.c.id)
_OF_SCHOOL: BindParameter[Any] = bindparam("school")
_NO_YEAR = (null(),) * 5
_CALENDAR = (
    select(
        _YEARS.c.id, _YEARS.c.starts_on, _YEARS.c.ends_on, _YEARS.c.week_cycle, _YEARS.c.first_week_a,
        type_coerce(_YEARS.c.week_letter_rule, String), type_coerce(_HALF_TERMS.c.block, String), _HALF_TERMS.c.first_day,
        _HALF_TERMS.c.last_day,
    )
    .join_from(_YEARS, _HALF_TERMS, _OF_YEAR, isouter=True)
    .where(_YEARS.c.school_id == _OF_SCHOOL)
    .union_all(
        select(*_NO_YEAR, null(), type_coerce(_SCHOOL.nation, String), null(), null()).where(_SCHOOL.id == _OF_SCHOOL),
        select(*_NO_YEAR, null(), null(), _CLOSURES.day, null()).where(_CLOSURES.school_id == _OF_SCHOOL),
    )
)  # fmt: skip
"""What most pages and every planning read stands ready for any school, on bare tables: it names its school itself. Rows of a
year and its half-terms, then the school's nation, then days it is shut.
"""


def _rows() -> Sequence[Any]:
    return held("rows of the calendar", _read_rows)


def _read_rows() -> Sequence[Any]:
    session().flush()
    return session().execute(_CALENDAR, {"school": current_school_id()}).all()


def _calendar() -> SchoolCalendar:
    spans, shut, counts, nation = [], set[date](), dict[date, WeekCount](), Nation.ENGLAND
    for year_id, starts_on, _ends_on, _cycle, week_a, rule, word, first, last in _rows():
        if year_id is None and word:
            nation = Nation(word)
        elif year_id is None:
            shut.add(first)
        else:
            if word:
                spans.append(HalfTermSpan(HalfTermBlock(word), first, last))
            if week_a is not None:
                counts[starts_on] = WeekCount(starts_on, week_a, WeekLetterRule(rule))
    spans.sort(key=lambda span: span.first)
    return SchoolCalendar(
        terms=tuple((span.first, span.last) for span in spans),
        closures=frozenset(shut),
        nation=nation,
        half_terms=tuple(spans),
        week_counts=tuple(counts[starts_on] for starts_on in sorted(counts)),
    )


def academic_years() -> Sequence[SchoolYear]:
    """Give every academic year of the school, oldest first, with its half-terms. The calendar's statement, once for a page."""
    return held("academic years", _academic_years)


def _academic_years() -> Sequence[SchoolYear]:
    halves: dict[int, list[HalfOfYear]] = defaultdict(list)
    years: dict[int, SchoolYear] = {}
    for year_id, starts_on, ends_on, cycle, week_a, rule, word, first, last in _rows():
        if year_id is not None:
            years[year_id] = SchoolYear(year_id, starts_on, ends_on, cycle, week_a, WeekLetterRule(rule), ())
            if word:
                halves[year_id].append(HalfOfYear(HalfTermBlock(word), first, last))
    in_order = sorted(years.values(), key=_STARTS_ON)
    return [year._replace(half_terms=tuple(sorted(halves[year.id], key=_FIRST_DAY))) for year in in_order]


_FIRST_DAY, _STARTS_ON = attrgetter("first_day"), attrgetter("starts_on")


def academic_year_rows() -> Sequence[AcademicYear]:
    """Give every academic year of the school to be changed, oldest first, with its half-terms. One statement."""
    wanted = select(AcademicYear).options(joinedload(AcademicYear.half_terms))
    return session().scalars(wanted.order_by(AcademicYear.starts_on)).unique().all()


def academic_year_row(academic_year_id: int) -> AcademicYear:
    """Give an academic year to be changed, with its half-terms. Raises NotHere."""
    found = next((year for year in academic_year_rows() if year.id == academic_year_id), None)
    if found is None:
        raise NotHere
    return found


def academic_year_on(day: date) -> SchoolYear | None:
    """Give the academic year that holds the day; in the summer, the one that comes next; else the last known."""
    return year_among(academic_years(), None, today=day)


def academic_year(academic_year_id: int | None, *, today: date) -> SchoolYear | None:
    """Give the academic year asked for, else the one of today. None if the school has no such year."""
    return year_among(academic_years(), academic_year_id, today=today)


def academic_year_starting(starting: int) -> SchoolYear | None:
    """Give the academic year that starts in this calendar year, with its half-terms; None if it is not known."""
    return next((year for year in academic_years() if year.starting == starting), None)


def year_among(years: Sequence[SchoolYear], academic_year_id: int | None, *, today: date) -> SchoolYear | None:
    """Give the year asked for, else the one that holds today, comes next or was the last. `years` are in order."""
    if academic_year_id is not None:
        return next((year for year in years if year.id == academic_year_id), None)
    return next((year for year in years if today <= year.ends_on), years[-1] if years else None)


def closures() -> Sequence[Closure]:
    """Give every closure, in order of day."""
    return session().scalars(select(Closure).order_by(Closure.day)).all()


def half_term_on(spans: Iterable[HalfTermSpan], day: date) -> HalfTermBlock | None:
    """Give the block a day counts to: its own half-term's, or in a break the one before it; None outside every year."""
    known = sorted(spans, key=lambda span: span.first)
    before = [span for span in known if span.first <= day]
    return before[-1].block if before else (known[0].block if known else None)


def academic_year_by_id(academic_year_id: int) -> SchoolYear:
    """Give an academic year with its half-terms. Raises NotHere."""
    found = next((year for year in academic_years() if year.id == academic_year_id), None)
    if found is None:
        raise NotHere
    return found


def year_after(academic_year_id: int) -> SchoolYear | None:
    """Give the academic year that follows one; None if it is not known yet."""
    years = academic_years()
    starts = {year.id: year.starts_on for year in years}
    later = (year for year in years if academic_year_id in starts and year.starts_on > starts[academic_year_id])
    return next(later, None)


def calendar_change(change_id: int) -> CalendarChange:
    """Give an import of term dates or a closing of days. Raises NotHere."""
    found = session().scalars(select(CalendarChange).where(CalendarChange.id == change_id)).one_or_none()
    if found is None:
        raise NotHere
    return found


def calendar_changes() -> Sequence[CalendarChange]:
    """Give the last twenty changes of the calendar, newest first."""
    return session().scalars(select(CalendarChange).order_by(CalendarChange.id.desc()).limit(20)).all()
