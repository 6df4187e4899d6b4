"""The lessons that classes have in their plans and were taught, as words: one text a class, which the database joins.

Rows of classes lie together by index, so that nothing is sorted; a lesson of a year group is written the same in every class, so
that words can be counted before anything is made of them.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import String, bindparam, cast, func, literal, select

from eduprog.core.db import session
from eduprog.coverage.rules.statements import LessonKey
from eduprog.delivery.models import Delivery, DeliveryStep
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState

_BETWEEN, _PARTS, STEP = "|", " ", "#"


def _planned() -> Any:
    plan = PlannedLesson
    lesson = plan.module_id + literal(_PARTS) + cast(plan.lesson_number, String)
    wanted: Any = select(plan.teaching_group_id, func.aggregate_strings(lesson, _BETWEEN)).where(
        plan.teaching_group_id.in_(bindparam("group_ids", expanding=True)),
        plan.state != PlanState.WITHDRAWN, plan.make_good_of.is_(None), plan.part < 2,
    )  # fmt: skip
    return wanted.group_by(plan.teaching_group_id)


def _taught() -> Any:
    lesson = Delivery.module_id + literal(_PARTS) + cast(Delivery.lesson_number, String)
    step = func.coalesce(cast(DeliveryStep.step_number, String), literal(""))
    wanted: Any = (
        select(Delivery.teaching_group_id, func.aggregate_strings(lesson + literal(STEP) + step, _BETWEEN))
        .outerjoin(DeliveryStep, DeliveryStep.delivery_id == Delivery.id)
        .where(Delivery.teaching_group_id.in_(bindparam("group_ids", expanding=True)), Delivery.withdrawn_at.is_(None))
    )
    return wanted.group_by(Delivery.teaching_group_id)


_PLANNED, _TAUGHT = _planned(), _taught()


def planned_words(group_ids: Collection[int]) -> dict[int, list[str]]:
    """Give, by class, the lessons of its plan; one taught in parts once. One statement."""
    return _words(_PLANNED, group_ids)


def taught_words(group_ids: Collection[int]) -> dict[int, list[str]]:
    """Give, by class, its records: lesson, `STEP` and the number of a step done; no number where it was taught whole.

    One statement.
    """
    return _words(_TAUGHT, group_ids)


def _words(wanted: Any, group_ids: Collection[int]) -> dict[int, list[str]]:
    rows = session().execute(wanted, {"group_ids": list(group_ids)})
    return {group_id: text.split(_BETWEEN) for group_id, text in rows}


@cache
def lesson_of(words: str) -> LessonKey:
    """Read a lesson as the database writes it; there are only so many."""
    module_id, _, number = words.rpartition(_PARTS)
    return module_id, int(number)
