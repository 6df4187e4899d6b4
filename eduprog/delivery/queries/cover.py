"""Who stands in: one-day links, what may be taught instead of a sensitive lesson, and sensitive lessons ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.curriculum import catalogue
from eduprog.delivery.models import SupplyLink
from eduprog.delivery.queries.looks import standing_looks
from eduprog.delivery.queries.week import FollowUpCard, LessonCard, lesson_card, starters
from eduprog.delivery.rules import asks_for_training
from eduprog.gates import queries as gates
from eduprog.planning import queries as planning
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState

_AHEAD = timedelta(days=28)


def supply_link(link_id: int) -> SupplyLink:
    """Give a one-day link that was not revoked. Raises NotHere."""
    found = session().scalars(select(SupplyLink).where(SupplyLink.id == link_id, SupplyLink.revoked_at.is_(None))).one_or_none()
    if found is None:
        raise NotHere
    return found


def standing_link(planned_lesson_id: int) -> SupplyLink | None:
    """Give the one-day link of a planned lesson that was not revoked."""
    wanted = select(SupplyLink).where(SupplyLink.planned_lesson_id == planned_lesson_id, SupplyLink.revoked_at.is_(None))
    return session().scalars(wanted).one_or_none()


@dataclass(frozen=True, slots=True)
class Instead:
    """What a teacher who is not trained may do at that meeting: lessons of the class that need no training, follow-ups due."""

    lessons: Sequence[LessonCard]
    follow_ups: Sequence[FollowUpCard]


def instead_of(planned: PlannedLesson) -> Instead:
    """Give what could be taught in place of a sensitive lesson on its day; what was put on hold is left out."""
    if planned.planned_on is None:
        return Instead([], [])
    holds = gates.holds()
    modules = catalogue.current().modules
    others = [
        lesson_card(one, None, holds)
        for one in planning.lessons_of_class(planned.teaching_group_id)
        if _could_swap(one, planned) and not asks_for_training(modules[one.module_id])
    ]
    return Instead([one for one in others if not one.on_hold], starters(planned, planned.planned_on))


def _could_swap(one: PlannedLesson, planned: PlannedLesson) -> bool:
    assert planned.planned_on is not None
    open_to_move = one.id != planned.id and one.state is PlanState.PLANNED and not one.recorded
    return open_to_move and one.planned_on is not None and one.planned_on > planned.planned_on


def sensitive_ahead(today: date) -> Sequence[LessonCard]:
    """Give the sensitive lessons of the next four weeks that are still to come, by day, and those that wait for the DSL."""
    sensitive = [module.id for module in catalogue.current().modules.values() if "G0" not in module.gates]
    looks, holds = standing_looks(), gates.holds()
    planned = planning.lessons_to_come(today, today + _AHEAD, module_ids=sensitive, or_ids=looks)
    return [lesson_card(one, None, holds, looks) for one in planned]
