"""Writes to a school's classes: open, change, hand over, host of follow-ups, end, successors."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import delete, select, update

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import Conflict, Refusal
from eduprog.core.permissions import Actor
from eduprog.curriculum.vocabulary import Stage, YearGroup
from eduprog.school import queries
from eduprog.school.models import (
    ClassSuccessor,
    ImportedEnrolment,
    ImportRun,
    MeetingSlot,
    TeachingGroup,
    TeachingGroupYear,
)
from eduprog.school.rules import SlotKind, StageReason, WeekLetter, stages_allowed, stages_by_age


class ClassNameTaken(Refusal):
    """There is already a class of that name in this academic year."""


class NoYearGroups(Refusal):
    """Choose at least one year group."""


class StageOutOfBounds(Refusal):
    """A class can be taught in the stage of its age, or with a reason in one of the three stages before it."""


class StageNeedsReason(Refusal):
    """Say why this class is taught in another stage than that of its age."""


class SlotsClash(Refusal):
    """A class cannot meet twice at the same time."""


class HostOfItself(Refusal):
    """Choose another class as host, or let the class host its follow-ups itself."""


class HostDoesNotMeet(Refusal):
    """The host you chose does not meet at such a time, so no follow-up could be given there."""


class ClassEndedAlready(Refusal):
    """This class has ended already."""


class ClassEndsOutsideYear(Refusal):
    """A class ends on a day of its academic year."""


class ClassChanged(Conflict):
    """Somebody else changed this class while you were looking at it. Check what it says now and save again."""


@dataclass(frozen=True)
class Slot:
    """A time in the week at which a class meets; `week` is None for every week."""

    weekday: int
    starts_at: time
    minutes: int
    kind: SlotKind = SlotKind.PSHE
    week: WeekLetter | None = None


def open_class(
    *,
    academic_year_id: int,
    name: str,
    year_groups: Sequence[YearGroup],
    stage: Stage,
    lead_teacher_id: int | None,
    size: int | None,
    slots: Sequence[Slot],
    stage_reason: StageReason | None = None,
    by: Actor,
    now: datetime,
) -> TeachingGroup:
    """Open a class in an academic year.

    Raises ClassNameTaken, NoYearGroups, StageOutOfBounds, StageNeedsReason or SlotsClash.
    """
    _refuse_taken_name(academic_year_id, name, None)
    _refuse_wrong_stage(year_groups, stage, stage_reason)
    _refuse_clash(slots)
    group = TeachingGroup(
        academic_year_id=academic_year_id,
        name=name,
        stage=stage,
        stage_reason=stage_reason,
        lead_teacher_id=lead_teacher_id,
        size=size,
        years=[TeachingGroupYear(year_group=year) for year in year_groups],
        slots=[_row(slot) for slot in slots],
    )
    session().add(group)
    session().flush()
    audit.record(act="class opened", subject="teaching_group", subject_id=group.id, by=by, at=now)
    return group


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
) -> TeachingGroup:
    """Make a class what is said here. Raises NotHere, ClassChanged if `version` is not the one in the table, and as `open_class`.

    What stands on days it no longer meets is `yearcycle`'s to move.
    """
    group = queries.teaching_group(group_id)
    if group.version != version:
        raise ClassChanged
    _refuse_taken_name(group.academic_year_id, name, group_id)
    _refuse_wrong_stage(year_groups, stage, stage_reason)
    _refuse_clash(slots)
    group.name, group.stage, group.stage_reason = name, stage, stage_reason
    group.lead_teacher_id, group.size = lead_teacher_id, size
    _keep_years(group, year_groups)
    _keep_slots(group, slots)
    session().flush()
    audit.record(act="class changed", subject="teaching_group", subject_id=group_id, by=by, at=now)
    return group


def hand_over_class(*, group_id: int, lead_teacher_id: int | None, by: Actor, now: datetime) -> TeachingGroup:
    """Give a class another lead teacher, or none. Its lessons and follow-ups go with it. Raises NotHere."""
    group = queries.teaching_group(group_id)
    group.lead_teacher_id = lead_teacher_id
    audit.record(act="class handed over", subject="teaching_group", subject_id=group_id, by=by, at=now, to=lead_teacher_id)
    return group


def set_host(
    *, group_id: int, host_group_id: int | None, host_kind: SlotKind | None, host_owner_id: int | None, by: Actor, now: datetime
) -> TeachingGroup:
    """Say where a class's follow-ups are given and by whom: another class or itself (None), slots of a kind or any, a person or
    the host's lead teacher. Raises NotHere, HostOfItself or HostDoesNotMeet.
    """
    group = queries.teaching_group(group_id)
    if host_group_id == group_id:
        raise HostOfItself
    host = queries.teaching_group(host_group_id) if host_group_id is not None else group
    chosen = host_group_id is not None or host_kind is not None
    if chosen and not any(host_kind in (None, slot.kind) for slot in host.slots):
        raise HostDoesNotMeet
    group.host_group_id, group.host_kind, group.host_owner_id = host_group_id, host_kind, host_owner_id
    session().flush()
    audit.record(act="host of follow-ups set", subject="teaching_group", subject_id=group_id, by=by, at=now, host=host_group_id)
    return group


def end_class(*, group_id: int, ends_on: date, by: Actor, now: datetime) -> TeachingGroup:
    """End a class before its year does; `ends_on` is the first day without it. What it was taught stays.

    Raises NotHere, ClassEndedAlready or ClassEndsOutsideYear.
    """
    group = queries.teaching_group(group_id)
    if group.ended_on is not None:
        raise ClassEndedAlready
    year = queries.academic_year(group.academic_year_id, today=ends_on)
    if year is None or not year.starts_on <= ends_on <= year.ends_on:
        raise ClassEndsOutsideYear
    group.ended_on = ends_on
    hosted = update(TeachingGroup).where(TeachingGroup.host_group_id == group_id)
    session().execute(hosted.values(host_group_id=None, host_kind=None, host_owner_id=None))
    session().flush()
    audit.record(act="class ended", subject="teaching_group", subject_id=group_id, by=by, at=now, ends_on=ends_on)
    return group


def let_feed(*, pairs: Iterable[tuple[int, int]]) -> None:
    """Note which class of the next year (second) pupils of a class (first) go to."""
    session().add_all(ClassSuccessor(from_group_id=before, to_group_id=after) for before, after in sorted(set(pairs)))
    session().flush()


def forget_successors(*, group_ids: Collection[int]) -> None:
    """Forget which classes feed these of the new year."""
    session().execute(delete(ClassSuccessor).where(ClassSuccessor.to_group_id.in_(group_ids)))


def remove_classes(*, group_ids: Collection[int], by: Actor, now: datetime) -> None:
    """Remove classes for which nothing was ever recorded, with their plans; the database refuses it for any other."""
    hosted = update(TeachingGroup).where(TeachingGroup.host_group_id.in_(group_ids))
    session().execute(hosted.values(host_group_id=None))
    session().execute(delete(TeachingGroup).where(TeachingGroup.id.in_(group_ids)))
    session().expire_all()
    audit.record(act="classes removed", subject="school", subject_id=None, by=by, at=now, classes=len(group_ids))


def drop_import_memory(*, academic_year_id: int, group_ids: Collection[int]) -> int:
    """Forget the keyed hashes of enrolments in these classes, and how to undo the imports of their year. Gives how many."""
    rows = session().scalars(select(ImportedEnrolment).where(ImportedEnrolment.teaching_group_id.in_(group_ids))).all()
    session().execute(delete(ImportedEnrolment).where(ImportedEnrolment.teaching_group_id.in_(group_ids)))
    session().execute(update(ImportRun).where(ImportRun.academic_year_id == academic_year_id).values(undo_record={}))
    return len(rows)


def _refuse_taken_name(academic_year_id: int, name: str, except_id: int | None) -> None:
    taken = select(TeachingGroup.id).where(TeachingGroup.academic_year_id == academic_year_id, TeachingGroup.name == name)
    if any(found != except_id for found in session().scalars(taken)):
        raise ClassNameTaken


def _refuse_wrong_stage(years: Sequence[YearGroup], stage: Stage, reason: StageReason | None) -> None:
    if not years:
        raise NoYearGroups
    if stage not in stages_allowed(years):
        raise StageOutOfBounds
    if stage not in stages_by_age(years) and reason is None:
        raise StageNeedsReason


def _refuse_clash(slots: Sequence[Slot]) -> None:
    seen: set[tuple[int, time, WeekLetter | None]] = set()
    for slot in slots:
        weeks = list(WeekLetter) if slot.week is None else [slot.week]
        for week in weeks:
            if (slot.weekday, slot.starts_at, week) in seen:
                raise SlotsClash
            seen.add((slot.weekday, slot.starts_at, week))


def _keep_years(group: TeachingGroup, wanted: Sequence[YearGroup]) -> None:
    held = {row.year_group: row for row in group.years}
    group.years = [held.get(year) or TeachingGroupYear(year_group=year) for year in wanted]


def _keep_slots(group: TeachingGroup, wanted: Sequence[Slot]) -> None:
    """Change the rows whose time stays and drop the others before new ones come, so that a time is never there twice."""
    new = {(slot.weekday, slot.week, slot.starts_at): slot for slot in wanted}
    stay = [row for row in group.slots if (row.weekday, row.week, row.starts_at) in new]
    group.slots = stay
    session().flush()
    for row in stay:
        slot = new.pop((row.weekday, row.week, row.starts_at))
        row.minutes, row.kind = slot.minutes, slot.kind
    group.slots = [*stay, *(_row(slot) for slot in new.values())]


def _row(slot: Slot) -> MeetingSlot:
    return MeetingSlot(weekday=slot.weekday, week=slot.week, starts_at=slot.starts_at, minutes=slot.minutes, kind=slot.kind)
