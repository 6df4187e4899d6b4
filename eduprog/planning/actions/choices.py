"""What is special about a class or a year group when its year is planned: meetings used, carousels, drop-down days, cover."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time

from sqlalchemy import delete, select

from eduprog.accounts import queries as accounts
from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Actor, Permission, permissions_of
from eduprog.core.tenancy import current_school_id
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.planning import queries
from eduprog.planning.actions.moves import ClosedThatDay, OutsideYear, TaughtAlready
from eduprog.planning.actions.openings import Opening, is_free
from eduprog.planning.models import CarouselBlock, ClassTiming, DropDownDay, PlannedLesson
from eduprog.planning.rules import PlanState
from eduprog.school import queries as school
from eduprog.school.rules import HalfTermBlock, SlotKind


class CannotTeach(Refusal):
    """Only somebody who may record lessons in this school can cover one."""


class BusyThen(Refusal):
    """That person has another lesson at the same time."""


class OwnTeacherBusy(Refusal):
    """The class’s own teacher has another lesson at that time by now. Move one of the two first, or name somebody else."""


class DropDownTaken(Refusal):
    """That year group has a drop-down day on that date already."""


def choose_for_class(
    *,
    group_id: int,
    slot_kind: SlotKind | None,
    sensitive_any_time: bool,
    blocks: Collection[HalfTermBlock],
    by: Actor,
    now: datetime,
) -> ClassTiming:
    """Say how a class is planned: its kind of meetings (None: PSHE, else tutor time, else assemblies), whether sensitive lessons
    may stand at the end of a week or block, and the half-terms of its carousel (none: all year). Raises NotHere.
    """
    school.teaching_group(group_id)
    held = session().scalars(select(ClassTiming).where(ClassTiming.teaching_group_id == group_id)).one_or_none()
    chosen = held or ClassTiming(teaching_group_id=group_id)
    chosen.slot_kind, chosen.sensitive_any_time = slot_kind, sensitive_any_time
    session().add(chosen)
    session().execute(
        delete(CarouselBlock).where(CarouselBlock.school_id == current_school_id(), CarouselBlock.teaching_group_id == group_id)
    )
    kept = [] if len(set(blocks)) == len(HalfTermBlock) else [block for block in HalfTermBlock if block in blocks]
    session().add_all([CarouselBlock(teaching_group_id=group_id, block=block) for block in kept])
    session().flush()
    audit.record(act="class planning chosen", subject="teaching_group", subject_id=group_id, by=by, at=now, blocks=len(kept))
    return chosen


def add_drop_down_day(
    *,
    academic_year_id: int,
    day: date,
    year_groups: Collection[YearGroup],
    starts_at: time,
    periods: int,
    minutes: int,
    by: Actor,
    now: datetime,
) -> list[DropDownDay]:
    """Give year groups a day of `periods` lessons in a row. Raises ClosedThatDay, OutsideYear or DropDownTaken."""
    year = school.academic_year_on(day)
    if year is None or year.id != academic_year_id:
        raise OutsideYear
    if not school.calendar().is_open(day):
        raise ClosedThatDay
    known = {row.year_group for row in queries.drop_down_days(academic_year_id) if row.day == day}
    if known & set(year_groups):
        raise DropDownTaken
    shape = {"academic_year_id": academic_year_id, "day": day, "starts_at": starts_at, "periods": periods, "minutes": minutes}
    added = [DropDownDay(year_group=one, **shape) for one in sorted(year_groups, key=lambda group: group.number)]
    session().add_all(added)
    session().flush()
    audit.record(act="drop-down day added", subject="academic_year", subject_id=academic_year_id, by=by, at=now, day=day)
    return added


def remove_drop_down_day(*, drop_down_day_id: int, by: Actor, now: datetime) -> None:
    """Take a drop-down day away; what is planned on it stays until it is planned again. Raises NotHere."""
    row = session().scalars(select(DropDownDay).where(DropDownDay.id == drop_down_day_id)).one_or_none()
    if row is None:
        raise NotHere
    session().delete(row)
    session().flush()
    year_id = row.academic_year_id
    audit.record(act="drop-down day removed", subject="academic_year", subject_id=year_id, by=by, at=now, day=row.day)


def cover_lesson(*, planned_lesson_id: int, person_id: int | None, by: Actor, now: datetime) -> PlannedLesson:
    """Let a person teach one lesson of another's class; None gives it back. It stands in their week, not the teacher's.

    Raises NotHere, TaughtAlready, CannotTeach or BusyThen; OwnTeacherBusy where it would go back to somebody who is busy then.
    """
    lesson = queries.planned_lesson(planned_lesson_id)
    if lesson.state is not PlanState.PLANNED:
        raise NotHere
    if lesson.recorded:
        raise TaughtAlready
    if person_id == lesson.teaching_group.lead_teacher_id:
        person_id = None
    if person_id is not None:
        _refuse_if_unable(lesson, person_id)
    elif lesson.covered_by is not None:
        _refuse_if_busy_again(lesson)
    lesson.covered_by = person_id
    audit.record(act="lesson covered", subject="planned_lesson", subject_id=lesson.id, by=by, at=now, person=person_id)
    return lesson


def _refuse_if_busy_again(lesson: PlannedLesson) -> None:
    lead = lesson.teaching_group.lead_teacher_id
    if lead is not None and lesson.planned_on is not None and not is_free(lead, lesson, Opening.of(lesson), [lesson.id]):
        raise OwnTeacherBusy


def _refuse_if_unable(lesson: PlannedLesson, person_id: int) -> None:
    if Permission.RECORD_DELIVERY not in permissions_of(accounts.person_of_school(person_id).roles):
        raise CannotTeach
    if lesson.planned_on is not None and not is_free(person_id, lesson, Opening.of(lesson), [lesson.id]):
        raise BusyThen
