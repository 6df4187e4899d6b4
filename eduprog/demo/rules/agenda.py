"""What a school has ahead of it in the demo's past, in the order in which it happened."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Happening(StrEnum):
    """What can happen at a moment."""

    LESSON = "lesson"
    FOLLOW_UP = "follow_up"
    SNOW = "snow"
    PAUSE = "pause"
    LIFT = "lift"
    CONDITIONS = "conditions"
    MOVE = "move"


@dataclass(frozen=True, order=True)
class Entry:
    """One thing that happens: when and what; to which row, of which class, module and lesson; and for which day it stood."""

    at: datetime
    number: int
    what: Happening = field(compare=False)
    subject_id: int = field(compare=False, default=0)
    day: date | None = field(compare=False, default=None)
    group_id: int = field(compare=False, default=0)
    module_id: str = field(compare=False, default="")
    lesson_number: int = field(compare=False, default=0)


class Agenda:
    """Entries in order of their moment; those of one moment in the order in which they were added."""

    def __init__(self) -> None:
        self._waiting: list[Entry] = []
        self._added = 0

    def add(self, at: datetime, what: Happening, **facts: Any) -> None:
        """Put something on the agenda; the facts are the further fields of an entry."""
        self._added += 1
        heapq.heappush(self._waiting, Entry(at, self._added, what, **facts))

    def put_off(self, entry: Entry, until: datetime) -> None:
        """Let something happen later."""
        heapq.heappush(self._waiting, replace(entry, at=until))

    def until(self, moment: datetime) -> Iterator[Entry]:
        """Take what happens before this moment, one by one; what is added meanwhile comes in its turn."""
        while self._waiting and self._waiting[0].at < moment:
            yield heapq.heappop(self._waiting)

    def take_day(self, day: date) -> list[Entry]:
        """Take everything that stood for this day."""
        taken = sorted(entry for entry in self._waiting if entry.day == day)
        self._waiting = [entry for entry in self._waiting if entry.day != day]
        heapq.heapify(self._waiting)
        return taken
