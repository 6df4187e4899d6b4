"""Take follow-ups into the next academic year: to the classes their pupils go to, or out of school."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.permissions import Actor
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import FollowUpPoint
from eduprog.followups.actions.placing import place_again
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import EndReason, FollowUpState, PlacementState
from eduprog.school import queries as school
from eduprog.school.rules import Feeder, SchoolCalendar, least_served


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """How many follow-ups went to a class of the next year, how many of them have their day, and how many ended with leavers."""

    carried: int = 0
    placed: int = 0
    left_school: int = 0


def carry_over(
    *,
    feeders: Mapping[int, Collection[int]],
    leaving: Collection[int],
    year_starts: date,
    by: Actor,
    now: datetime,
    calendar: SchoolCalendar,
) -> CarriedOver:
    """Give each class of the next year (key of `feeders`) what the classes that feed it are still owed from `year_starts` on.

    Of several feeders owed the same, the one taught longest ago is taken. What a class that `leaving` names is owed ends. None
    gets a day before the year starts: what missed its window last year arrives without a day, and says so.
    """
    old = {group_id for ids in feeders.values() for group_id in ids}
    rows = _owed_from(old | set(leaving), year_starts)
    by_group: dict[int, list[FollowUp]] = defaultdict(list)
    for row in rows:
        by_group[row.teaching_group_id].append(row)
    groups = school.groups_by_id(feeders)
    added: list[FollowUp] = []
    for group_id in sorted(groups):
        there = _carried_already(group_id)
        owed = [row for row in _least_served(by_group, feeders[group_id]) if (row.module_id, row.point) not in there]
        taken_on = [_carried(row, group_id, now) for row in owed]
        session().add_all(taken_on)
        session().flush()
        if taken_on:
            place_again(groups[group_id], taken_on, year_starts, calendar)
        added += taken_on
    for row in rows:
        row.state = FollowUpState.WITHDRAWN
        row.end_reason = EndReason.CARRIED_OVER if row.teaching_group_id in old else EndReason.LEFT_SCHOOL
    session().flush()
    ended = sum(row.end_reason is EndReason.LEFT_SCHOOL for row in rows)
    placed = sum(row.placement is PlacementState.PLACED for row in added)
    audit.record(act="follow-ups carried over", subject="school", subject_id=None, by=by, at=now, carried=len(added), ended=ended)
    return CarriedOver(len(added), placed, ended)


def undo_carry_over(*, new: Collection[int], old: Collection[int], by: Actor, now: datetime) -> int:
    """Take back what `carry_over` did to these classes of the new and the old year. Gives how many are owed as before.

    What a lesson owed whose record was undone, or whose module was retired meanwhile, is owed no more.
    """
    for row in session().scalars(select(FollowUp).where(FollowUp.teaching_group_id.in_(new))).all():
        session().delete(row)
    session().flush()
    ended = select(FollowUp).where(
        FollowUp.teaching_group_id.in_(old),
        or_(
            FollowUp.end_reason == EndReason.CARRIED_OVER,
            (FollowUp.end_reason == EndReason.LEFT_SCHOOL) & (FollowUp.placement != PlacementState.LEFT_SCHOOL),
        ),
    )
    rows = []
    for row in session().scalars(ended).all():
        if row.lesson_undone:
            row.end_reason = EndReason.DELIVERY_UNDONE
        elif not catalogue.current().module(row.module_id).is_live:
            row.end_reason = EndReason.MODULE_RETIRED
        else:
            row.state, row.end_reason = FollowUpState.DUE, None
            rows.append(row)
    session().flush()
    audit.record(act="follow-ups taken back", subject="school", subject_id=None, by=by, at=now, owed=len(rows))
    return len(rows)


def _owed_from(group_ids: Collection[int], first: date) -> Sequence[FollowUp]:
    wanted = select(FollowUp).where(
        FollowUp.teaching_group_id.in_(group_ids),
        FollowUp.state == FollowUpState.DUE,
        or_(FollowUp.due_on.is_(None), FollowUp.due_on >= first),
    )
    return session().scalars(wanted.order_by(FollowUp.id)).all()


def _carried_already(group_id: int) -> set[tuple[str, FollowUpPoint]]:
    """Give what a class was given from its feeders before, as when another of them recorded a lesson late."""
    wanted = select(FollowUp).where(
        FollowUp.teaching_group_id == group_id,
        FollowUp.carried_from_id.is_not(None),
        FollowUp.state != FollowUpState.WITHDRAWN,
    )
    return {(row.module_id, row.point) for row in session().scalars(wanted)}


def _least_served(by_group: Mapping[int, Sequence[FollowUp]], feeders: Collection[int]) -> list[FollowUp]:
    """Give one follow-up of each module and point among the feeders: that of the feeder taught longest ago."""
    owed: dict[tuple[str, FollowUpPoint], dict[int, FollowUp]] = defaultdict(dict)
    for group_id in feeders:
        for row in by_group.get(group_id, ()):
            before = owed[row.module_id, row.point].get(group_id)
            if before is None or row.taught_on > before.taught_on:
                owed[row.module_id, row.point][group_id] = row
    chosen = []
    for rows in owed.values():
        least = least_served(Feeder(group_id, row.taught_on) for group_id, row in rows.items())
        assert least is not None
        chosen.append(rows[least.group_id])
    return chosen


def _carried(row: FollowUp, group_id: int, now: datetime) -> FollowUp:
    return FollowUp(
        delivery_id=row.delivery_id,
        teaching_group_id=group_id,
        module_id=row.module_id,
        point=row.point,
        taught_on=row.taught_on,
        placement=PlacementState.UNPLACED,
        state=FollowUpState.DUE,
        carried_from_id=row.id,
        created_at=now,
    )
