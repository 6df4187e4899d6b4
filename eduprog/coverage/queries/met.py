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
    """The last day on which a class met a module by a lesson, wholly or in part (`point` None), or by one of its follow-ups.

    With `waits`, the id of a follow-up, it was not met: the follow-up has waited since that day.
    """

    group_id: int
    module_id: str
    point: FollowUpPoint | None
    day: date
    waits: int = 0


def met(group_ids: Collection[int], *, follow_ups_since: date = date.min, waiting: tuple[date, date] | None = None) -> list[Met]:
    """Give when classes last met each module, by lesson and by follow-up (those from a day on). One statement.

    With `waiting`, also every follow-up that was due between two days, both included, and was neither given nor ended.
    """
    none = literal(0)
    lessons = (
        select(Delivery.teaching_group_id, Delivery.module_id, literal("").label("point"), func.max(Delivery.taught_on), none)
        .where(Delivery.teaching_group_id.in_(group_ids), Delivery.withdrawn_at.is_(None))
        .group_by(Delivery.teaching_group_id, Delivery.module_id)
    )
    point = type_coerce(FollowUp.point, String)
    follow_ups = (
        select(FollowUp.teaching_group_id, FollowUp.module_id, point.label("point"), func.max(FollowUp.done_on), none)
        .where(
            FollowUp.teaching_group_id.in_(group_ids),
            FollowUp.state == FollowUpState.DONE,
            FollowUp.done_on >= follow_ups_since,
        )
        .group_by(FollowUp.teaching_group_id, FollowUp.module_id, FollowUp.point)
    )
    both = [follow_ups]
    if waiting is not None:
        due = select(FollowUp.teaching_group_id, FollowUp.module_id, point.label("point"), FollowUp.due_on, FollowUp.id)
        of_these = FollowUp.teaching_group_id.in_(group_ids)
        both.append(due.where(of_these, FollowUp.state == FollowUpState.DUE, FollowUp.due_on.between(*waiting)))
    rows = session().execute(lessons.union_all(*both))
    return [Met(group_id, module_id, _POINTS.get(found), day, waits) for group_id, module_id, found, day, waits in rows]
