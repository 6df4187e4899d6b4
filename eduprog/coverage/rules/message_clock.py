"""The message clock: when each class last met each message and strand, by lesson, starter or assembly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from eduprog.coverage.rules.board import MESSAGE_COLD_AFTER_WEEKS
from eduprog.coverage.rules.school_days import SchoolDays
from eduprog.curriculum.vocabulary import Message, Strand, YearGroup

Subject = Message | Strand


class Way(StrEnum):
    """How a class met something."""

    LESSON = "lesson"
    STARTER = "starter"
    ASSEMBLY = "assembly"


class Meeting(NamedTuple):
    """A day on which a class met something, and how."""

    day: date
    way: Way


class Event(NamedTuple):
    """Something a class met: a lesson, starter or assembly with messages and strands of it."""

    group_id: int
    meeting: Meeting
    subjects: tuple[Subject, ...]


class ClockCell(NamedTuple):
    """When a class last met one thing: `days` are days of the calendar, `weeks` whole school weeks; no meeting: not yet."""

    subject: Subject
    meeting: Meeting | None
    days: int = 0
    weeks: int = 0
    cold: bool = False


@dataclass(frozen=True, slots=True)
class ClockRow:
    """A class of the clock. Whoever was fed by several classes has met what all of them met, on the earliest of their days."""

    group_id: int
    name: str
    year_groups: tuple[YearGroup, ...]
    messages: tuple[ClockCell, ...]
    strands: tuple[ClockCell, ...]

    @property
    def cold(self) -> tuple[ClockCell, ...]:
        """Give the messages that are going cold, the longest ago first."""
        return tuple(sorted((cell for cell in self.messages if cell.cold), key=lambda cell: -cell.weeks))


@dataclass(frozen=True)
class MessageClock:
    """The clock of every class, youngest first."""

    rows: tuple[ClockRow, ...]

    @property
    def going_cold(self) -> tuple[tuple[ClockRow, ClockCell], ...]:
        """Give what is going cold, class by class, the longest ago first."""
        found = [(row, cell) for row in self.rows for cell in row.cold]
        return tuple(sorted(found, key=lambda pair: (-pair[1].weeks, pair[0].name)))


_Latest = dict[int, dict[Subject, Meeting]]


def latest_of(events: Iterable[Event]) -> _Latest:
    """Give, by class and thing met, the latest meeting; of two on one day, the lesson."""
    found: _Latest = {}
    order = {way: -place for place, way in enumerate(Way)}
    for group_id, meeting, subjects in events:
        kept = found.setdefault(group_id, {})
        for subject in subjects:
            known = kept.get(subject)
            if known is None or meeting.day > known.day or (meeting.day == known.day and order[meeting.way] > order[known.way]):
                kept[subject] = meeting
    return found


def carried(latest: _Latest, fed_by: Mapping[int, Iterable[int]]) -> _Latest:
    """Give what classes bring from last year: of what every feeding class met, the earliest of their last days."""
    brought: _Latest = {}
    for group_id, feeders in fed_by.items():
        known = [latest.get(feeder, {}) for feeder in feeders]
        shared = set(known[0]).intersection(*known[1:]) if known else set()
        brought[group_id] = {subject: min(one[subject] for one in known) for subject in shared}
    return brought


def clock_of(
    classes: Iterable[tuple[int, str, tuple[YearGroup, ...]]], own: _Latest, brought: _Latest, days: SchoolDays, today: date
) -> MessageClock:
    """Arrange the clock. What a class met itself goes before what it brings."""
    weeks: dict[date, int] = {}

    def cell(subject: Subject, meeting: Meeting | None) -> ClockCell:
        if meeting is None:
            return ClockCell(subject, None)
        day = meeting.day
        if day not in weeks:
            weeks[day] = days.weeks_since(day, today)
        return ClockCell(subject, meeting, max((today - day).days, 0), weeks[day], weeks[day] >= MESSAGE_COLD_AFTER_WEEKS)

    rows = []
    for group_id, name, years in classes:
        met = {**brought.get(group_id, {}), **own.get(group_id, {})}
        messages = tuple(cell(message, met.get(message)) for message in Message)
        strands = tuple(cell(strand, met.get(strand)) for strand in Strand)
        rows.append(ClockRow(group_id, name, years, messages, strands))
    return MessageClock(tuple(rows))
