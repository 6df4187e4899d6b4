"""Bring the date rule together with what the tables say: windows of a module, host of a class, days taken, load of its owner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from eduprog.core.db import session
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
from eduprog.school.rules import SchoolCalendar, leaves_school


def windows_for(module_id: str) -> dict[FollowUpPoint, AnyWindow]:
    """Give the follow-up windows of a module as the date rule takes them."""
    windows: dict[FollowUpPoint, AnyWindow] = {}
    for point, (first, last) in catalogue.current().programme.windows_for(module_id).items():
        windows[point] = NextYearWindow(last - first + 1) if point is FollowUpPoint.R4 else Window(first, last)
    return windows


def place(
    group: TeachingGroup,
    taught_on: date,
    calendar: SchoolCalendar,
    delivery_id: int | None,
    windows: Mapping[FollowUpPoint, AnyWindow],
    not_before: date | None,
) -> Sequence[Placement]:
    """Place what one delivery owes a class: at the host of its follow-ups, around what is there already."""
    phase = organisations.current_school().phase
    return place_follow_ups(
        taught_on=taught_on,
        calendar=calendar,
        host=host_for(group, except_delivery=delivery_id),
        leaving=all(leaves_school(year, phase) for year in group.year_groups),
        windows=windows,
        taken=queries.days_taken(group.id, except_delivery=delivery_id),
        weekly_cap=organisations.school_settings().weekly_follow_up_cap,
        not_before=not_before,
    )


def place_again(group: TeachingGroup, rows: Sequence[FollowUp], not_before: date, calendar: SchoolCalendar) -> int:
    """Place these follow-ups of one class anew, never before that day. Gives how many have another day or state than before.

    The class gives them this year, so it is its own successor here: what was carried over from last year is placed by its days.
    """
    left = {row.due_on for row in rows}
    host = host_for(group)
    load = dict(host.owner_load)
    for row in rows:
        if row.due_on:
            load[iso_week(row.due_on)] = load.get(iso_week(row.due_on), 0) - 1
    host = FollowUpHost(host.meets, host.owner, load)
    owed = {owed_for(row): row for row in rows}
    placed = place_in_order(
        owed,
        calendar=calendar,
        host=host,
        next_host=host,
        taken=queries.days_taken(group.id) - left,
        weekly_cap=organisations.school_settings().weekly_follow_up_cap,
        not_before=not_before,
    )
    moved = 0
    for one, placement in placed:
        row = owed[one]
        moved += (row.due_on, row.placement) != (placement.due_on, placement.state)
        put(row, placement, one.taught_on)
    end_with_class(group, rows)
    session().flush()
    return moved


def end_with_class(group: TeachingGroup, rows: Iterable[FollowUp]) -> None:
    """Withdraw what of these is due from the day on which the class ended, if it has."""
    if group.ended_on is None:
        return
    for row in rows:
        if row.state is FollowUpState.DUE and (row.due_on is None or row.due_on >= group.ended_on):
            row.state, row.end_reason = FollowUpState.WITHDRAWN, EndReason.CLASS_ENDED


def owed_for(row: FollowUp) -> OwedFollowUp:
    """Give what the date rule has to know of a follow-up."""
    position = catalogue.current().programme.position
    return OwedFollowUp(row.taught_on, position.get(row.module_id, 0), row.point, windows_for(row.module_id)[row.point])


def host_for(group: TeachingGroup, *, except_delivery: int | None = None) -> FollowUpHost:
    """Give when the host of a class's follow-ups meets, and what its owner has to give already."""
    host = school.host_of(group)
    load = queries.load_of(host.owner_id, except_delivery=except_delivery)
    return FollowUpHost(school.meeting_pattern(host.slots), str(host.owner_id or ""), load)


def put(row: FollowUp, placement: Placement, taught_on: date) -> None:
    """Write a placement into its row."""
    row.taught_on, row.placement, row.due_on = taught_on, placement.state, placement.due_on
    row.opens_on, row.closes_on = placement.opens_on, placement.closes_on
    if placement.state is PlacementState.LEFT_SCHOOL:
        row.state, row.end_reason = FollowUpState.WITHDRAWN, EndReason.LEFT_SCHOOL
