"""Create follow-ups from a delivery, move them with it, finish them, and stop them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Actor
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import FollowUpPoint
from eduprog.followups import queries
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import (
    AnyWindow,
    EndReason,
    FollowUpHost,
    FollowUpState,
    NextYearWindow,
    OwedFollowUp,
    Placement,
    PlacementState,
    Window,
    iso_week,
    place_follow_ups,
    place_in_order,
)
from eduprog.organisations import queries as organisations
from eduprog.school import queries as school
from eduprog.school.models import TeachingGroup
from eduprog.school.rules import SchoolCalendar

SKIP_REASONS = (EndReason.NO_TIME, EndReason.CLASS_OUT, EndReason.COVERED_ELSEWHERE, EndReason.NOT_RIGHT_FOR_CLASS)


class AlreadyScheduled(Refusal):
    """The follow-ups of this lesson exist already."""


class FollowUpEnded(Refusal):
    """That follow-up is finished already."""


class NotAReason(Refusal):
    """Choose one of the reasons offered."""


def windows_for(module_id: str) -> dict[FollowUpPoint, AnyWindow]:
    """Give the follow-up windows of a module as the date rule takes them."""
    windows: dict[FollowUpPoint, AnyWindow] = {}
    for point, (first, last) in catalogue.current().programme.windows_for(module_id).items():
        windows[point] = NextYearWindow(last - first + 1) if point is FollowUpPoint.R4 else Window(first, last)
    return windows


def schedule(
    *, delivery_id: int, group: TeachingGroup, module_id: str, taught_on: date, by: Actor, now: datetime, calendar: SchoolCalendar
) -> Sequence[FollowUp]:
    """Create R1 to R4 for a module whose last lesson was taught, except those done before its record was undone and made anew.

    Raises AlreadyScheduled if they exist.
    """
    if queries.of_delivery(delivery_id):
        raise AlreadyScheduled
    done = queries.points_kept_after_undo(group.id, module_id)
    windows = {point: window for point, window in windows_for(module_id).items() if point not in done}
    placements = _place(group, module_id, taught_on, calendar, delivery_id, windows, None)
    added = [_new(placement, delivery_id, group.id, module_id, taught_on, now) for placement in placements]
    session().add_all(added)
    session().flush()
    audit.record(act="follow-ups scheduled", subject="delivery", subject_id=delivery_id, by=by, at=now, module=module_id)
    return added


def move_with(
    *, delivery_id: int, group: TeachingGroup, taught_on: date, by: Actor, now: datetime, today: date, calendar: SchoolCalendar
) -> Sequence[FollowUp]:
    """Place again what is not done, because the lesson's day changed; never before today."""
    standing = {row.point: row for row in queries.of_delivery(delivery_id) if row.state is FollowUpState.DUE}
    if not standing:
        return []
    module_id = next(iter(standing.values())).module_id
    windows = {point: window for point, window in windows_for(module_id).items() if point in standing}
    floor = today if taught_on < today else None
    for placement in _place(group, module_id, taught_on, calendar, delivery_id, windows, floor):
        _put(standing[placement.point], placement, taught_on)
    audit.record(act="follow-ups moved", subject="delivery", subject_id=delivery_id, by=by, at=now, taught_on=taught_on)
    return list(standing.values())


def withdraw(*, delivery_id: int, reason: EndReason, by: Actor, now: datetime) -> int:
    """Withdraw what is not done, because its lesson was undone, its module retired or its class ended. Gives how many."""
    standing = [row for row in queries.of_delivery(delivery_id) if row.state is FollowUpState.DUE]
    for row in standing:
        row.state, row.end_reason = FollowUpState.WITHDRAWN, reason
    if standing:
        audit.record(act="follow-ups withdrawn", subject="delivery", subject_id=delivery_id, by=by, at=now, reason=reason)
    return len(standing)


def complete_follow_up(*, follow_up_id: int, done_on: date, by: Actor, now: datetime) -> FollowUp:
    """Record a follow-up as done on a day. Raises NotHere, or FollowUpEnded if it was skipped or withdrawn.

    Recording it again is the same one effect.
    """
    row = queries.follow_up_alone(follow_up_id)
    if row.state is FollowUpState.DONE:
        return row
    if row.state is not FollowUpState.DUE:
        raise FollowUpEnded
    row.state, row.done_on, row.done_by = FollowUpState.DONE, done_on, by.person_id
    audit.record(act="follow-up done", subject="follow_up", subject_id=row.id, by=by, at=now, done_on=done_on)
    return row


def skip_follow_up(*, follow_up_id: int, reason: EndReason, by: Actor, now: datetime) -> FollowUp:
    """Record that a follow-up is left out, and why. Raises NotHere, FollowUpEnded or NotAReason."""
    if reason not in SKIP_REASONS:
        raise NotAReason
    row = queries.follow_up_alone(follow_up_id)
    if row.state is not FollowUpState.DUE:
        raise FollowUpEnded
    row.state, row.end_reason = FollowUpState.SKIPPED, reason
    audit.record(act="follow-up skipped", subject="follow_up", subject_id=row.id, by=by, at=now, reason=reason)
    return row


def undo_follow_up(*, follow_up_id: int, by: Actor, now: datetime) -> FollowUp:
    """Make a done or skipped follow-up due again. Raises NotHere, or FollowUpEnded if it was withdrawn."""
    row = queries.follow_up_alone(follow_up_id)
    if row.state is FollowUpState.WITHDRAWN:
        raise FollowUpEnded
    row.state, row.done_on, row.done_by, row.end_reason = FollowUpState.DUE, None, None, None
    audit.record(act="follow-up undone", subject="follow_up", subject_id=row.id, by=by, at=now)
    return row


def clear_days(*, days: Collection[date], by: Actor, now: datetime, today: date, calendar: SchoolCalendar) -> int:
    """Place again, never before today, what stood on days the school is now shut. Gives how many follow-ups moved.

    Class by class, in the order of the date rule: day taught, module, point.
    """
    stood: dict[int, list[FollowUp]] = defaultdict(list)
    wanted = select(FollowUp).where(FollowUp.due_on.in_(days), FollowUp.state == FollowUpState.DUE)
    for row in session().scalars(wanted.order_by(FollowUp.id)):
        stood[row.teaching_group_id].append(row)
    for group_id, rows in stood.items():
        _place_again(school.teaching_group(group_id), rows, today, calendar)
    moved = sum(len(rows) for rows in stood.values())
    if moved:
        audit.record(act="follow-ups moved off closed days", subject="school", subject_id=None, by=by, at=now, moved=moved)
    return moved


def _place_again(group: TeachingGroup, rows: Sequence[FollowUp], today: date, calendar: SchoolCalendar) -> None:
    owner, position = group.lead_teacher_id, catalogue.current().programme.position
    left = {row.due_on for row in rows}
    load = queries.load_of(owner)
    for row in rows:
        if row.due_on:
            load[iso_week(row.due_on)] -= 1
    owed = {
        OwedFollowUp(row.taught_on, position.get(row.module_id, 0), row.point, windows_for(row.module_id)[row.point]): row
        for row in rows
    }
    placed = place_in_order(
        owed,
        calendar=calendar,
        host=FollowUpHost(school.meeting_pattern(group.slots), str(owner or ""), load),
        taken=queries.days_taken(group.id) - left,
        weekly_cap=organisations.school_settings().weekly_follow_up_cap,
        not_before=today,
    )
    for one, placement in placed:
        _put(owed[one], placement, one.taught_on)
    session().flush()


def _place(
    group: TeachingGroup,
    module_id: str,
    taught_on: date,
    calendar: SchoolCalendar,
    delivery_id: int | None,
    windows: Mapping[FollowUpPoint, AnyWindow],
    not_before: date | None,
) -> Sequence[Placement]:
    owner = group.lead_teacher_id
    host = FollowUpHost(
        school.meeting_pattern(group.slots), str(owner or ""), queries.load_of(owner, except_delivery=delivery_id)
    )
    return place_follow_ups(
        taught_on=taught_on,
        calendar=calendar,
        host=host,
        leaving=not any(year.next for year in group.year_groups),
        windows=windows,
        taken=queries.days_taken(group.id, except_delivery=delivery_id),
        weekly_cap=organisations.school_settings().weekly_follow_up_cap,
        not_before=not_before,
    )


def _new(placement: Placement, delivery_id: int, group_id: int, module_id: str, taught_on: date, now: datetime) -> FollowUp:
    row = FollowUp(
        delivery_id=delivery_id,
        teaching_group_id=group_id,
        module_id=module_id,
        point=placement.point,
        state=FollowUpState.DUE,
        created_at=now,
    )
    _put(row, placement, taught_on)
    return row


def _put(row: FollowUp, placement: Placement, taught_on: date) -> None:
    row.taught_on, row.placement, row.due_on = taught_on, placement.state, placement.due_on
    row.opens_on, row.closes_on = placement.opens_on, placement.closes_on
    if placement.state is PlacementState.LEFT_SCHOOL:
        row.state, row.end_reason = FollowUpState.WITHDRAWN, EndReason.LEFT_SCHOOL
