"""Create follow-ups from a delivery, move them with it, keep them on days their host meets, and stop them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Select, or_, select

from eduprog.core import audit, clock
from eduprog.core.db import session
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Actor
from eduprog.curriculum import catalogue
from eduprog.followups import queries
from eduprog.followups.actions.carrying import carry_over
from eduprog.followups.actions.placing import end_with_class, place, place_again, put, windows_for
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import EndReason, FollowUpState, Placement, PlacementState
from eduprog.school import queries as school
from eduprog.school.models import TeachingGroup
from eduprog.school.rules import SchoolCalendar


class AlreadyScheduled(Refusal):
    """The follow-ups of this lesson exist already."""


def schedule(
    *, delivery_id: int, group: TeachingGroup, module_id: str, taught_on: date, by: Actor, now: datetime, calendar: SchoolCalendar
) -> Sequence[FollowUp]:
    """Create R1 to R4 for a module whose last lesson was taught, except those done before its record was undone and made anew.

    A retired module owes nothing, though a lesson of it that was planned may be taught. Raises AlreadyScheduled if they exist.
    """
    if _is_retired(module_id):
        return []
    if queries.of_delivery(delivery_id):
        raise AlreadyScheduled
    done = queries.points_kept_after_undo(group.id, module_id)
    windows = {point: window for point, window in windows_for(module_id).items() if point not in done}
    placements = place(group, taught_on, calendar, delivery_id, windows, None)
    added = [new_row(placement, delivery_id, group.id, module_id, taught_on, now) for placement in placements]
    end_with_class(group, added)
    session().add_all(added)
    session().flush()
    send_on(group, by, now, calendar)
    audit.record(act="follow-ups scheduled", subject="delivery", subject_id=delivery_id, by=by, at=now, module=module_id)
    return added


def _is_retired(module_id: str) -> bool:
    return not catalogue.current().module(module_id).is_live


def move_with(
    *, delivery_id: int, group: TeachingGroup, taught_on: date, by: Actor, now: datetime, today: date, calendar: SchoolCalendar
) -> Sequence[FollowUp]:
    """Place again what is not done, because the lesson's day changed; never before today.

    What a class of the next year gives already keeps its day, if that still comes after the lesson.
    """
    due = [row for row in queries.of_delivery(delivery_id) if row.state is FollowUpState.DUE]
    standing = {row.point: row for row in due if row.teaching_group_id == group.id}
    for row in due:
        row.taught_on = taught_on
        if row.teaching_group_id != group.id and row.due_on is not None and row.due_on <= taught_on:
            place_again(school.teaching_group(row.teaching_group_id), [row], taught_on + timedelta(days=1), calendar)
    if not standing:
        return []
    module_id = next(iter(standing.values())).module_id
    windows = {point: window for point, window in windows_for(module_id).items() if point in standing}
    floor = today if taught_on < today else None
    for placement in place(group, taught_on, calendar, delivery_id, windows, floor):
        put(standing[placement.point], placement, taught_on)
    end_with_class(group, standing.values())
    session().flush()
    send_on(group, by, now, calendar)
    audit.record(act="follow-ups moved", subject="delivery", subject_id=delivery_id, by=by, at=now, taught_on=taught_on)
    return list(standing.values())


def withdraw(*, delivery_id: int, reason: EndReason, by: Actor, now: datetime) -> int:
    """Withdraw what is not done, because its lesson was undone, its module retired or its class ended. Gives how many."""
    rows = queries.of_delivery(delivery_id)
    standing = [row for row in rows if row.state is FollowUpState.DUE]
    for row in standing:
        row.state, row.end_reason = FollowUpState.WITHDRAWN, reason
    for row in rows:
        row.lesson_undone = row.lesson_undone or reason is EndReason.DELIVERY_UNDONE
    if standing:
        audit.record(act="follow-ups withdrawn", subject="delivery", subject_id=delivery_id, by=by, at=now, reason=reason)
    return len(standing)


def clear_days(*, days: Collection[date], by: Actor, now: datetime, today: date, calendar: SchoolCalendar) -> int:
    """Place again, never before today, what stood on days the school is now shut. Gives how many follow-ups moved.

    Class by class, in the order of the date rule: day taught, module, point.
    """
    stood: dict[int, list[FollowUp]] = defaultdict(list)
    wanted = select(FollowUp).where(FollowUp.due_on.in_(days), FollowUp.state == FollowUpState.DUE)
    for row in session().scalars(wanted.order_by(FollowUp.id)):
        stood[row.teaching_group_id].append(row)
    for group_id, rows in stood.items():
        place_again(school.teaching_group(group_id), rows, today, calendar)
    moved = sum(len(rows) for rows in stood.values())
    if moved:
        audit.record(act="follow-ups moved off closed days", subject="school", subject_id=None, by=by, at=now, moved=moved)
    return moved


def keep_to_timetable(
    *, group_ids: Collection[int] | None = None, by: Actor, now: datetime, today: date, calendar: SchoolCalendar
) -> int:
    """Place again, never before today, what stands on a day its host does not meet and what found no day before.

    Of these classes, or of all. Gives how many follow-ups moved; running it twice moves nothing more.
    """
    wrong = _off_timetable(group_ids, today, calendar)
    groups = school.groups_by_id(wrong)
    moved = sum(place_again(groups[group_id], rows, today, calendar) for group_id, rows in wrong.items())
    if moved:
        audit.record(act="follow-ups moved to meeting days", subject="school", subject_id=None, by=by, at=now, moved=moved)
    return moved


def hand_on_unplaced(*, group_ids: Collection[int] | None = None, by: Actor, now: datetime, calendar: SchoolCalendar) -> None:
    """Give what found no day in a year that was rolled over to the classes that follow: nobody looks at the old ones any more.

    Of these classes, or of all.
    """
    wanted = select(FollowUp.teaching_group_id).where(
        FollowUp.state == FollowUpState.DUE, FollowUp.placement == PlacementState.UNPLACED
    )
    if group_ids is not None:
        wanted = wanted.where(FollowUp.teaching_group_id.in_(group_ids))
    for group in school.groups_by_id(session().scalars(wanted.distinct())).values():
        send_on(group, by, now, calendar)


def owe_again(row: FollowUp, *, by: Actor, now: datetime, calendar: SchoolCalendar) -> None:
    """Make one that was done or left out due again; where the record of its lesson was undone, the lesson's new record owes it.

    One whose day was shut meanwhile gets another. What falls after the end of a class ends with it, what falls into the next
    year goes to the classes that follow, and that of a retired module ends.
    """
    group = school.teaching_group(row.teaching_group_id)
    row.state, row.done_on, row.done_by, row.end_reason = FollowUpState.DUE, None, None, None
    if row.lesson_undone:
        row.state, row.end_reason = FollowUpState.WITHDRAWN, EndReason.DELIVERY_UNDONE
        session().flush()
        _owe_for_new_record(row, group, now, calendar)
    elif _is_retired(row.module_id):
        row.state, row.end_reason = FollowUpState.WITHDRAWN, EndReason.MODULE_RETIRED
    _keep_off_closed_days(group, row, now, calendar)
    end_with_class(group, [row])
    session().flush()
    send_on(group, by, now, calendar)


def _keep_off_closed_days(group: TeachingGroup, row: FollowUp, now: datetime, calendar: SchoolCalendar) -> None:
    """Place a follow-up that is due again anew if its day was shut, or lost from the timetable, while it counted as ended."""
    meets = school.meeting_pattern(school.host_of(group).slots)
    if row.state is FollowUpState.DUE and row.due_on is not None and not calendar.class_meets(meets, row.due_on):
        place_again(group, [row], clock.local(now).date(), calendar)


def _owe_for_new_record(row: FollowUp, group: TeachingGroup, now: datetime, calendar: SchoolCalendar) -> None:
    """Give the newest record of the same module the follow-up that the old one kept from it."""
    standing = [one for one in queries.of_class(group.id) if one.module_id == row.module_id and not one.lesson_undone]
    newest = max(standing, key=lambda one: one.delivery_id, default=None)
    if (
        newest is None
        or _is_retired(row.module_id)
        or any(one.point is row.point for one in standing if one.delivery_id == newest.delivery_id)
    ):
        return
    windows = {row.point: windows_for(row.module_id)[row.point]}
    for placement in place(group, newest.taught_on, calendar, None, windows, None):
        added = new_row(placement, newest.delivery_id, group.id, row.module_id, newest.taught_on, now)
        end_with_class(group, [added])
        session().add(added)
    session().flush()


def classes_off_timetable(*, today: date, calendar: SchoolCalendar) -> list[int]:
    """Give the ids of the classes for which `keep_to_timetable` finds something to place again."""
    return list(_off_timetable(None, today, calendar))


def _off_timetable(group_ids: Collection[int] | None, today: date, calendar: SchoolCalendar) -> dict[int, list[FollowUp]]:
    lost: dict[int, list[FollowUp]] = defaultdict(list)
    for row in session().scalars(_to_look_at(group_ids, today)):
        lost[row.teaching_group_id].append(row)
    groups = school.groups_by_id(lost)
    wrong = {}
    for group_id, rows in lost.items():
        meets = school.meeting_pattern(school.host_of(groups[group_id]).slots)
        wrong[group_id] = [row for row in rows if row.due_on is None or not calendar.class_meets(meets, row.due_on)]
    return {group_id: rows for group_id, rows in wrong.items() if rows}


def _to_look_at(group_ids: Collection[int] | None, today: date) -> Select[FollowUp]:
    waiting = FollowUp.placement.in_((PlacementState.UNPLACED, PlacementState.AWAITING_CALENDAR))
    wanted = select(FollowUp).where(FollowUp.state == FollowUpState.DUE, or_(FollowUp.due_on >= today, waiting))
    if group_ids is not None:
        wanted = wanted.where(FollowUp.teaching_group_id.in_(group_ids))
    return wanted.order_by(FollowUp.id)


def stop_with_class(*, group_id: int, ends_on: date, by: Actor, now: datetime) -> int:
    """Withdraw what a class is owed from the day on which it ends. Gives how many."""
    wanted = select(FollowUp).where(
        FollowUp.teaching_group_id == group_id,
        FollowUp.state == FollowUpState.DUE,
        or_(FollowUp.due_on.is_(None), FollowUp.due_on >= ends_on),
    )
    rows = session().scalars(wanted).all()
    for row in rows:
        row.state, row.end_reason = FollowUpState.WITHDRAWN, EndReason.CLASS_ENDED
    if rows:
        audit.record(act="follow-ups withdrawn", subject="teaching_group", subject_id=group_id, by=by, at=now, stopped=len(rows))
    return len(rows)


def send_on(group: TeachingGroup, by: Actor, now: datetime, calendar: SchoolCalendar) -> None:
    """Give what falls into the next year to the classes that follow, where the roll-over has named them already."""
    successors = school.successors_in(group.academic_year_id)
    year = school.year_after(group.academic_year_id) if successors else None
    if year is None:
        return
    carry_over(
        feeders={group_id: [group.id] for group_id in successors.get(group.id, [])},
        leaving=[] if group.id in successors else [group.id],
        year_starts=year.starts_on,
        by=by,
        now=now,
        calendar=calendar,
    )


def new_row(placement: Placement, delivery_id: int, group_id: int, module_id: str, taught_on: date, now: datetime) -> FollowUp:
    """Give a follow-up as the date rule placed it, still to be added."""
    row = FollowUp(
        delivery_id=delivery_id,
        teaching_group_id=group_id,
        module_id=module_id,
        point=placement.point,
        state=FollowUpState.DUE,
        created_at=now,
    )
    put(row, placement, taught_on)
    return row
