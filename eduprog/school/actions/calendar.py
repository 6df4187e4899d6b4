"""Writes to a school's calendar."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import delete

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Actor
from eduprog.school import queries
from eduprog.school.models import AcademicYear, Closure, HalfTerm
from eduprog.school.rules import ClosureKind, HalfTermSpan, WeekLetterRule


class YearOverlaps(Refusal):
    """These dates overlap an academic year that is already there."""


class HalfTermsOutOfOrder(Refusal):
    """The half-terms must follow each other inside the academic year."""


class NotInTerm(Refusal):
    """That day is not a day of term, so there is nothing to close."""


class AlreadyClosed(Refusal):
    """The school is already shut on that day."""


def add_academic_year(
    *,
    starts_on: date,
    ends_on: date,
    half_terms: Sequence[HalfTermSpan],
    first_week_a: date | None = None,
    week_letter_rule: WeekLetterRule = WeekLetterRule.CALENDAR_WEEKS,
    by: Actor,
    now: datetime,
) -> AcademicYear:
    """Add an academic year; `first_week_a` makes it a two-week timetable. Raises YearOverlaps or HalfTermsOutOfOrder."""
    if any(year.starts_on <= ends_on and starts_on <= year.ends_on for year in queries.academic_years()):
        raise YearOverlaps
    edges = [starts_on, *(edge for span in half_terms for edge in (span.first, span.last)), ends_on]
    if edges != sorted(edges) or not half_terms:
        raise HalfTermsOutOfOrder
    year = AcademicYear(
        starts_on=starts_on,
        ends_on=ends_on,
        week_cycle=2 if first_week_a else 1,
        first_week_a=first_week_a,
        week_letter_rule=week_letter_rule,
        half_terms=[HalfTerm(block=span.block, first_day=span.first, last_day=span.last) for span in half_terms],
    )
    session().add(year)
    session().flush()
    audit.record(act="academic year added", subject="academic_year", subject_id=year.id, by=by, at=now, starts_on=starts_on)
    return year


def close_days(*, days: Iterable[date], kind: ClosureKind, by: Actor, now: datetime) -> list[Closure]:
    """Shut the school on days of term. Raises NotInTerm or AlreadyClosed; what stood on them is `yearcycle`'s to move."""
    calendar = queries.calendar()
    added = []
    for day in days:
        if not calendar.is_open(day):
            raise AlreadyClosed if any(first <= day <= last for first, last in calendar.terms) else NotInTerm
        added.append(Closure(day=day, kind=kind, added_at=now))
    session().add_all(added)
    session().flush()
    shut = [str(closure.day) for closure in added]
    audit.record(act="days closed", subject="school", subject_id=None, by=by, at=now, days=shut, kind=kind)
    return added


def reopen_days(*, days: Collection[date]) -> None:
    """Take closures away; what this moves is `yearcycle`'s to say, and its change records it."""
    session().execute(delete(Closure).where(Closure.day.in_(days)))
    session().flush()
