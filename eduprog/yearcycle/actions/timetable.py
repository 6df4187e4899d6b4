"""Bring lessons to where their classes meet, after a timetable was taken in that changed when they do."""

from __future__ import annotations

from datetime import date, datetime

from eduprog.core.errors import NotHere
from eduprog.core.permissions import Actor
from eduprog.planning import actions as planning
from eduprog.planning import queries as planning_queries
from eduprog.planning.rules import RunKind
from eduprog.school import queries as school


def move_to_meetings(*, by: Actor, now: datetime, today: date) -> planning.PlanReport:
    """Plan anew, from today on, the classes of which a lesson stands where they do not meet. Like any run it can be undone.

    What was taught, moved by hand or is covered stays. Raises NotHere where there is no academic year.
    """
    year = school.academic_year_on(today)
    if year is None:
        raise NotHere
    groups = school.groups_of_year(year.id)
    off = {row.group_id for row in planning_queries.lessons_amiss(year, groups, today=today).off_timetable}
    chosen = [group for group in groups if group.id in off]
    return planning.plan_year(academic_year=year, groups=chosen, by=by, now=now, not_before=today, kind=RunKind.AGAIN)
