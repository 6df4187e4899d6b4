"""Change, host and end classes together with what stands on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from eduprog.core.db import session
from eduprog.core.permissions import Actor
from eduprog.curriculum.vocabulary import Stage, YearGroup
from eduprog.delivery import queries as delivery
from eduprog.families import actions as families
from eduprog.followups import actions as followups
from eduprog.planning import actions as planning
from eduprog.planning import queries as planning_queries
from eduprog.school import actions as school
from eduprog.school import queries as school_queries
from eduprog.school.actions import Slot
from eduprog.school.rules import SlotKind, StageReason


@dataclass(frozen=True)
class ChangeReport:
    """How many lessons and follow-ups moved with the timetable of a class, and how many of its lessons stand where its teacher
    has another class.
    """

    lessons: int
    follow_ups: int
    clashes: int = 0


@dataclass(frozen=True)
class EndReport:
    """What the end of a class withdrew."""

    lessons: int
    follow_ups: int


def change_class(
    *,
    group_id: int,
    version: int,
    name: str,
    year_groups: Sequence[YearGroup],
    stage: Stage,
    stage_reason: StageReason | None,
    lead_teacher_id: int | None,
    size: int | None,
    slots: Sequence[Slot],
    by: Actor,
    now: datetime,
    today: date,
) -> ChangeReport:
    """Make a class what is said here, and move the lessons and follow-ups that stand where it, or their host, no longer meets.

    Raises as `school.change_class` does.
    """
    in_meetings = planning.lessons_in_meetings(group_id=group_id, today=today)
    school.change_class(
        group_id=group_id,
        version=version,
        name=name,
        year_groups=year_groups,
        stage=stage,
        stage_reason=stage_reason,
        lead_teacher_id=lead_teacher_id,
        size=size,
        slots=slots,
        by=by,
        now=now,
    )
    session().flush()
    lessons = planning.move_off_lost_meetings(group_id=group_id, planned_lesson_ids=in_meetings, by=by, now=now, today=today)
    moved = _settle([group_id, *school_queries.hosted_by(group_id)], by, now, today)
    return ChangeReport(lessons, moved, _clashes(group_id, today))


def _clashes(group_id: int, today: date) -> int:
    """Count the lessons of a class, still to be taught from a day on, that stand where their teacher has another one."""
    year = school_queries.academic_year_by_id(school_queries.teaching_group(group_id).academic_year_id)
    amiss = planning_queries.lessons_amiss(year, school_queries.groups_of_year(year.id), today=today)
    return sum(row.group_id == group_id for clash in amiss.clashes for row in clash.lessons)


def set_host(
    *,
    group_id: int,
    host_group_id: int | None,
    host_kind: SlotKind | None,
    host_owner_id: int | None,
    by: Actor,
    now: datetime,
    today: date,
) -> int:
    """Say where and by whom a class's follow-ups are given, and move those that stand elsewhere. Gives how many moved.

    Raises as `school.set_host` does.
    """
    school.set_host(
        group_id=group_id, host_group_id=host_group_id, host_kind=host_kind, host_owner_id=host_owner_id, by=by, now=now
    )
    return _settle([group_id], by, now, today)


def end_class(*, group_id: int, ends_on: date, by: Actor, now: datetime) -> EndReport:
    """End a class: what it was taught stays; lessons and follow-ups from that day on are withdrawn, and nobody can join it.

    Raises as `school.end_class` does.
    """
    school.end_class(group_id=group_id, ends_on=ends_on, by=by, now=now)
    standing = planning_queries.lessons_of_class(group_id)
    taught = delivery.of_planned_lessons([lesson.id for lesson in standing])
    ahead = [lesson for lesson in standing if lesson.id not in taught and (lesson.planned_on or ends_on) >= ends_on]
    for lesson in ahead:
        planning.withdraw_lesson(planned_lesson_id=lesson.id, by=by, now=now)
    planning.revoke_class_feeds(group_ids=[group_id], by=by, now=now)
    stopped = followups.stop_with_class(group_id=group_id, ends_on=ends_on, by=by, now=now)
    families.close_codes(teaching_group_ids=[group_id], by=by, now=now)
    return EndReport(len(ahead), stopped)


def settle_follow_ups(*, group_ids: Sequence[int] | None = None, by: Actor, now: datetime, today: date) -> int:
    """Move the follow-ups of these classes, or of all, that stand where their host does not meet, after an import or new dates.

    What finds no day in a year that was rolled over goes to the classes that follow. Gives how many moved.
    """
    moved = _settle(group_ids, by, now, today)
    followups.hand_on_unplaced(group_ids=group_ids, by=by, now=now, calendar=school_queries.calendar())
    return moved


def classes_to_settle(*, today: date) -> list[int]:
    """Give the ids of the classes for which `settle_follow_ups` has something to place again."""
    return followups.classes_off_timetable(today=today, calendar=school_queries.calendar())


def _settle(group_ids: Sequence[int] | None, by: Actor, now: datetime, today: date) -> int:
    return followups.keep_to_timetable(group_ids=group_ids, by=by, now=now, today=today, calendar=school_queries.calendar())
