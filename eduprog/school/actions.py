"""Writes to a school's calendar and classes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Actor
from eduprog.curriculum.vocabulary import Stage, YearGroup
from eduprog.school import queries
from eduprog.school.models import AcademicYear, Closure, HalfTerm, MeetingSlot, TeachingGroup, TeachingGroupYear
from eduprog.school.rules import ClosureKind, HalfTermSpan, SlotKind, WeekLetter, WeekLetterRule


class YearOverlaps(Refusal):
    """These dates overlap an academic year that is already there."""


class HalfTermsOutOfOrder(Refusal):
    """The half-terms must follow each other inside the academic year."""


class NotInTerm(Refusal):
    """That day is not a day of term, so there is nothing to close."""


class AlreadyClosed(Refusal):
    """The school is already shut on that day."""


class ClassNameTaken(Refusal):
    """There is already a class of that name in this academic year."""


@dataclass(frozen=True)
class Slot:
    """A time in the week at which a class meets; `week` is None for every week."""

    weekday: int
    starts_at: time
    minutes: int
    kind: SlotKind = SlotKind.PSHE
    week: WeekLetter | None = None


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


def open_class(
    *,
    academic_year_id: int,
    name: str,
    year_groups: Sequence[YearGroup],
    stage: Stage,
    lead_teacher_id: int | None,
    size: int | None,
    slots: Sequence[Slot],
    by: Actor,
    now: datetime,
) -> TeachingGroup:
    """Open a class in an academic year. Raises ClassNameTaken."""
    taken = select(TeachingGroup.id).where(TeachingGroup.academic_year_id == academic_year_id, TeachingGroup.name == name)
    if session().scalars(taken).first() is not None:
        raise ClassNameTaken
    group = TeachingGroup(
        academic_year_id=academic_year_id,
        name=name,
        stage=stage,
        lead_teacher_id=lead_teacher_id,
        size=size,
        years=[TeachingGroupYear(year_group=year) for year in year_groups],
        slots=[MeetingSlot(weekday=s.weekday, week=s.week, starts_at=s.starts_at, minutes=s.minutes, kind=s.kind) for s in slots],
    )
    session().add(group)
    session().flush()
    audit.record(act="class opened", subject="teaching_group", subject_id=group.id, by=by, at=now)
    return group


def hand_over_class(*, group_id: int, lead_teacher_id: int | None, by: Actor, now: datetime) -> TeachingGroup:
    """Give a class another lead teacher, or none. Its lessons and follow-ups go with it. Raises NotHere."""
    group = queries.teaching_group(group_id)
    group.lead_teacher_id = lead_teacher_id
    audit.record(act="class handed over", subject="teaching_group", subject_id=group_id, by=by, at=now, to=lead_teacher_id)
    return group
