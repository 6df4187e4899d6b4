"""Set whole academic years, remember how they were, and put them back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Actor
from eduprog.school import queries
from eduprog.school.models import AcademicYear, Closure, HalfTerm, TeachingGroup
from eduprog.school.rules import ClosureKind, HalfTermBlock, WeekLetter, WeekLetterRule
from eduprog.school.rules.reading.years import YearProposal

_KEPT = (ClosureKind.SNOW, ClosureKind.POLLING)  # happened or were decided here; no list of term dates knows of them


class CalendarChangedSince(Refusal):
    """The calendar was changed again since then, so it cannot be put back. Undo the later change first."""


class YearInUse(Refusal):
    """Classes have been added to that academic year, so it cannot be taken away. Import the right dates instead."""


class NoSuchWeek(Refusal):
    """The academic year needs its half-terms before its weeks can have letters."""


def set_years(*, years: Sequence[YearProposal], by: Actor, now: datetime) -> list[AcademicYear]:
    """Make these academic years stand as proposed: new ones are added, known ones changed. Snow and polling days stay."""
    known = list(queries.academic_year_rows())
    changed = []
    for proposal in years:
        year = _matching(known, proposal) or AcademicYear(half_terms=[])
        year.starts_on, year.ends_on = proposal.starts_on, proposal.ends_on
        _set_half_terms(year, proposal)
        session().add(year)
        session().flush()
        _set_closures(proposal, now)
        audit.record(
            act="academic year set", subject="academic_year", subject_id=year.id, by=by, at=now, starts_on=year.starts_on
        )
        changed.append(year)
    session().flush()
    return changed


def _matching(known: Sequence[AcademicYear], proposal: YearProposal) -> AcademicYear | None:
    return next((year for year in known if _starting(year) == proposal.starting), None)


def _starting(year: AcademicYear) -> int:
    return year.starts_on.year if year.starts_on.month >= 8 else year.starts_on.year - 1


def _set_half_terms(year: AcademicYear, proposal: YearProposal) -> None:
    wanted = {span.block: span for span in proposal.half_terms}
    year.half_terms = [term for term in year.half_terms if term.block in wanted]
    standing = {term.block: term for term in year.half_terms}
    for block, span in wanted.items():
        if block in standing:
            standing[block].first_day, standing[block].last_day = span.first, span.last
        else:
            year.half_terms.append(HalfTerm(block=block, first_day=span.first, last_day=span.last))


def _set_closures(proposal: YearProposal, now: datetime) -> None:
    first, last = date(proposal.starting, 8, 1), date(proposal.starting + 1, 7, 31)
    session().execute(delete(Closure).where(Closure.day.between(first, last), Closure.kind.not_in(_KEPT)))
    kept = set(session().scalars(select(Closure.day).where(Closure.day.between(first, last + timedelta(days=31)))))
    session().add_all(Closure(day=day, kind=kind, added_at=now) for day, kind in proposal.closures if day not in kept)
    session().flush()


def set_week_letters(
    *, academic_year_id: int, rule: WeekLetterRule | None, first_letter: WeekLetter, by: Actor, now: datetime
) -> AcademicYear:
    """Give the weeks of an academic year letters by one of the published rules, or none. Raises NotHere or NoSuchWeek."""
    year = queries.academic_year_row(academic_year_id)
    if rule is None:
        year.week_cycle, year.first_week_a = 1, None
    else:
        first_day = next((day for day in queries.calendar().open_days(year.starts_on, year.ends_on)), None)
        if first_day is None:
            raise NoSuchWeek
        shift = timedelta(weeks=0 if first_letter is WeekLetter.A else 1)
        year.week_cycle, year.first_week_a, year.week_letter_rule = 2, first_day + shift, rule
    session().flush()
    audit.record(
        act="week letters set", subject="academic_year", subject_id=year.id, by=by, at=now, rule=rule, first_letter=first_letter
    )
    return year


def snapshot() -> dict[str, Any]:
    """Give the whole calendar as plain values: what `restore` puts back."""
    years = [_plain(year) for year in queries.academic_year_rows()]
    return {"years": years, "closures": [[closure.day.isoformat(), closure.kind.value] for closure in queries.closures()]}


def _plain(year: AcademicYear) -> dict[str, Any]:
    terms = [[term.block.value, term.first_day.isoformat(), term.last_day.isoformat()] for term in year.half_terms]
    edges = {"starts_on": year.starts_on.isoformat(), "ends_on": year.ends_on.isoformat()}
    return {"id": year.id, **edges, "half_terms": sorted(terms)}


def restore(*, before: dict[str, Any], after: dict[str, Any], by: Actor, now: datetime) -> None:
    """Put the calendar back as it was before a change. Raises CalendarChangedSince or YearInUse, changing nothing then."""
    session().flush()
    if snapshot() != after:
        raise CalendarChangedSince
    known = {year["id"]: year for year in before["years"]}
    for year in list(queries.academic_year_rows()):
        if year.id not in known:
            _remove(year)
        else:
            _put_back(year, known[year.id])
    session().execute(delete(Closure))
    session().add_all(
        Closure(day=date.fromisoformat(day), kind=ClosureKind(kind), added_at=now) for day, kind in before["closures"]
    )
    session().flush()
    audit.record(act="calendar put back", subject="school", subject_id=None, by=by, at=now, years=len(known))


def _remove(year: AcademicYear) -> None:
    taken = select(TeachingGroup.id).where(TeachingGroup.academic_year_id == year.id).limit(1)
    if session().scalars(taken).first() is not None:
        raise YearInUse
    session().delete(year)
    session().flush()


def _put_back(year: AcademicYear, was: dict[str, Any]) -> None:
    year.starts_on, year.ends_on = date.fromisoformat(was["starts_on"]), date.fromisoformat(was["ends_on"])
    wanted = {
        HalfTermBlock(block): (date.fromisoformat(first), date.fromisoformat(last)) for block, first, last in was["half_terms"]
    }
    year.half_terms = [term for term in year.half_terms if term.block in wanted]
    standing = {term.block: term for term in year.half_terms}
    for block, (first, last) in wanted.items():
        if block in standing:
            standing[block].first_day, standing[block].last_day = first, last
        else:
            year.half_terms.append(HalfTerm(block=block, first_day=first, last_day=last))
    session().flush()
