"""What a school's calendar is: its academic years, the days it is shut, and what changed them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast

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


def calendar() -> SchoolCalendar:
    """Give the current school's calendar: every known year, every closure. One statement, once for a page."""
    return held("calendar", _calendar)


_SCHOOL, _CLOSURES = cast(Table, School.__table__).c, cast(Table, Closure.__table__).c
_YEARS, _HALF_TERMS = cast(Table, AcademicYear.__table__), cast(Table, HalfTerm.__table__)
_OF_YEAR = (_HALF_TERMS.c.school_id == _YEARS.c.school_id) & (_HALF_TERMS.c.academic_year_id == _YEARS.c.id)
_OF_SCHOOL: BindParameter[Any] = bindparam("school")
_CALENDAR = (
    select(
        _YEARS.c.starts_on, _YEARS.c.first_week_a, type_coerce(_YEARS.c.week_letter_rule, String),
        type_coerce(_HALF_TERMS.c.block, String), _HALF_TERMS.c.first_day, _HALF_TERMS.c.last_day,
    )
    .join_from(_YEARS, _HALF_TERMS, _OF_YEAR, isouter=True)
    .where(_YEARS.c.school_id == _OF_SCHOOL)
    .union_all(
        select(null(), null(), null(), type_coerce(_SCHOOL.nation, String), null(), null()).where(_SCHOOL.id == _OF_SCHOOL),
        select(null(), null(), null(), null(), _CLOSURES.day, null()).where(_CLOSURES.school_id == _OF_SCHOOL),
    )
)  # fmt: skip
"""What most pages and every planning read stands ready for any school, on bare tables: it names its school itself. Rows of a
year and its half-terms, then the school's nation, then days it is shut.
"""


def _calendar() -> SchoolCalendar:
    session().flush()
    spans, shut, counts, nation = [], set[date](), dict[date, WeekCount](), Nation.ENGLAND
    for starts_on, week_a, rule, word, first, last in session().execute(_CALENDAR, {"school": current_school_id()}):
        if starts_on is None and word:
            nation = Nation(word)
        elif starts_on is None:
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


def academic_years() -> Sequence[AcademicYear]:
    """Give every academic year of the school, oldest first, with its half-terms. One statement, once for a page."""
    return held("academic years", _academic_years)


def _academic_years() -> Sequence[AcademicYear]:
    wanted = select(AcademicYear).options(joinedload(AcademicYear.half_terms))
    return session().scalars(wanted.order_by(AcademicYear.starts_on)).unique().all()


def academic_years_alone() -> Sequence[AcademicYear]:
    """Give every academic year of the school, oldest first, without its half-terms. One statement, once for a page."""
    return held("academic years alone", lambda: session().scalars(select(AcademicYear).order_by(AcademicYear.starts_on)).all())


def academic_year_on(day: date) -> AcademicYear | None:
    """Give the academic year that holds the day; in the summer, the one that comes next; else the last known."""
    return year_among(academic_years(), None, today=day)


def academic_year(academic_year_id: int | None, *, today: date) -> AcademicYear | None:
    """Give the academic year asked for, else the one of today. None if the school has no such year."""
    return year_among(academic_years(), academic_year_id, today=today)


def academic_year_starting(starting: int) -> AcademicYear | None:
    """Give the academic year that starts in this calendar year, with its half-terms; None if it is not known."""
    return next((year for year in academic_years() if year.starting == starting), None)


def year_among(years: Sequence[AcademicYear], academic_year_id: int | None, *, today: date) -> AcademicYear | None:
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


def academic_year_by_id(academic_year_id: int) -> AcademicYear:
    """Give an academic year with its half-terms. Raises NotHere."""
    found = next((year for year in academic_years() if year.id == academic_year_id), None)
    if found is None:
        raise NotHere
    return found


def year_after(academic_year_id: int) -> AcademicYear | None:
    """Give the academic year that follows one; None if it is not known yet."""
    years = academic_years_alone()
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
