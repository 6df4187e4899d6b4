"""When classes last met what: by lesson and by follow-up."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select

from eduprog.core.db import session
from eduprog.curriculum.vocabulary import FollowUpPoint
from eduprog.delivery.models import Delivery
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import FollowUpState


class LessonMet(NamedTuple):
    """The last day on which a class was taught a lesson of a module, wholly or in part."""

    group_id: int
    module_id: str
    day: date


class FollowUpMet(NamedTuple):
    """The last day on which a class was given one of the follow-ups of a module."""

    group_id: int
    module_id: str
    point: FollowUpPoint
    day: date


def lessons_met(group_ids: Collection[int]) -> list[LessonMet]:
    """Give the last lesson of each module by class. One statement."""
    wanted = (
        select(Delivery.teaching_group_id, Delivery.module_id, func.max(Delivery.taught_on))
        .where(Delivery.teaching_group_id.in_(group_ids), Delivery.withdrawn_at.is_(None))
        .group_by(Delivery.teaching_group_id, Delivery.module_id)
    )
    return [LessonMet(*row) for row in session().execute(wanted)]


def follow_ups_met(group_ids: Collection[int], *, since: date | None = None) -> list[FollowUpMet]:
    """Give the last follow-up of each kind and module by class, from a day on if one is named. One statement."""
    wanted = select(FollowUp.teaching_group_id, FollowUp.module_id, FollowUp.point, func.max(FollowUp.done_on)).where(
        FollowUp.teaching_group_id.in_(group_ids), FollowUp.state == FollowUpState.DONE
    )
    if since is not None:
        wanted = wanted.where(FollowUp.done_on >= since)
    grouped = wanted.group_by(FollowUp.teaching_group_id, FollowUp.module_id, FollowUp.point)
    rows = session().execute(grouped)
    return [FollowUpMet(group_id, module_id, point, day) for group_id, module_id, point, day in rows if day is not None]
