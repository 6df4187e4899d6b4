"""Which classes there are, when they meet, and which of the next year follow them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, time
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import ColumnElement, Select, String, Table, bindparam, select, type_coerce
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from eduprog.accounts.models import Person
from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.core.held import held
from eduprog.core.tenancy import current_school_id
from eduprog.curriculum.vocabulary import Stage, YearGroup
from eduprog.school.models import ClassSuccessor, MeetingSlot, TeachingGroup, TeachingGroupYear
from eduprog.school.rules import MeetingPattern, SlotKind, StageReason, WeekLetter

_Row = TypeVar("_Row")


class ClassSlot(NamedTuple):
    """A time in the week at which a class meets."""

    weekday: int
    starts_at: time
    minutes: int
    kind: SlotKind
    week: WeekLetter | None


class ClassInYear(NamedTuple):
    """A class of an academic year as pages read it; its fields are named as those of `TeachingGroup` are."""

    id: int
    academic_year_id: int
    name: str
    stage: Stage
    stage_reason: StageReason | None
    size: int | None
    lead_teacher_id: int | None
    lead_name: str | None
    ended_on: date | None
    host_group_id: int | None
    host_kind: SlotKind | None
    host_owner_id: int | None
    year_groups: tuple[YearGroup, ...]
    slots: tuple[ClassSlot, ...]


AnyClass = TeachingGroup | ClassInYear
"""A class, whichever way it was read: as a row that can be changed (loaded), or as what pages show."""


def teaching_group(group_id: int) -> TeachingGroup:
    """Give a class with its year groups, meeting slots and lead teacher. Raises NotHere."""
    found = groups_by_id([group_id]).get(group_id)
    if found is None:
        raise NotHere
    return found


def groups_of_year(academic_year_id: int) -> Sequence[TeachingGroup]:
    """Give the classes of an academic year, youngest first, then by name. One statement, once for a page."""
    return held(("classes of the year", academic_year_id), lambda: _groups_of_year(academic_year_id))


def _groups_of_year(academic_year_id: int) -> Sequence[TeachingGroup]:
    rows = session().scalars(_loaded().where(TeachingGroup.academic_year_id == academic_year_id)).unique().all()
    _held_classes().update({group.id: group for group in rows})
    return sorted(rows, key=lambda group: (min((y.number for y in group.year_groups), default=99), group.name))


def groups_by_id(ids: Iterable[int]) -> dict[int, TeachingGroup]:
    """Give classes by id, loaded; ids of other schools are left out. One statement, for those this page has not yet."""
    wanted, there = sorted(set(ids)), _held_classes()
    missing = [group_id for group_id in wanted if group_id not in there]
    if missing:
        rows = session().scalars(_loaded().where(TeachingGroup.id.in_(missing))).unique()
        there.update({group.id: group for group in rows})
    return {group_id: there[group_id] for group_id in wanted if group_id in there}


def _held_classes() -> dict[int, TeachingGroup]:
    return held("classes", dict[int, TeachingGroup])


def with_classes(rows: Sequence[_Row]) -> Sequence[_Row]:
    """Give rows of classes, such as planned lessons, with their classes loaded. One statement, for those not read yet."""
    of_class = cast(Sequence[Any], rows)
    groups = groups_by_id(row.teaching_group_id for row in of_class)
    for row in of_class:
        set_committed_value(row, "teaching_group", groups[row.teaching_group_id])
    return rows


def _loaded() -> Select[TeachingGroup]:
    return select(TeachingGroup).options(
        joinedload(TeachingGroup.years), joinedload(TeachingGroup.slots), joinedload(TeachingGroup.lead_teacher)
    )


def classes_of_year(academic_year_id: int) -> Sequence[ClassInYear]:
    """Give the classes of an academic year to be shown, youngest first, then by name. One statement, once for a page."""
    return held(("classes of the year to show", academic_year_id), lambda: _classes_where(_OF_YEAR, {"year": academic_year_id}))


def classes_to_show(ids: Iterable[int]) -> dict[int, ClassInYear]:
    """Give classes to be shown by id; ids of other schools are left out. One statement, for those this page has not yet."""
    wanted, there = sorted(set(ids)), _held_to_show()
    missing = [group_id for group_id in wanted if group_id not in there]
    if missing:
        there = there | {one.id: one for one in _classes_where(_OF_IDS, {"ids": missing})}
    return {group_id: there[group_id] for group_id in wanted if group_id in there}


def _held_to_show() -> dict[int, ClassInYear]:
    return held("classes to show", dict[int, ClassInYear])


_GROUPS, _PEOPLE = cast(Table, TeachingGroup.__table__), cast(Table, Person.__table__)
_GROUP_YEARS, _SLOTS = cast(Table, TeachingGroupYear.__table__), cast(Table, MeetingSlot.__table__)


def _of_class(table: Table) -> ColumnElement[bool]:
    return (table.c.school_id == _GROUPS.c.school_id) & (table.c.teaching_group_id == _GROUPS.c.id)


_CLASSES = (
    select(
        _GROUPS.c.id, _GROUPS.c.academic_year_id, _GROUPS.c.name, type_coerce(_GROUPS.c.stage, String),
        type_coerce(_GROUPS.c.stage_reason, String), _GROUPS.c.size, _GROUPS.c.lead_teacher_id, _PEOPLE.c.name,
        _GROUPS.c.ended_on, _GROUPS.c.host_group_id, type_coerce(_GROUPS.c.host_kind, String), _GROUPS.c.host_owner_id,
        type_coerce(_GROUP_YEARS.c.year_group, String), _SLOTS.c.id, _SLOTS.c.weekday, _SLOTS.c.starts_at, _SLOTS.c.minutes,
        type_coerce(_SLOTS.c.kind, String), type_coerce(_SLOTS.c.week, String),
    )
    .outerjoin_from(_GROUPS, _GROUP_YEARS, _of_class(_GROUP_YEARS))
    .outerjoin(_SLOTS, _of_class(_SLOTS))
    .outerjoin(_PEOPLE, _PEOPLE.c.id == _GROUPS.c.lead_teacher_id)
    .where(_GROUPS.c.school_id == bindparam("school"))
    .order_by(_GROUP_YEARS.c.id, _SLOTS.c.weekday, _SLOTS.c.starts_at)
)  # fmt: skip
"""Classes stand ready to be read for any school, on bare tables: it names its school itself. A row for each slot in each year
group of a class.
"""
_OF_YEAR = _CLASSES.where(_GROUPS.c.academic_year_id == bindparam("year"))
_OF_IDS = _CLASSES.where(_GROUPS.c.id.in_(bindparam("ids", expanding=True)))


def _classes_where(wanted: Select[Any], values: dict[str, Any]) -> Sequence[ClassInYear]:
    session().flush()
    facts: dict[int, tuple[Any, ...]] = {}
    years: dict[int, dict[YearGroup, None]] = defaultdict(dict)
    slots: dict[int, dict[int, ClassSlot]] = defaultdict(dict)
    for row in session().execute(wanted, {"school": current_school_id(), **values}):
        group_id, year, slot_id = row[0], row[12], row[13]
        facts.setdefault(group_id, row)
        if year is not None:
            years[group_id][YearGroup(year)] = None
        if slot_id is not None and slot_id not in slots[group_id]:
            weekday, starts_at, minutes, kind, week = row[14:]
            slots[group_id][slot_id] = ClassSlot(weekday, starts_at, minutes, SlotKind(kind), WeekLetter(week) if week else None)
    rows = [_class_of(row, tuple(years[group_id]), tuple(slots[group_id].values())) for group_id, row in facts.items()]
    _held_to_show().update({one.id: one for one in rows})
    return sorted(rows, key=lambda one: (min((year.number for year in one.year_groups), default=99), one.name))


def _class_of(row: tuple[Any, ...], years: tuple[YearGroup, ...], slots: tuple[ClassSlot, ...]) -> ClassInYear:
    group_id, year_id, name, stage, reason, size, lead_id, lead_name, ended_on, host_id, host_kind, owner_id = row[:12]
    return ClassInYear(
        group_id, year_id, name, Stage(stage), StageReason(reason) if reason else None, size, lead_id, lead_name, ended_on,
        host_id, SlotKind(host_kind) if host_kind else None, owner_id, years, slots,
    )  # fmt: skip


def meeting_pattern(slots: Iterable[MeetingSlot | ClassSlot]) -> MeetingPattern:
    """Give when a class meets, from its slots: one pattern for every week, further ones for week A and week B."""
    weekdays: dict[WeekLetter | None, set[int]] = defaultdict(set)
    for slot in slots:
        weekdays[slot.week].add(slot.weekday)
    lettered = tuple(
        MeetingPattern(frozenset(weekdays[letter]), frozenset({letter})) for letter in WeekLetter if weekdays.get(letter)
    )
    return MeetingPattern(frozenset(weekdays.get(None, set())), also=lettered)


def lesson_slots(group: TeachingGroup) -> list[MeetingSlot]:
    """Give the slots a class has lessons in: PSHE time if it has any, else tutor time."""
    pshe = [slot for slot in group.slots if slot.kind is SlotKind.PSHE]
    return pshe or [slot for slot in group.slots if slot.kind is SlotKind.TUTOR]


def successors_of(group_ids: Collection[int]) -> dict[int, list[int]]:
    """Give, by class, the classes of the next year its pupils go to; classes without any are left out."""
    wanted = select(ClassSuccessor.from_group_id, ClassSuccessor.to_group_id).where(ClassSuccessor.from_group_id.in_(group_ids))
    return _gathered(wanted.order_by(ClassSuccessor.id))


def successors_in(academic_year_id: int) -> dict[int, list[int]]:
    """Give, by class of an academic year, the classes of the next one its pupils go to; empty before the roll-over."""
    of_year = select(TeachingGroup.id).where(TeachingGroup.academic_year_id == academic_year_id)
    wanted = select(ClassSuccessor.from_group_id, ClassSuccessor.to_group_id).where(ClassSuccessor.from_group_id.in_(of_year))
    return _gathered(wanted.order_by(ClassSuccessor.id))


def feeders_of(group_ids: Collection[int]) -> dict[int, list[int]]:
    """Give, by class, the classes of the year before that its pupils come from; classes without any are left out."""
    wanted = select(ClassSuccessor.to_group_id, ClassSuccessor.from_group_id).where(ClassSuccessor.to_group_id.in_(group_ids))
    return _gathered(wanted.order_by(ClassSuccessor.id))


def _gathered(wanted: Select[int, int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for one, other in session().execute(wanted):
        found[one].append(other)
    return dict(found)
