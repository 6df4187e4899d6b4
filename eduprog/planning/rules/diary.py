"""Who is where when: the lessons people teach, so that nobody is planned into two rooms."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, time

_DAYS = date.max.toordinal() + 1
"""More than any day's number: person and day together are one number, which is found faster than a pair."""


def joint_name(day: date, starts_at: time, lesson: tuple[str, int, int]) -> Hashable:
    """Give the name under which several classes share a lesson (module, number, part) at one moment."""
    return (day.toordinal() * 1440 + starts_at.hour * 60 + starts_at.minute, *lesson)


class Diary:
    """The lessons of each person by day, as minutes of the day. One joint lesson for several classes is one lesson."""

    def __init__(self) -> None:
        self._held: dict[int, list[tuple[int, int, Hashable]]] = {}

    def is_free(self, person_id: int, day: date, begins: int, minutes: int, joint: Hashable = None) -> bool:
        """Say whether the person has nothing else then. `joint` names what several classes share; the same name never clashes."""
        held = self._held.get(person_id * _DAYS + day.toordinal())
        if held is None:
            return True
        ends = begins + minutes
        return all(end <= begins or begin >= ends or (joint is not None and joint == name) for begin, end, name in held)

    def add(self, person_id: int, day: date, begins: int, minutes: int, joint: Hashable = None) -> None:
        """Write down a lesson."""
        self._held.setdefault(person_id * _DAYS + day.toordinal(), []).append((begins, begins + minutes, joint))
