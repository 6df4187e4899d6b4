"""When classes last met what: by lesson and by follow-up."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import String, func, literal, select, type_coerce

from eduprog.core.db import session
from eduprog.curriculum.vocabulary import FollowUpPoint
from eduprog.delivery.models import Delivery
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import FollowUpState

_POINTS = {point.value: point for point in FollowUpPoint}


class Met(NamedTuple):
    """The last day on which a class met a module by a lesson, wholly or in part (`point` None), or by one of its follow-ups."""

    group_id: int
    module_id: str
    point: FollowUpPoint | None
    day: date


def met(group_ids: Collection[int], *, follow_ups_since: date = date.min) -> list[Met]:
    """Give when classes last met each module, by lesson and by follow-up (those from a day on). One statement."""
    lessons = (
        select(Delivery.teaching_group_id, Delivery.module_id, literal("").label("point"), func.max(Delivery.taught_on))
        .where(Delivery.teaching_group_id.in_(group_ids), Delivery.withdrawn_at.is_(None))
        .group_by(Delivery.teaching_group_id, Delivery.module_id)
    )
    point = type_coerce(FollowUp.point, String)
    follow_ups = (
        select(FollowUp.teaching_group_id, FollowUp.module_id, point.label("point"), func.max(FollowUp.done_on))
        .where(
            FollowUp.teaching_group_id.in_(group_ids),
            FollowUp.state == FollowUpState.DONE,
            FollowUp.done_on >= follow_ups_since,
        )
        .group_by(FollowUp.teaching_group_id, FollowUp.module_id, FollowUp.point)
    )
    rows = session().execute(lessons.union_all(follow_ups))
    return [Met(group_id, module_id, _POINTS.get(found), day) for group_id, module_id, found, day in rows]
