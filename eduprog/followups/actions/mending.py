"""Find what is owed and not written down, and put it back; stop what nobody teaches any more.

A row that is gone, whatever deleted it, is missed by comparing what lessons owe with what there is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.permissions import Actor
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import FollowUpPoint
from eduprog.followups import queries
from eduprog.followups.actions.carrying import carry_over
from eduprog.followups.actions.placing import place, windows_for
from eduprog.followups.actions.scheduling import new_row, send_on
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import AnyWindow, EndReason, FollowUpState, Owing
from eduprog.school import queries as school
from eduprog.school.models import TeachingGroup
from eduprog.school.rules import SchoolCalendar

Owed = tuple[str, FollowUpPoint]


def mend(*, owing: Sequence[Owing], by: Actor, now: datetime, calendar: SchoolCalendar) -> int:
    """Write down again what these deliveries owe and no row says, with the day the date rule gives. Gives how many.

    What was carried into the next year or ended for a reason is not missing. Running it twice adds nothing more.
    """
    missing = _missing(owing)
    groups = school.groups_by_id(one.group_id for one in missing)
    added = sum(_mend_one(one, windows, groups[one.group_id], by, now, calendar) for one, windows in missing.items())
    if added:
        audit.record(act="missing follow-ups put back", subject="school", subject_id=None, by=by, at=now, added=added)
    return added


def classes_missing(owing: Iterable[Owing]) -> list[int]:
    """Give the ids of the classes for which `mend` finds something to put back, each once."""
    return list(dict.fromkeys(one.group_id for one in _missing(owing)))


def mend_carried(
    *,
    owing: Sequence[Owing],
    feeders: Mapping[int, Collection[int]],
    year_starts: date,
    by: Actor,
    now: datetime,
    calendar: SchoolCalendar,
) -> int:
    """Carry over once more what the classes that feed those of a year (key of `feeders`) handed on and nobody has.

    Only of these deliveries. Gives how many; running it twice adds nothing more.
    """
    handed = _handed_on({one.delivery_id for one in owing})
    there = _given(feeders)
    added = 0
    for group_id, ids in feeders.items():
        lost = [row for one in ids for row in handed[one] if (row.module_id, row.point) not in there[group_id]]
        if not lost:
            continue
        for row in lost:
            row.state, row.end_reason = FollowUpState.DUE, None
        session().flush()
        added += carry_over(
            feeders={group_id: ids}, leaving=[], year_starts=year_starts, by=by, now=now, calendar=calendar
        ).carried  # fmt: skip
    return added


def stop_retired(*, by: Actor, now: datetime) -> int:
    """Withdraw what is not done of modules that are retired. Gives how many."""
    retired = [module.id for module in catalogue.current().all_modules if not module.is_live]
    wanted = select(FollowUp).where(FollowUp.module_id.in_(retired), FollowUp.state == FollowUpState.DUE)
    rows = session().scalars(wanted.order_by(FollowUp.id)).all()
    for row in rows:
        row.state, row.end_reason = FollowUpState.WITHDRAWN, EndReason.MODULE_RETIRED
    session().flush()
    if rows:
        audit.record(act="follow-ups withdrawn", subject="school", subject_id=None, by=by, at=now, retired=len(rows))
    return len(rows)


def _missing(owing: Iterable[Owing]) -> dict[Owing, dict[FollowUpPoint, AnyWindow]]:
    """Give, by delivery, the windows of what no row says."""
    by_delivery = {one.delivery_id: one for one in owing}
    there: dict[int, set[FollowUpPoint]] = defaultdict(set)
    wanted = select(FollowUp.delivery_id, FollowUp.point).where(FollowUp.delivery_id.in_(by_delivery))
    for delivery_id, point in session().execute(wanted):
        there[delivery_id].add(point)
    found = {}
    for one in by_delivery.values():
        gone = windows_for(one.module_id).keys() - there[one.delivery_id]
        gone -= queries.points_kept_after_undo(one.group_id, one.module_id) if gone else set()
        if gone:
            found[one] = {point: window for point, window in windows_for(one.module_id).items() if point in gone}
    return found


def _mend_one(
    one: Owing,
    windows: Mapping[FollowUpPoint, AnyWindow],
    group: TeachingGroup,
    by: Actor,
    now: datetime,
    calendar: SchoolCalendar,
) -> int:
    placements = place(group, one.taught_on, calendar, None, windows, None)
    session().add_all(new_row(each, one.delivery_id, one.group_id, one.module_id, one.taught_on, now) for each in placements)
    session().flush()
    send_on(group, by, now, calendar)
    return len(placements)


def _handed_on(delivery_ids: Collection[int]) -> dict[int, list[FollowUp]]:
    """Give, by class of the old year, what it handed on at the roll-over."""
    found: dict[int, list[FollowUp]] = defaultdict(list)
    wanted = select(FollowUp).where(FollowUp.delivery_id.in_(delivery_ids), FollowUp.end_reason == EndReason.CARRIED_OVER)
    for row in session().scalars(wanted.order_by(FollowUp.id)):
        found[row.teaching_group_id].append(row)
    return found


def _given(group_ids: Collection[int]) -> dict[int, set[Owed]]:
    """Give, by class of the new year, what it was handed, whatever became of it."""
    found: dict[int, set[Owed]] = defaultdict(set)
    wanted = select(FollowUp.teaching_group_id, FollowUp.module_id, FollowUp.point).where(
        FollowUp.teaching_group_id.in_(group_ids), FollowUp.carried_from_id.is_not(None)
    )
    for group_id, module_id, point in session().execute(wanted):
        found[group_id].add((module_id, point))
    return found
