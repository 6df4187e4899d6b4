"""Close days, and move what stood on them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from eduprog.core.permissions import Actor
from eduprog.delivery import queries as delivery
from eduprog.followups import actions as followups
from eduprog.planning import actions as planning
from eduprog.planning import queries as planning_queries
from eduprog.school import actions as school
from eduprog.school import queries as school_queries
from eduprog.school.rules import ClosureKind


@dataclass(frozen=True)
class ClosureReport:
    """What a closure moved."""

    lessons: int
    follow_ups: int


def close_school(*, days: Collection[date], kind: ClosureKind, by: Actor, now: datetime, today: date) -> ClosureReport:
    """Shut the school on days of term, and move what stood there: lessons to the class's next free meeting, follow-ups by the
    date rule, never before today. What was taught on such a day stays. Raises NotInTerm or AlreadyClosed, moving nothing.
    """
    school.close_days(days=days, kind=kind, by=by, now=now)
    standing = [lesson.id for lesson in planning_queries.lessons_on(days)]
    taught = delivery.of_planned_lessons(standing)
    lessons = planning.move_on_all(planned_lesson_ids=[one for one in standing if one not in taught], by=by, now=now)
    moved = followups.clear_days(days=days, by=by, now=now, today=today, calendar=school_queries.calendar())
    return ClosureReport(lessons, moved)
