"""All that planning a year reads, in a fixed number of statements, as plain values."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import String, false, literal, null, select, type_coerce

from eduprog.core.db import session
from eduprog.core.held import held
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.gates import queries as gates
from eduprog.gates.rules import Condition
from eduprog.planning.models import CarouselBlock, ClassTiming, DropDownDay, PlannedLesson
from eduprog.planning.rules import Diary, DropDown, PlanState, SlotTime, WhyUnplaced, joint_name, minute_of
from eduprog.school.models import MeetingSlot, TeachingGroup
from eduprog.school.rules import HalfTermBlock, SlotKind


@dataclass(frozen=True, slots=True)
class Row:
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
    leads = dict(_leads(academic_year_id))
    rows: dict[int, list[Row]] = defaultdict(list)
    for row in _standing(academic_year_id):
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


def _leads(academic_year_id: int) -> list[tuple[int, int | None]]:
    wanted = select(TeachingGroup.id, TeachingGroup.lead_teacher_id).where(TeachingGroup.academic_year_id == academic_year_id)
    return [(group_id, lead) for group_id, lead in session().execute(wanted)]


def _standing(academic_year_id: int) -> list[Row]:
    one = PlannedLesson
    wanted = (
        select(
            one.id, one.teaching_group_id, one.module_id, one.lesson_number, one.part, one.block, one.planned_on, one.starts_at,
            one.minutes, one.state, one.why_unplaced, one.moved_by_hand, one.recorded, one.covered_by, one.make_good_of,
            one.planned_at,
        )
        .join(TeachingGroup, TeachingGroup.id == one.teaching_group_id)
        .where(TeachingGroup.academic_year_id == academic_year_id, one.state != PlanState.WITHDRAWN)
        .order_by(one.id)
    )  # fmt: skip
    found: Iterable[Any] = session().execute(wanted)
    return [Row(*values) for values in found]


def class_choices() -> dict[int, Choice]:
    """Give what was chosen for classes, by class. One statement, once for a page."""
    return held("choices of classes", _class_choices)


def _class_choices() -> dict[int, Choice]:
    blocks: dict[int, set[HalfTermBlock]] = defaultdict(set)
    chosen: dict[int, tuple[SlotKind | None, bool]] = {}
    timing = select(
        ClassTiming.teaching_group_id, type_coerce(ClassTiming.slot_kind, String), ClassTiming.sensitive_any_time, literal("")
    )
    carousel = select(CarouselBlock.teaching_group_id, null(), false(), type_coerce(CarouselBlock.block, String))
    for group_id, kind, any_time, block in session().execute(timing.union_all(carousel)):
        if block:
            blocks[group_id].add(HalfTermBlock(block))
        else:
            chosen[group_id] = (SlotKind(kind) if kind else None, any_time)
    return {
        group_id: Choice(*chosen.get(group_id, (None, False)), frozenset(blocks.get(group_id, ())))
        for group_id in {*blocks, *chosen}
    }


def drop_downs_of_year(academic_year_id: int) -> dict[YearGroup, list[DropDown]]:
    """Give the drop-down days of an academic year, by year group, in order."""
    found: dict[YearGroup, list[DropDown]] = defaultdict(list)
    for row in drop_down_days(academic_year_id):
        found[row.year_group].append(DropDown(row.day, row.starts_at, row.periods, row.minutes))
    return dict(found)


def drop_down_days(academic_year_id: int) -> Sequence[DropDownDay]:
    """Give the drop-down days of an academic year as rows, by day and year group. One statement, once for a page."""
    return held(("drop-down days", academic_year_id), lambda: _drop_down_days(academic_year_id))


def _drop_down_days(academic_year_id: int) -> Sequence[DropDownDay]:
    wanted = select(DropDownDay).where(DropDownDay.academic_year_id == academic_year_id)
    rows = session().scalars(wanted.order_by(DropDownDay.day, DropDownDay.id)).all()
    return sorted(rows, key=lambda row: (row.day, row.year_group.number))


def slot_times(slots: Iterable[MeetingSlot]) -> tuple[SlotTime, ...]:
    """Give the slots of a class (loaded) as values."""
    return tuple(SlotTime(slot.weekday, slot.starts_at, slot.minutes, slot.kind, slot.week) for slot in slots)
