"""How many meetings classes have, and how many of them are taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eduprog.planning.queries.facts import Choice, PlanFacts, class_choices, drop_downs_of_year, slot_times
from eduprog.planning.rules import (
    DropDown,
    Meeting,
    OpenDay,
    SlotTime,
    joined,
    meetings_of,
    meetings_of_slot,
    open_days,
    slots_used,
)
from eduprog.school import queries as school
from eduprog.school.queries import AnyClass
from eduprog.school.rules import HalfTermBlock, SchoolCalendar, SlotKind

_EVERY_KIND = Choice()


class Timetable:
    """The meetings of classes in an academic year; classes with the same slots share them."""

    def __init__(self, academic_year: school.AnyYear, facts: PlanFacts, calendar: SchoolCalendar) -> None:
        self._facts = facts
        self._days: Sequence[OpenDay] = open_days(calendar, academic_year.starts_on, academic_year.ends_on)
        self._known: dict[tuple[tuple[SlotTime, ...], tuple[DropDown, ...], frozenset[HalfTermBlock]], list[Meeting]] = {}
        self._slots_used: dict[tuple[tuple[SlotTime, ...], SlotKind | None], tuple[SlotTime, ...]] = {}
        self._of_slots: dict[SlotTime, list[Meeting]] = {}
        self._on_weekday: dict[int, list[OpenDay]] = {}
        for day in self._days:
            self._on_weekday.setdefault(day.weekday, []).append(day)

    def meetings(self, group: AnyClass) -> list[Meeting]:
        """Give the meetings of a class (its slots and years loaded), in order of time."""
        choice = self._facts.choices.get(group.id, _EVERY_KIND)
        slots = self._used(slot_times(group.slots), choice.slot_kind)
        key = (slots, self._facts.drop_downs_for(group.year_groups), choice.blocks)
        held = self._known.get(key)
        if held is None:
            held = self._known[key] = meetings_of(self._days, *key) if key[1] or key[2] else self._usual(slots)
        return held if group.ended_on is None else [meeting for meeting in held if meeting.day <= group.ended_on]

    def _used(self, slots: tuple[SlotTime, ...], kind: SlotKind | None) -> tuple[SlotTime, ...]:
        """Give the slots that lessons are planned into, worked out once for all classes with the same ones."""
        used = self._slots_used.get((slots, kind))
        if used is None:
            used = self._slots_used[slots, kind] = slots_used(slots, kind)
        return used

    def _usual(self, slots: Iterable[SlotTime]) -> list[Meeting]:
        """Join the meetings of slots, those of each slot worked out once for all classes that have it."""
        lists = []
        for slot in slots:
            if slot not in self._of_slots:
                self._of_slots[slot] = meetings_of_slot(self._on_weekday.get(slot.weekday, ()), slot)
            lists.append(self._of_slots[slot])
        return joined(lists)


@dataclass(frozen=True, slots=True)
class Room:
    """How many meetings a class has, and how many lessons are planned."""

    meetings: int
    lessons: int

    @property
    def free(self) -> int:
        """Give how many meetings hold no lesson."""
        return max(0, self.meetings - self.lessons)


def timetable_of(academic_year: school.AnyYear) -> Timetable:
    """Give the timetable of an academic year as it was chosen for its classes. Three statements at most."""
    facts = PlanFacts({}, {}, class_choices(), drop_downs_of_year(academic_year.id), {})
    return Timetable(academic_year, facts, school.calendar())


def room_of_classes(academic_year: school.AnyYear, groups: Sequence[AnyClass], with_day: Mapping[int, int]) -> dict[int, Room]:
    """Give the room of each of these classes in an academic year; `with_day` says how many lessons of each have a day."""
    timetable = timetable_of(academic_year)
    return {group.id: Room(len(timetable.meetings(group)), with_day.get(group.id, 0)) for group in groups}
