"""Which classes need a look: behind, without a record, or not met for long. Of classes, never of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, func, select

from eduprog.core.db import session
from eduprog.delivery import queries as delivery
from eduprog.delivery.models import Delivery
from eduprog.followups import queries as followups
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import FollowUpState
from eduprog.planning.models import PlannedLesson, SchemeEntry, SchemeOfWork
from eduprog.planning.rules import PlanState, WhyUnplaced
from eduprog.reminders.rules import ClassLine
from eduprog.school.models import TeachingGroup, TeachingGroupYear
from eduprog.school.queries import SchoolYear
from eduprog.school.rules import HalfTermBlock, SchoolCalendar

A_WEEK = timedelta(days=7)
COLD_AFTER = 30
"""Open days (six school weeks) after which a class that has met none of our lessons or follow-ups is going cold."""


def classes_to_look_at(year: SchoolYear, calendar: SchoolCalendar, *, today: date) -> tuple[ClassLine, ...]:
    """Give the classes of an academic year (half-terms loaded) that need a look, by name. A fixed number of statements."""
    groups = _running(year.id, today)
    late = delivery.unrecorded_before(today - A_WEEK, since=year.starts_on)
    overdue = followups.overdue_on(today - A_WEEK, since=year.starts_on)
    not_recorded = Counter(row.teaching_group_id for row in late)
    follow_ups = Counter(row.teaching_group_id for row in overdue)
    over = [span.block for span in year.half_terms if span.last_day < today]
    behind, without_day = _behind(year.id, over, today), _without_day(year.id)
    met = _last_met(groups)
    lines = [
        ClassLine(
            id_, name, not_recorded[id_], behind[id_], without_day[id_], follow_ups[id_],
            _cold(met.get(id_) or year.starts_on, calendar, today) if planned else None,
        )
        for id_, (name, planned) in groups.items()
    ]  # fmt: skip
    return tuple(line for line in lines if line.needs_a_look)


def _running(academic_year_id: int, today: date) -> dict[int, tuple[str, bool]]:
    """Give the classes that have not ended, by name, and whether anything is planned for each."""
    standing = _standing().where(PlannedLesson.teaching_group_id == TeachingGroup.id)
    asked = select(TeachingGroup.id, TeachingGroup.name, standing.correlate(TeachingGroup).exists().label("planned")).where(
        TeachingGroup.academic_year_id == academic_year_id,
        (TeachingGroup.ended_on.is_(None)) | (TeachingGroup.ended_on > today),
    )
    rows = session().execute(asked.order_by(TeachingGroup.name, TeachingGroup.id))
    return {row.id: (row.name, row.planned) for row in rows}


def _standing() -> Select[int]:
    return select(PlannedLesson.id).where(
        PlannedLesson.state != PlanState.WITHDRAWN, PlannedLesson.school_id == TeachingGroup.school_id
    )


def _not_delivered() -> ColumnElement[bool]:
    recorded = select(Delivery.id).where(
        Delivery.planned_lesson_id == PlannedLesson.id,
        Delivery.withdrawn_at.is_(None),
        Delivery.school_id == PlannedLesson.school_id,
    )
    return ~recorded.correlate(PlannedLesson).exists()


def _behind(academic_year_id: int, over: Collection[HalfTermBlock], today: date) -> Counter[int]:
    """Count, by class, the lessons still to come whose half-term in the scheme of work is over."""
    asked = (
        select(PlannedLesson.teaching_group_id, func.count(PlannedLesson.id.distinct()))
        .join(TeachingGroup, TeachingGroup.id == PlannedLesson.teaching_group_id)
        .join(TeachingGroupYear, TeachingGroupYear.teaching_group_id == TeachingGroup.id)
        .join(SchemeOfWork, SchemeOfWork.year_group == TeachingGroupYear.year_group)
        .join(SchemeEntry, SchemeEntry.scheme_of_work_id == SchemeOfWork.id)
        .where(
            TeachingGroup.academic_year_id == academic_year_id,
            SchemeOfWork.academic_year_id == academic_year_id,
            SchemeEntry.module_id == PlannedLesson.module_id,
            SchemeEntry.block.in_(over),
            PlannedLesson.state == PlanState.PLANNED,
            PlannedLesson.planned_on >= today,
            _not_delivered(),
        )
        .group_by(PlannedLesson.teaching_group_id)
    )
    return Counter({group_id: count for group_id, count in session().execute(asked)})


def _without_day(academic_year_id: int) -> Counter[int]:
    """Count, by class, the lessons that found no day, those left to next year apart."""
    left = PlannedLesson.why_unplaced == WhyUnplaced.NEXT_YEAR
    asked = (
        select(PlannedLesson.teaching_group_id, func.count())
        .join(TeachingGroup, TeachingGroup.id == PlannedLesson.teaching_group_id)
        .where(
            TeachingGroup.academic_year_id == academic_year_id,
            PlannedLesson.state == PlanState.UNPLACED,
            PlannedLesson.why_unplaced.is_(None) | ~left,
        )
        .group_by(PlannedLesson.teaching_group_id)
    )
    return Counter({group_id: count for group_id, count in session().execute(asked)})


def _last_met(group_ids: Collection[int]) -> dict[int, date]:
    """Give, by class, the last day of a lesson or a follow-up."""
    lessons = (
        select(Delivery.teaching_group_id, func.max(Delivery.taught_on))
        .where(Delivery.teaching_group_id.in_(group_ids), Delivery.withdrawn_at.is_(None))
        .group_by(Delivery.teaching_group_id)
    )
    refreshed = (
        select(FollowUp.teaching_group_id, func.max(FollowUp.done_on))
        .where(FollowUp.teaching_group_id.in_(group_ids), FollowUp.state == FollowUpState.DONE)
        .group_by(FollowUp.teaching_group_id)
    )
    met: dict[int, date] = {}
    for group_id, day in [*session().execute(lessons), *session().execute(refreshed)]:
        met[group_id] = max(day, met.get(group_id, day))
    return met


def _cold(met: date, calendar: SchoolCalendar, today: date) -> int | None:
    """Give the open days since the class last met us, if they are too many."""
    passed = sum(1 for _ in calendar.open_days(met + timedelta(days=1), today - timedelta(days=1)))
    return passed if passed > COLD_AFTER else None
