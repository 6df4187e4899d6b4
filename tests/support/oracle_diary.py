"""A second opinion on what becomes of follow-ups: a class's diary over years of lessons taught, moved, undone, and snow.

Written from the date rule in docs/follow-up-dates.md alone, like the oracle it asks. It imports nothing of the product.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.support import oracle

POINTS = ("R1", "R2", "R3", "R4")


@dataclass
class Owed:
    """One follow-up as the diary holds it."""

    lesson: int
    order: int
    point: str
    taught_on: str
    due_on: str | None
    why: str
    state: str = "due"


@dataclass
class Diary:
    """What one class is owed; `calendar`, `meets` and `next_meets` are shaped as in a case of the command."""

    calendar: dict[str, Any]
    meets: dict[str, Any]
    next_meets: dict[str, Any] | None = None
    cap: int | None = None
    rows: list[Owed] = field(default_factory=list)

    def case(self, lesson: int, taught_on: str) -> dict[str, Any]:
        """Give the case of a lesson as the class stands: days of its other follow-ups are taken."""
        taken = [row.due_on for row in self._holding_days() if row.lesson != lesson or row.state == "done"]
        return {
            "id": str(lesson), "taught_on": taught_on, "calendar": self.calendar, "meets": self.meets,
            "next_meets": self.next_meets, "taken": taken,
        }  # fmt: skip

    def teach(self, lesson: int, order: int, taught_on: str) -> None:
        """Owe the four follow-ups of a lesson."""
        self._decide(lesson, order, taught_on, POINTS, None)

    def move(self, lesson: int, taught_on: str, today: str) -> None:
        """Let a lesson have been taught on another day: what is not done is dated again, from today on where that is later."""
        due = [row for row in self.rows if row.lesson == lesson and row.state == "due"]
        for row in due:
            self.rows.remove(row)
        if due:
            points = tuple(row.point for row in due)
            self._decide(lesson, due[0].order, taught_on, points, today if taught_on < today else None)

    def undo(self, lesson: int) -> None:
        """Take back a lesson: what is not done is no longer owed."""
        for row in self.rows:
            if row.lesson == lesson and row.state == "due":
                row.state = "withdrawn"

    def finish(self, lesson: int, point: str) -> None:
        """Let one be given."""
        next(row for row in self.rows if (row.lesson, row.point, row.state) == (lesson, point, "due")).state = "done"

    def shut(self, days: list[str], today: str) -> None:
        """Close the school on days: what stood there is dated again, never before today, in the order of rule 8."""
        self.calendar = {**self.calendar, "closures": sorted({*self.calendar["closures"], *days})}
        stood = [row for row in self.rows if row.state == "due" and row.due_on in days]
        for row in stood:
            self.rows.remove(row)
        for row in sorted(stood, key=lambda row: (row.taught_on, row.order, row.point)):
            self._decide(row.lesson, row.order, row.taught_on, (row.point,), today, again=True)

    def _holding_days(self) -> list[Owed]:
        return [row for row in self.rows if row.due_on and row.state in ("due", "done")]

    def _decide(
        self, lesson: int, order: int, taught_on: str, points: tuple[str, ...], floor: str | None, *, again: bool = False
    ) -> None:
        case = self.case(lesson, taught_on)
        if again:
            case["taken"] = [row.due_on for row in self._holding_days()]
        week = lambda text: date.fromisoformat(text).strftime("%G-W%V")  # noqa: E731
        load = Counter(week(row.due_on or "") for row in self.rows if row.state == "due" and row.due_on)
        answer = oracle.decide(case, cap=self.cap, load=dict(load), floor=floor, points=points)
        self.rows += [Owed(lesson, order, point, taught_on, answer[point], answer["why"][point]) for point in points]


@dataclass(frozen=True)
class Event:
    """Something that happens to a class on a day."""

    kind: str
    today: str
    lesson: int = 0
    taught_on: str = ""
    point: str = ""
    days: tuple[str, ...] = ()


def events(rng: Any, diary: Diary, lessons: int) -> Iterator[Event]:
    """Make up a class's years one event at a time, to be applied to the diary by whoever asks before the next is drawn."""
    spans = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in diary.calendar["terms"]]
    first = min((first for first, _ in spans), default=date(2026, 9, 1))
    last = max((last for _, last in spans), default=date(2027, 7, 1))
    for lesson, today in enumerate(sorted(first + timedelta(rng.randint(0, (last - first).days)) for _ in range(lessons))):
        yield Event("teach", today.isoformat(), lesson, (today - timedelta(rng.choice([0, 0, 0, 1, 3]))).isoformat())
        standing = [row for row in diary.rows if row.state == "due"]
        if not standing or rng.random() < 0.4:
            continue
        row = rng.choice(standing[-12:])
        kind = rng.choice(["move", "move", "undo", "done", "done", "shut", "shut"])
        if kind == "move":
            day = date.fromisoformat(row.taught_on) + timedelta(rng.randint(-9, 9))
            yield Event("move", today.isoformat(), row.lesson, min(day, today).isoformat())
        elif kind == "shut":
            snow = date.fromisoformat(row.due_on) if row.due_on else today
            days = tuple((snow + timedelta(n)).isoformat() for n in range(rng.choice([1, 1, 2, 5])))
            yield Event("shut", today.isoformat(), days=days)
        else:
            yield Event(kind, today.isoformat(), row.lesson, point=row.point)


def apply(diary: Diary, event: Event) -> None:
    """Let an event happen in the diary."""
    if event.kind == "teach":
        diary.teach(event.lesson, event.lesson, event.taught_on)
    elif event.kind == "move":
        diary.move(event.lesson, event.taught_on, event.today)
    elif event.kind == "undo":
        diary.undo(event.lesson)
    elif event.kind == "done":
        diary.finish(event.lesson, event.point)
    else:
        diary.shut(list(event.days), event.today)


def london(instant: datetime) -> datetime:
    """Give London's wall time, naive, by the act of 2002: one hour on from 1:00 UTC on the last Sundays of March and October."""
    moment = instant.astimezone(UTC).replace(tzinfo=None)
    begins, ends = (_last_sunday(moment.year, month) for month in (3, 10))
    summer = datetime(*begins, 1) <= moment < datetime(*ends, 1)
    return moment + timedelta(hours=1) if summer else moment


def _last_sunday(year: int, month: int) -> tuple[int, int, int]:
    number = date(year, month, 31).toordinal()
    return year, month, 31 - number % 7


def dump(event: Event, diary: Diary) -> str:
    """Show an event and the diary, for a failure's message."""
    return json.dumps({"event": event.__dict__, "rows": [row.__dict__ for row in diary.rows], "calendar": diary.calendar})
