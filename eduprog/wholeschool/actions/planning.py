"""Put acts on the year, from the library or of the school's own, and change their day, owner and title."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from eduprog.accounts import queries as accounts
from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import Conflict, NotHere, Refusal
from eduprog.core.permissions import Actor
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import ActKind, Aspect
from eduprog.school import queries as school
from eduprog.wholeschool import queries
from eduprog.wholeschool.models import WholeSchoolAct
from eduprog.wholeschool.rules import TITLE_LENGTH, ActState, suggest, usual_aspect


class ActChanged(Conflict):
    """Somebody else changed this while you were looking at it. Here it is as it is now; nothing you typed has been saved yet."""


class DayOutsideYear(Refusal):
    """That day is not in this academic year. Choose a day between its first and its last day."""


class NotOnTheStaff(Refusal):
    """That person does not work at this school. Choose somebody from the list."""


class NoHalfTerms(Refusal):
    """The calendar has no open days left in this year. Add the term dates first; then acts can be given days."""


def plan_act(
    *,
    academic_year_id: int,
    kind: ActKind,
    due_on: date,
    act_id: str | None = None,
    aspect: Aspect | None = None,
    title: str = "",
    owner_id: int | None = None,
    by: Actor,
    now: datetime,
) -> WholeSchoolAct:
    """Add an act to a year. With `act_id` it follows an act of the library and takes kind and aspect from it.

    One that stands just so, for the same day, words and owner, is given back: a button pressed twice adds one act.
    Raises NotHere for a year or library act that is not here, DayOutsideYear or NotOnTheStaff.
    """
    if act_id is not None:
        template = catalogue.current().acts.get(act_id)
        if template is None:
            raise NotHere
        kind, aspect = template.kind, template.aspect
    if kind.is_closed:
        raise NotHere
    _check_day(academic_year_id, due_on)
    _check_owner(owner_id)
    wanted = {
        "academic_year_id": academic_year_id, "kind": kind, "aspect": aspect or usual_aspect(kind), "act_id": act_id,
        "title": _one_line(title), "due_on": due_on, "owner_id": owner_id,
    }  # fmt: skip
    standing = select(WholeSchoolAct).filter_by(**wanted, state=ActState.PLANNED).order_by(WholeSchoolAct.id)
    if (known := session().scalars(standing).first()) is not None:
        return known
    added = WholeSchoolAct(**wanted)
    session().add(added)
    session().flush()
    record(added, "act planned", by, now, day=due_on, owner=owner_id)
    return added


def plan_suggested(*, academic_year_id: int, by: Actor, now: datetime, today: date) -> int:
    """Add every act of the library that the year asks for and nobody has planned, without an owner. Gives how many.

    Raises NotHere, or NoHalfTerms where acts are asked for and the year has no open days left.
    """
    year = school.academic_year_by_id(academic_year_id)
    expected = queries.expected_acts(academic_year_id)
    known = {line.act_id for line in queries.acts_of_year(academic_year_id) if line.act_id}
    calendar = school.calendar()
    spans = [span for span in calendar.half_terms if year.starts_on <= span.first <= year.ends_on]
    found = suggest(expected, known=known, half_terms=spans, calendar=calendar, today=today)
    if not found and any(act.id not in known for act in expected):
        raise NoHalfTerms
    for one in found:
        plan_act(academic_year_id=academic_year_id, kind=one.act.kind, act_id=one.act.id, due_on=one.due_on, by=by, now=now)
    return len(found)


def change_act(
    *, whole_school_act_id: int, version: int, due_on: date, owner_id: int | None, title: str = "", by: Actor, now: datetime
) -> WholeSchoolAct:
    """Give an act another day, owner or title; each change is in its history.

    Raises NotHere, ActChanged if `version` is not the one in the table, DayOutsideYear or NotOnTheStaff.
    """
    row = opened(whole_school_act_id, version)
    if due_on != row.due_on:
        _check_day(row.academic_year_id, due_on)
        record(row, "act moved", by, now, day_before=row.due_on, day=due_on)
    if owner_id != row.owner_id:
        _check_owner(owner_id)
        record(row, "act handed over", by, now, owner_before=row.owner_id, owner=owner_id)
    if _one_line(title) != row.title:
        record(row, "act renamed", by, now)
    row.due_on, row.owner_id, row.title = due_on, owner_id, _one_line(title)
    session().flush()
    return row


def opened(whole_school_act_id: int, version: int) -> WholeSchoolAct:
    """Give an act's row to change. Raises NotHere or ActChanged."""
    row = queries.act_row(whole_school_act_id)
    if row.version != version:
        raise ActChanged
    return row


def record(row: WholeSchoolAct, act: str, by: Actor, now: datetime, **facts: object) -> None:
    """Write one line of an act's history."""
    audit.record(act=act, subject="whole_school_act", subject_id=row.id, by=by, at=now, **facts)


def _check_day(academic_year_id: int, day: date) -> None:
    year = school.academic_year_by_id(academic_year_id)
    if not year.starts_on <= day <= year.ends_on:
        raise DayOutsideYear


def _check_owner(owner_id: int | None) -> None:
    if owner_id is not None and owner_id not in {person.id for person in accounts.people_of_school()}:
        raise NotOnTheStaff


def _one_line(title: str) -> str:
    return " ".join(title.split())[:TITLE_LENGTH]
