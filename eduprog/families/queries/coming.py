"""What a class comes to next, as far as families may know: a title, never a day, and nothing with conditions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import select

from eduprog.core.db import session
from eduprog.families.queries.prompts import is_gated, live_module
from eduprog.gates.queries import Holds
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState

_LOOK_AHEAD = timedelta(weeks=8)


def coming_next(group_ids: Collection[int], holds: Holds, today: date) -> dict[int, str]:
    """Give, for each class that has one, the id of the module it begins next. One statement.

    Gated modules are passed over: naming one beforehand could be tied to one child's lesson.
    """
    wanted = (
        select(PlannedLesson.teaching_group_id, PlannedLesson.module_id)
        .where(
            PlannedLesson.teaching_group_id.in_(group_ids),
            PlannedLesson.planned_on.between(today + timedelta(days=1), today + _LOOK_AHEAD),
            PlannedLesson.state == PlanState.PLANNED,
            PlannedLesson.recorded.is_(False),
            PlannedLesson.lesson_number == 1,
            PlannedLesson.part <= 1,
            PlannedLesson.make_good_of.is_(None),
        )
        .order_by(PlannedLesson.planned_on, PlannedLesson.id)
    )
    found: dict[int, str] = {}
    for row in session().execute(wanted):
        if row.teaching_group_id not in found and _may_be_told(row.module_id, holds):
            found[row.teaching_group_id] = row.module_id
    return found


def _may_be_told(module_id: str, holds: Holds) -> bool:
    module = live_module(module_id)
    if module is None or is_gated(module) or module.home_activity.sex_education:
        return False
    return not holds.stop(module, module.years)
