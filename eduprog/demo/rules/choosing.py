"""Which classes the demo shows most of: with parents who have joined, and with a lesson to record today."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest

_LONG_AGO = timedelta(days=28)


@dataclass(frozen=True)
class Planned:
    """A planned lesson as far as choosing needs it; `plain` ones are not sensitive, and `ends_module` ones owe follow-ups."""

    lesson_id: int
    group_id: int
    year_group: str
    day: date
    plain: bool
    ends_module: bool


@dataclass(frozen=True)
class Move:
    """A lesson that its head of PSHE moved by hand, long ago, to today."""

    lesson_id: int
    group_id: int
    stood_on: date
    to: date


def shown_today(lessons: Sequence[Planned], today: date) -> list[Planned]:
    """Give the lessons worth showing: planned for today or later this week, plain, the last of their module."""
    until = today - timedelta(days=today.weekday()) + timedelta(days=4)
    shown = [one for one in lessons if today <= one.day <= until and one.plain and one.ends_module]
    return sorted(shown, key=lambda one: (one.day, one.lesson_id))


def move_to_today(lessons: Sequence[Planned], meetings: Mapping[int, Collection[date]], today: date) -> Move | None:
    """Give the lesson to move to today where none is to be shown: the latest autumn one of a class that is free.

    `meetings` are the days on which each class meets. None where a lesson is shown today already, or no class can take one.
    """
    if any(one.day == today for one in shown_today(lessons, today)):
        return None
    busy = {one.group_id for one in lessons if one.day == today}
    choices = [
        Move(one.lesson_id, one.group_id, one.day, today)
        for one in lessons
        if one.plain and one.ends_module and one.day < today - _LONG_AGO
        if today in meetings.get(one.group_id, ()) and one.group_id not in busy
    ]
    return min(choices, key=lambda move: (-move.stood_on.toordinal(), move.lesson_id), default=None)


def classes_with_parents(lessons: Sequence[Planned], today: date, count: int, first: Collection[int]) -> list[int]:
    """Give the classes whose parents have joined: those that must, then year group by year group those with most behind them."""
    past: dict[str, dict[int, int]] = {}
    for one in lessons:
        if one.day < today and one.group_id not in first:
            classes = past.setdefault(one.year_group, {})
            classes[one.group_id] = classes.get(one.group_id, 0) + 1
    by_year = [sorted(classes, key=lambda group: (-classes[group], group)) for classes in past.values()]
    in_turn = [group for turn in zip_longest(*by_year) for group in turn if group is not None]
    return [*first, *in_turn][: max(count, len(first))]
