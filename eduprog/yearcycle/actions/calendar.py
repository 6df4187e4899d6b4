"""Take a calendar in, close days, and undo either: what stood on closed days moves, and can be moved back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Actor
from eduprog.delivery import queries as delivery
from eduprog.followups import actions as followups
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import FollowUpState, PlacementState
from eduprog.planning import actions as planning
from eduprog.planning import queries as planning_queries
from eduprog.planning.actions.figures import count_move
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState, WhyUnplaced
from eduprog.school import actions as school
from eduprog.school import queries as school_queries
from eduprog.school.models import CalendarChange
from eduprog.school.rules import CalendarChangeKind, ClosureKind, HalfTermBlock, HalfTermSpan, ImportState
from eduprog.school.rules.reading.years import YearProposal
from eduprog.yearcycle.actions.closing import close_school


class NotUndoable(Refusal):
    """That change is undone already, or was never made."""


def take_calendar(*, change_id: int, years: Sequence[YearProposal], by: Actor, now: datetime, today: date) -> CalendarChange:
    """Make proposed years the school's calendar. Lessons on days now shut move on; follow-ups are placed by the date rule.

    Raises NotHere or AlreadyClosedChange. All of it can be undone by `undo_calendar_change`.
    """
    change = school.open_change(change_id)
    before, stood = school.snapshot(), _standing(today)
    school.set_years(years=years, by=by, now=now)
    _move_off_closed_days(by=by, now=now, today=today)
    _finish(change, before, stood, by=by, now=now)
    return change


def close_days(*, days: Collection[date], kind: ClosureKind, by: Actor, now: datetime, today: date) -> CalendarChange:
    """Shut the school on days of term, keeping what it takes to undo it. Raises NotInTerm or AlreadyClosed, moving nothing."""
    before, stood = school.snapshot(), _standing(min([today, *days]))
    close_school(days=days, kind=kind, by=by, now=now, today=today)
    change = school.record_change(kind=CalendarChangeKind.CLOSING, undo_record={}, by=by, now=now)
    _finish(change, before, stood, by=by, now=now)
    return change


def write_half_terms(
    *, starting: int, half_terms: Sequence[HalfTermSpan], reopened: Collection[date], by: Actor, now: datetime, today: date
) -> CalendarChange:
    """Set the half-terms of an academic year by hand (a new year where there is none) and open shut days of it again.

    Lessons on days now shut move on; follow-ups are placed by the date rule. Can be undone by `undo_calendar_change`.
    """
    before, stood = school.snapshot(), _standing(today)
    school.reopen_days(days=reopened)
    first, last = date(starting, 8, 1), date(starting + 1, 7, 31)
    shut = tuple((row.day, row.kind) for row in school_queries.closures() if first <= row.day <= last)
    school.set_years(years=[YearProposal(starting, tuple(half_terms), shut)], by=by, now=now)
    _move_off_closed_days(by=by, now=now, today=today)
    change = school.record_change(kind=CalendarChangeKind.BY_HAND, undo_record={}, by=by, now=now)
    _finish(change, before, stood, by=by, now=now)
    return change


def undo_calendar_change(*, change_id: int, by: Actor, now: datetime) -> CalendarChange:
    """Put calendar, lessons and follow-ups back as they were before a change; what was taught or moved since then stays.

    Raises NotHere, NotUndoable, CalendarChangedSince or YearInUse, changing nothing then.
    """
    change = school_queries.calendar_change(change_id)
    if change.state is not ImportState.APPLIED:
        raise NotUndoable
    record = change.undo_record
    school.restore(before=record["before"], after=record["after"], by=by, now=now)
    for moved in record["lessons"]:
        _lesson_back(moved)
    for moved in record["follow_ups"]:
        _follow_up_back(moved)
    change.state, change.undone_at = ImportState.UNDONE, now
    session().flush()
    audit.record(act="calendar change undone", subject="calendar_change", subject_id=change.id, by=by, at=now)
    return change


def _move_off_closed_days(*, by: Actor, now: datetime, today: date) -> None:
    calendar = school_queries.calendar()
    standing = _lessons_from(today)
    shut = [lesson for lesson in standing if lesson.planned_on is not None and not calendar.is_open(lesson.planned_on)]
    taught = delivery.of_planned_lessons([lesson.id for lesson in shut])
    planning.move_on_all(planned_lesson_ids=[one.id for one in shut if one.id not in taught], by=by, now=now)
    followups.keep_to_timetable(by=by, now=now, today=today, calendar=calendar)


def _finish(change: CalendarChange, before: dict[str, Any], stood: _Standing, *, by: Actor, now: datetime) -> None:
    session().flush()
    lessons, follow_ups = stood.moved()
    change.undo_record = {"before": before, "after": school.snapshot(), "lessons": lessons, "follow_ups": follow_ups}
    change.state, change.applied_at, change.read, change.answers = ImportState.APPLIED, now, {}, {}
    session().flush()
    audit.record(
        act="calendar changed", subject="calendar_change", subject_id=change.id, by=by, at=now, kind=change.kind,
        lessons=len(lessons), follow_ups=len(follow_ups),
    )  # fmt: skip


def _lessons_from(day: date) -> Sequence[PlannedLesson]:
    wanted = select(PlannedLesson).where(PlannedLesson.planned_on >= day, PlannedLesson.state == PlanState.PLANNED)
    return session().scalars(wanted.order_by(PlannedLesson.planned_on, PlannedLesson.id)).all()


class _Standing:
    """Where lessons and follow-ups stand before a change, so that what moved can be told afterwards."""

    def __init__(self, lessons: Iterable[PlannedLesson], follow_ups: Iterable[FollowUp]) -> None:
        self.lessons = {row.id: (row, _lesson_facts(row)) for row in lessons}
        self.follow_ups = {row.id: (row, _follow_up_facts(row)) for row in follow_ups}

    def moved(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Give what stands elsewhere now: ids, and facts before and after."""
        lessons = [
            {"id": row.id, "was": was, "is": _lesson_facts(row), "module": row.module_id, "lesson": row.lesson_number,
             "class": row.teaching_group_id}
            for row, was in self.lessons.values() if was != _lesson_facts(row)
        ]  # fmt: skip
        follow_ups = [
            {"id": row.id, "was": was, "is": _follow_up_facts(row), "module": row.module_id, "point": row.point.value,
             "class": row.teaching_group_id}
            for row, was in self.follow_ups.values() if was != _follow_up_facts(row)
        ]  # fmt: skip
        return lessons, follow_ups


def _standing(today: date) -> _Standing:
    due = session().scalars(select(FollowUp).where(FollowUp.state == FollowUpState.DUE).order_by(FollowUp.id)).all()
    return _Standing(_lessons_from(today), due)


def _lesson_facts(row: PlannedLesson) -> list[Any]:
    return [
        row.planned_on.isoformat() if row.planned_on else None, row.starts_at.isoformat() if row.starts_at else None,
        row.minutes, row.block.value, row.state.value, row.why_unplaced.value if row.why_unplaced else None,
    ]  # fmt: skip


def _follow_up_facts(row: FollowUp) -> list[Any]:
    days = (row.due_on, row.opens_on, row.closes_on)
    return [row.placement.value, *(day.isoformat() if day else None for day in days)]


def _lesson_back(moved: dict[str, Any]) -> None:
    row = session().get(PlannedLesson, moved["id"])
    if row is None or row.recorded or _lesson_facts(row) != moved["is"]:
        return
    day, starts_at, minutes, block, state, why = moved["was"]
    count_move(row, planning_queries.planned_lesson(row.id).teaching_group, HalfTermBlock(block))
    row.planned_on, row.starts_at = _day(day), time.fromisoformat(starts_at) if starts_at else None
    row.minutes, row.block, row.state = minutes, HalfTermBlock(block), PlanState(state)
    row.why_unplaced = WhyUnplaced(why) if why else None


def _follow_up_back(moved: dict[str, Any]) -> None:
    row = session().get(FollowUp, moved["id"])
    if row is None or row.state is not FollowUpState.DUE or _follow_up_facts(row) != moved["is"]:
        return
    placement, due, opens, closes = moved["was"]
    row.placement, row.due_on, row.opens_on, row.closes_on = PlacementState(placement), _day(due), _day(opens), _day(closes)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
