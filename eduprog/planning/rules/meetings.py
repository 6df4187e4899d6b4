"""When a class meets us in a year: its slots on open days, the half-terms of a carousel, and drop-down days."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from eduprog.school.rules import HalfTermBlock, SchoolCalendar, SlotKind, WeekLetter

AFTERNOON = 13 * 60
"""From this minute of the day a meeting on the last open day of a week counts as the last of the week."""
DAYS_BEFORE_BREAK = 2
KINDS_IN_ORDER = (SlotKind.PSHE, SlotKind.TUTOR, SlotKind.ASSEMBLY)


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A day of the year on which the school is open.

    `ends_week`: its last open one; `before_break`: one of a block's last two.
    """

    day: date
    block: HalfTermBlock
    letter: WeekLetter | None
    ends_week: bool
    before_break: bool
    weekday: int
    at: int
    """Minutes from the first day there is to its midnight."""


class SlotTime(NamedTuple):
    """A time in the week, as the timetable has it; `week` is None for every week."""

    weekday: int
    starts_at: time
    minutes: int
    kind: SlotKind
    week: WeekLetter | None = None


@dataclass(frozen=True, slots=True)
class DropDown:
    """Periods of a drop-down day, one after the other."""

    day: date
    starts_at: time
    periods: int
    minutes: int


class Meeting(NamedTuple):
    """A meeting of a class.

    A calm one is far from the end of its week and of its half-term; a joint one is for several classes.
    """

    day: date
    block: HalfTermBlock
    starts_at: time
    minutes: int
    calm: bool
    joint: bool
    begins: int
    """Minutes since midnight."""
    at: int
    """Minutes since the first day there is: what meetings are ordered by."""


@lru_cache(maxsize=100)
def open_days(calendar: SchoolCalendar, first: date, last: date) -> Sequence[OpenDay]:
    """Give the open days of a span in order, with what planning asks of each; worked out once for a calendar as it stands."""
    found: list[OpenDay] = []
    for span in sorted(calendar.half_terms, key=lambda half_term: half_term.first):
        if span.last < first or span.first > last:
            continue
        days = list(calendar.open_days(span.first, span.last))
        closing = set(days[-DAYS_BEFORE_BREAK:])
        ends = set({day.isocalendar()[:2]: day for day in days}.values())
        letters = {monday: calendar.week_letter(day) for monday, day in {day.isocalendar()[:2]: day for day in days}.items()}
        found += [
            OpenDay(
                day,
                span.block,
                letters[day.isocalendar()[:2]],
                day in ends,
                day in closing,
                day.weekday(),
                day.toordinal() * 1440,
            )
            for day in days
            if first <= day <= last
        ]
    return tuple(found)


def slots_used(slots: Iterable[SlotTime], kind: SlotKind | None = None) -> tuple[SlotTime, ...]:
    """Give the slots lessons are planned into:

    of the kind chosen, else PSHE, else tutor time, else assemblies; joined where they touch.
    """
    known = list(slots)
    kinds = [kind] if kind else [one for one in KINDS_IN_ORDER if any(slot.kind is one for slot in known)][:1]
    chosen = sorted(
        {slot for slot in known if slot.kind in kinds},
        key=lambda slot: (slot.week or "", slot.weekday, slot.starts_at, slot.minutes),
    )
    joined: list[SlotTime] = []
    for slot in chosen:
        before = joined[-1] if joined else None
        if before and (before.week, before.weekday) == (slot.week, slot.weekday) and _ends(before) >= minute_of(slot.starts_at):
            minutes = max(_ends(before), _ends(slot)) - minute_of(before.starts_at)
            joined[-1] = SlotTime(before.weekday, before.starts_at, minutes, before.kind, before.week)
        else:
            joined.append(slot)
    return tuple(joined)


def meetings_of(
    days: Sequence[OpenDay],
    slots: Sequence[SlotTime],
    drop_downs: Sequence[DropDown] = (),
    blocks: Collection[HalfTermBlock] = (),
) -> list[Meeting]:
    """Give a class's meetings in order of time.

    On a drop-down day the timetable gives way; `blocks` are those of its carousel.
    """
    dropped = {one.day for one in drop_downs}
    usual = [day for day in days if day.day not in dropped and (not blocks or day.block in blocks)] if dropped or blocks else days
    lists = [meetings_of_slot(usual, slot) for slot in slots]
    lists += [_periods(day, one) for day in days if day.day in dropped for one in drop_downs if one.day == day.day]
    return joined(lists)


def meetings_of_slot(days: Iterable[OpenDay], slot: SlotTime) -> list[Meeting]:
    """Give the meetings of one slot of the timetable, in order of time."""
    weekday, week, starts_at, minutes = slot.weekday, slot.week, slot.starts_at, slot.minutes
    joint, begins = slot.kind is SlotKind.ASSEMBLY, minute_of(slot.starts_at)
    late = begins >= AFTERNOON
    return [
        Meeting(
            day.day, day.block, starts_at, minutes, not day.before_break and not (late and day.ends_week), joint, begins,
            day.at + begins,
        )
        for day in days
        if day.weekday == weekday and (week is None or week is day.letter)
    ]  # fmt: skip


def joined(lists: Iterable[list[Meeting]]) -> list[Meeting]:
    """Give the meetings of several lists in order of time; one that begins before the one before it is over is left out."""
    known = [one for one in lists if one]
    if len(known) == 1:
        return known[0]
    held: list[Meeting] = []
    free_from = 0
    for meeting in sorted(chain.from_iterable(known), key=attrgetter("at")):
        if meeting.at >= free_from:
            held.append(meeting)
            free_from = meeting.at + meeting.minutes
    return held


def _periods(day: OpenDay, drop_down: DropDown) -> list[Meeting]:
    first = minute_of(drop_down.starts_at)
    begins = [first + number * drop_down.minutes for number in range(drop_down.periods)]
    fitting = [one for one in begins if one + drop_down.minutes <= 24 * 60]
    slots = [SlotTime(day.weekday, time(*divmod(one, 60)), drop_down.minutes, SlotKind.PSHE) for one in fitting]
    return [meeting for slot in slots for meeting in meetings_of_slot((day,), slot)]


def minute_of(at: time) -> int:
    """Give the minutes since midnight."""
    return at.hour * 60 + at.minute


def _ends(slot: SlotTime) -> int:
    return minute_of(slot.starts_at) + slot.minutes
