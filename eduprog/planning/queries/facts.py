"""All that planning a year reads, in a fixed number of statements, as plain values."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import NamedTuple, cast

from sqlalchemy import String, Table, bindparam, false, literal, null, select, type_coerce

from eduprog.core.db import session
from eduprog.core.held import held
from eduprog.core.tenancy import current_school_id
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.gates import queries as gates
from eduprog.gates.rules import Condition
from eduprog.planning.models import CarouselBlock, ClassTiming, DropDownDay, PlannedLesson
from eduprog.planning.rules import Diary, DropDown, PlanState, SlotTime, WhyUnplaced, joint_name, minute_of
from eduprog.school.models import MeetingSlot, TeachingGroup
from eduprog.school.queries import ClassSlot
from eduprog.school.rules import HalfTermBlock, SlotKind


class Row(NamedTuple):
    """A planned lesson that stands, as planning needs it."""

    id: int
    group_id: int
    module_id: str
    lesson_number: int
    part: int
    block: HalfTermBlock
    day: date | None
    starts_at: time | None
    minutes: int | None
    state: PlanState
    why: WhyUnplaced | None
    moved_by_hand: bool
    recorded: bool
    covered_by: int | None
    make_good_of: int | None
    planned_at: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """How one class is planned:

    which kind of meetings it uses, where sensitive lessons may stand, the half-terms of its carousel.
    """

    slot_kind: SlotKind | None = None
    any_time: bool = False
    blocks: frozenset[HalfTermBlock] = frozenset()


@dataclass(frozen=True)
class PlanFacts:
    """What stands in an academic year, and what was chosen for it."""

    rows: Mapping[int, Sequence[Row]]
    leads: Mapping[int, int | None]
    choices: Mapping[int, Choice]
    drop_downs: Mapping[YearGroup, Sequence[DropDown]]
    conditions: Mapping[tuple[str, YearGroup], frozenset[Condition]]
    shared: frozenset[int] = field(default_factory=frozenset)
    """The people who have more than one class to teach, and so can be wanted in two places."""
    assemblies: frozenset[tuple[int, int, time]] = frozenset()
    """Class, weekday and time of the slots in which several classes meet together."""

    def met(self, module_id: str, years: Iterable[YearGroup]) -> frozenset[Condition]:
        """Give the conditions of a module that are met for every one of these year groups."""
        held = [self.conditions.get((module_id, year), frozenset()) for year in years]
        return frozenset.intersection(*held) if held else frozenset()

    def drop_downs_for(self, years: Iterable[YearGroup]) -> tuple[DropDown, ...]:
        """Give the drop-down days of the year groups of a class, each day once."""
        by_day = {one.day: one for year in years for one in self.drop_downs.get(year, ())}
        return tuple(by_day[day] for day in sorted(by_day))

    def diary(self, leave_out: Collection[int] = ()) -> Diary:
        """Give who teaches when, from the lessons that stand; `leave_out` are ids of those that are to be placed anew."""
        diary = Diary()
        for group_id, rows in self.rows.items():
            for row in rows:
                teacher = row.covered_by or self.leads.get(group_id)
                if teacher in self.shared and row.day and row.starts_at and row.minutes and row.id not in leave_out:
                    assert teacher is not None
                    together = (group_id, row.day.weekday(), row.starts_at) in self.assemblies
                    lesson = (row.module_id, row.lesson_number, row.part)
                    joint = joint_name(row.day, row.starts_at, lesson) if together else None
                    diary.add(teacher, row.day, minute_of(row.starts_at), row.minutes, joint)
        return diary


def plan_facts(academic_year_id: int, *, everybody: bool = False) -> PlanFacts:
    """Read what planning an academic year needs; with `everybody` everyone who has a lesson counts as shared.

    Six statements, one fewer where nothing is planned.
    """
    of_year, work = {"school": current_school_id(), "year": academic_year_id}, session()
    work.flush()  # what waits to be written is read too
    leads: dict[int, int | None] = {group_id: lead for group_id, lead in work.execute(_LEADS, of_year)}
    rows: dict[int, list[Row]] = defaultdict(list)
    for values in work.execute(_STANDING, of_year):
        row = Row._make(values)
        rows[row.group_id].append(row)
    counted = Counter(lead for lead in leads.values() if lead is not None)
    covering = {row.covered_by for held in rows.values() for row in held if row.covered_by is not None}
    return PlanFacts(
        rows=rows,
        leads=leads,
        choices=class_choices(),
        drop_downs=drop_downs_of_year(academic_year_id),
        conditions=gates.conditions_met(academic_year_id),
        shared=frozenset(covering | {lead for lead, classes in counted.items() if everybody or classes > 1}),
        assemblies=_assemblies(academic_year_id) if rows else frozenset(),
    )


def _assemblies(academic_year_id: int) -> frozenset[tuple[int, int, time]]:
    wanted = (
        select(MeetingSlot.teaching_group_id, MeetingSlot.weekday, MeetingSlot.starts_at)
        .join(TeachingGroup, TeachingGroup.id == MeetingSlot.teaching_group_id)
        .where(TeachingGroup.academic_year_id == academic_year_id, MeetingSlot.kind == SlotKind.ASSEMBLY)
    )
    return frozenset((group_id, weekday, starts_at) for group_id, weekday, starts_at in session().execute(wanted))


_TIMINGS, _CAROUSELS = cast(Table, ClassTiming.__table__).c, cast(Table, CarouselBlock.__table__).c
_CHOICES = (
    select(_TIMINGS.teaching_group_id, type_coerce(_TIMINGS.slot_kind, String), _TIMINGS.sensitive_any_time, literal(""))
    .where(_TIMINGS.school_id == bindparam("school"))
    .union_all(
        select(_CAROUSELS.teaching_group_id, null(), false(), type_coerce(_CAROUSELS.block, String))
        .where(_CAROUSELS.school_id == bindparam("school"))
    )
)  # fmt: skip
_LESSONS, _GROUPS = cast(Table, PlannedLesson.__table__), cast(Table, TeachingGroup.__table__)
_OF_YEAR = (_GROUPS.c.school_id == bindparam("school"), _GROUPS.c.academic_year_id == bindparam("year"))
_LEADS = select(_GROUPS.c.id, _GROUPS.c.lead_teacher_id).where(*_OF_YEAR)
_STANDING = (
    select(
        *(_LESSONS.c[name] for name in (
            "id", "teaching_group_id", "module_id", "lesson_number", "part", "block", "planned_on", "starts_at", "minutes",
            "state", "why_unplaced", "moved_by_hand", "recorded", "covered_by", "make_good_of", "planned_at",
        ))
    )
    .join(_GROUPS, (_GROUPS.c.school_id == _LESSONS.c.school_id) & (_GROUPS.c.id == _LESSONS.c.teaching_group_id))
    .where(_LESSONS.c.school_id == bindparam("school"), *_OF_YEAR, _LESSONS.c.state != PlanState.WITHDRAWN)
    .order_by(_LESSONS.c.id)
)  # fmt: skip
_DAYS = cast(Table, DropDownDay.__table__).c
_DROP_DOWNS = (
    select(_DAYS.id, _DAYS.year_group, _DAYS.day, _DAYS.starts_at, _DAYS.periods, _DAYS.minutes)
    .where(_DAYS.school_id == bindparam("school"), _DAYS.academic_year_id == bindparam("year"))
    .order_by(_DAYS.day, _DAYS.id)
)
"""What planning reads most of stands ready for any school, on bare tables: it names its school itself."""


def class_choices() -> dict[int, Choice]:
    """Give what was chosen for classes, by class. One statement, once for a page."""
    return held("choices of classes", _class_choices)


def _class_choices() -> dict[int, Choice]:
    blocks: dict[int, set[HalfTermBlock]] = defaultdict(set)
    chosen: dict[int, tuple[SlotKind | None, bool]] = {}
    session().flush()
    for group_id, kind, any_time, block in session().execute(_CHOICES, {"school": current_school_id()}):
        if block:
            blocks[group_id].add(HalfTermBlock(block))
        else:
            chosen[group_id] = (SlotKind(kind) if kind else None, any_time)
    return {
        group_id: Choice(*chosen.get(group_id, (None, False)), frozenset(blocks.get(group_id, ())))
        for group_id in {*blocks, *chosen}
    }


class DropDownLine(NamedTuple):
    """The drop-down day of one year group, as it is kept."""

    id: int
    year_group: YearGroup
    day: date
    starts_at: time
    periods: int
    minutes: int


def drop_downs_of_year(academic_year_id: int) -> dict[YearGroup, list[DropDown]]:
    """Give the drop-down days of an academic year, by year group, in order."""
    found: dict[YearGroup, list[DropDown]] = defaultdict(list)
    for line in drop_down_days(academic_year_id):
        found[line.year_group].append(DropDown(line.day, line.starts_at, line.periods, line.minutes))
    return dict(found)


def drop_down_days(academic_year_id: int) -> Sequence[DropDownLine]:
    """Give the drop-down days of an academic year, by day and year group. One statement, once for a page."""
    return held(("drop-down days", academic_year_id), lambda: _drop_down_days(academic_year_id))


def _drop_down_days(academic_year_id: int) -> Sequence[DropDownLine]:
    session().flush()
    rows = session().execute(_DROP_DOWNS, {"school": current_school_id(), "year": academic_year_id})
    return sorted(map(DropDownLine._make, rows), key=lambda line: (line.day, line.year_group.number))


def slot_times(slots: Iterable[MeetingSlot | ClassSlot]) -> tuple[SlotTime, ...]:
    """Give the slots of a class (loaded) as values."""
    return tuple(SlotTime(slot.weekday, slot.starts_at, slot.minutes, slot.kind, slot.week) for slot in slots)
