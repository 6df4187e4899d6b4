"""Which follow-ups there are, for a teacher's week, for a class, and for placing the next one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import Select, Table, bindparam, case, func, or_, select
from sqlalchemy.orm import aliased

from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.core.tenancy import current_school_id
from eduprog.curriculum.vocabulary import FollowUpPoint
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import EndReason, FollowUpState, IsoWeek, PlacementState, iso_week
from eduprog.school import queries as school
from eduprog.school.models import TeachingGroup
from eduprog.tallies.actions import FollowUpChange


def follow_up(follow_up_id: int) -> FollowUp:
    """Give a follow-up with its class. Raises NotHere."""
    return school.with_classes([_one(select(FollowUp).where(FollowUp.id == follow_up_id))])[0]


def follow_up_alone(follow_up_id: int) -> FollowUp:
    """Give a follow-up without its class, as recording it needs it: until it is recorded nobody else may. Raises NotHere."""
    return _one(select(FollowUp).where(FollowUp.id == follow_up_id).with_for_update())


def _one(wanted: Select[FollowUp]) -> FollowUp:
    found = session().scalars(wanted).one_or_none()
    if found is None:
        raise NotHere
    return found


def due_between(first: date, last: date) -> Sequence[FollowUp]:
    """Give the follow-ups due or done for that span of days, by day, class and point."""
    wanted = select(FollowUp).where(
        FollowUp.due_on.between(first, last), FollowUp.state.in_((FollowUpState.DUE, FollowUpState.DONE, FollowUpState.SKIPPED))
    )
    return school.with_classes(_in_order(wanted))


def overdue_on(today: date, *, since: date = date.min) -> Sequence[FollowUp]:
    """Give the follow-ups whose day has passed undone, that of `since` or a later one, oldest first."""
    wanted = select(FollowUp).where(FollowUp.due_on >= since, FollowUp.due_on < today, FollowUp.state == FollowUpState.DUE)
    return school.with_classes(_in_order(wanted))


def due_of_classes(group_ids: Collection[int], first: date, last: date) -> Sequence[FollowUp]:
    """Give the follow-ups of these classes that wait to be given since a day in that span, by day, class and point."""
    wanted = select(FollowUp).where(
        FollowUp.teaching_group_id.in_(group_ids), FollowUp.due_on.between(first, last), FollowUp.state == FollowUpState.DUE
    )
    return school.with_classes(_in_order(wanted))


def of_week(first: date, last: date, *, since: date, before: date, lead_teacher_id: int | None) -> Sequence[FollowUp]:
    """Give those due or done in a span of days, and those that wait since a day from `since` on and before `before`.

    By day, class and point, without their classes; those one person gives if named. One statement.
    """
    waiting = (FollowUp.due_on >= since) & (FollowUp.due_on < before) & (FollowUp.state == FollowUpState.DUE)
    of_span = FollowUp.due_on.between(first, last) & (FollowUp.state != FollowUpState.WITHDRAWN)
    wanted = select(FollowUp).where(FollowUp.due_on.between(since, last), or_(waiting, of_span))
    if lead_teacher_id is not None:
        wanted = wanted.join(TeachingGroup, FollowUp.teaching_group_id == TeachingGroup.id)
        wanted = wanted.where(school.gives_follow_ups(lead_teacher_id))
    return _in_order(wanted)


def _in_order(wanted: Select[FollowUp]) -> Sequence[FollowUp]:
    ordered = wanted.order_by(FollowUp.due_on, FollowUp.teaching_group_id, FollowUp.point, FollowUp.id)
    return session().scalars(ordered).all()


def of_delivery(delivery_id: int) -> Sequence[FollowUp]:
    """Give the follow-ups a delivery created, R1 to R4."""
    return session().scalars(select(FollowUp).where(FollowUp.delivery_id == delivery_id).order_by(FollowUp.point)).all()


def of_class(group_id: int) -> Sequence[FollowUp]:
    """Give a class's follow-ups in order of day taught, module and point."""
    wanted = select(FollowUp).where(FollowUp.teaching_group_id == group_id)
    return session().scalars(wanted.order_by(FollowUp.taught_on, FollowUp.module_id, FollowUp.point, FollowUp.id)).all()


def points_kept_after_undo(group_id: int, module_id: str) -> set[FollowUpPoint]:
    """Give the follow-ups of a module that a class had done already when the record of its lesson was undone."""
    kept = select(FollowUp.point).where(
        FollowUp.teaching_group_id == group_id, FollowUp.module_id == module_id, FollowUp.lesson_undone,
        FollowUp.state == FollowUpState.DONE,
    )  # fmt: skip
    return set(session().scalars(kept))


@dataclass(frozen=True, slots=True)
class CarriedFollowUp:
    """A follow-up that came from last year, where several classes came together: from which, and when the others were taught.

    `others` holds the other classes with the day on which each last met the module; None for one that never did.
    """

    group_id: int
    module_id: str
    point: FollowUpPoint
    due_on: date | None
    from_group_id: int
    taught_on: date
    others: tuple[tuple[int, date | None], ...]


def carried_into(group_ids: Collection[int]) -> list[CarriedFollowUp]:
    """Give what classes that were fed by several have from them, in order of class and module. Four statements."""
    feeders = {group_id: ids for group_id, ids in school.feeders_of(group_ids).items() if len(ids) > 1}
    if not feeders:
        return []
    source = aliased(FollowUp)
    wanted = (
        select(FollowUp, source.teaching_group_id)
        .join(source, source.id == FollowUp.carried_from_id)
        .where(FollowUp.teaching_group_id.in_(feeders), FollowUp.state != FollowUpState.WITHDRAWN)
        .order_by(FollowUp.teaching_group_id, FollowUp.module_id, FollowUp.point)
    )
    last_met = _last_met({one for ids in feeders.values() for one in ids})
    return [
        CarriedFollowUp(
            row.teaching_group_id,
            row.module_id,
            row.point,
            row.due_on,
            came_from,
            row.taught_on,
            tuple((one, last_met.get((one, row.module_id))) for one in feeders[row.teaching_group_id] if one != came_from),
        )
        for row, came_from in session().execute(wanted)
    ]


def _last_met(group_ids: Collection[int]) -> dict[tuple[int, str], date]:
    wanted = (
        select(FollowUp.teaching_group_id, FollowUp.module_id, func.max(FollowUp.taught_on))
        .where(
            FollowUp.teaching_group_id.in_(group_ids),
            or_(FollowUp.end_reason.is_(None), FollowUp.end_reason != EndReason.DELIVERY_UNDONE),
        )
        .group_by(FollowUp.teaching_group_id, FollowUp.module_id)
    )
    return {(group_id, module_id): day for group_id, module_id, day in session().execute(wanted)}


def days_taken(group_id: int, *, except_delivery: int | None = None) -> set[date]:
    """Give the days that hold a follow-up of the class, done or to do."""
    wanted = select(FollowUp.due_on).where(
        FollowUp.teaching_group_id == group_id,
        FollowUp.placement == PlacementState.PLACED,
        FollowUp.state.in_((FollowUpState.DUE, FollowUpState.DONE)),
    )
    if except_delivery is not None:
        wanted = wanted.where(or_(FollowUp.delivery_id != except_delivery, FollowUp.state == FollowUpState.DONE))
    return {day for day in session().scalars(wanted) if day is not None}


def load_of(owner_id: int | None, *, except_delivery: int | None = None) -> Counter[IsoWeek]:
    """Count, by ISO week, the follow-ups somebody still has to give over all classes they host."""
    if owner_id is None:
        return Counter()
    wanted = (
        select(FollowUp.due_on)
        .join(TeachingGroup, FollowUp.teaching_group_id == TeachingGroup.id)
        .where(school.gives_follow_ups(owner_id), FollowUp.state == FollowUpState.DUE, FollowUp.due_on.is_not(None))
    )
    if except_delivery is not None:
        wanted = wanted.where(FollowUp.delivery_id != except_delivery)
    return Counter(iso_week(day) for day in session().scalars(wanted) if day is not None)


def tally_facts() -> list[FollowUpChange]:
    """Recount the current school's follow-ups by the day each is owed on, those withdrawn apart."""
    session().flush()  # a statement on bare tables does not do it by itself
    rows = session().execute(_BY_DAY, {"school_id": current_school_id()})
    return [FollowUpChange(due_on, owed, done) for due_on, owed, done in rows]


_TABLE = cast(Table, FollowUp.__table__)
_BY_DAY = (
    select(_TABLE.c.due_on, func.count(), func.sum(case((_TABLE.c.state == FollowUpState.DONE, 1), else_=0)))
    .where(_TABLE.c.school_id == bindparam("school_id"), _TABLE.c.due_on.is_not(None))
    .where(_TABLE.c.state != FollowUpState.WITHDRAWN)
    .group_by(_TABLE.c.due_on)
)
