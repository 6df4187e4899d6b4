"""Which lessons of this year and the last still owe their classes follow-ups."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from eduprog.core.db import session
from eduprog.curriculum import catalogue
from eduprog.delivery.models import Delivery
from eduprog.delivery.rules import LessonOutcome, ends_module
from eduprog.followups.rules import Owing
from eduprog.planning.models import PlannedLesson
from eduprog.school.models import TeachingGroup


def owing_deliveries(academic_year_ids: Collection[int], *, group_id: int | None = None) -> list[Owing]:
    """Give the deliveries that ended a module for a class of these years which goes on, by day taught and module order.

    Of all these classes, or of one. Modules that are retired owe nothing. One statement.
    """
    wanted = (
        select(
            Delivery.id, Delivery.teaching_group_id, Delivery.module_id, Delivery.lesson_number, Delivery.taught_on,
            PlannedLesson.part,
        )
        .join(PlannedLesson, PlannedLesson.id == Delivery.planned_lesson_id)
        .join(TeachingGroup, TeachingGroup.id == Delivery.teaching_group_id)
        .where(
            Delivery.withdrawn_at.is_(None),
            Delivery.outcome != LessonOutcome.PART_TAUGHT,
            TeachingGroup.academic_year_id.in_(academic_year_ids),
            TeachingGroup.ended_on.is_(None),
        )
    )  # fmt: skip
    if group_id is not None:
        wanted = wanted.where(Delivery.teaching_group_id == group_id)
    live = {module.id: module for module in catalogue.current().all_modules if module.is_live}
    order = catalogue.current().programme.position
    found = [
        Owing(row.id, row.teaching_group_id, row.module_id, row.taught_on)
        for row in session().execute(wanted.order_by(Delivery.id))
        if row.module_id in live and ends_module(live[row.module_id], row.lesson_number, row.part)
    ]
    return sorted(found, key=lambda one: (one.taught_on, order.get(one.module_id, 0), one.delivery_id))
