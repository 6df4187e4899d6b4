"""Who is where when: the lessons people teach, so that nobody is planned into two rooms."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, time


def joint_name(day: date, starts_at: time, lesson: tuple[str, int, int]) -> Hashable:
    """Give the name under which several classes share a lesson (module, number, part) at one moment."""
    return (day.toordinal() * 1440 + starts_at.hour * 60 + starts_at.minute, *lesson)


class Diary:
    """The lessons of each person by day, as minutes of the day. One joint lesson for several classes is one lesson."""

    def __init__(self) -> None:
        self._held: dict[int, dict[date, list[tuple[int, int, Hashable]]]] = {}

    def is_free(self, person_id: int, day: date, begins: int, minutes: int, joint: Hashable = None) -> bool:
        """Say whether the person has nothing else then. `joint` names what several classes share; the same name never clashes."""
        days = self._held.get(person_id)
        if days is None or day not in days:
            return True
        ends = begins + minutes
        for begin, end, name in days[day]:  # noqa: SIM110 - asked for every meeting of a busy teacher, and twice as fast
            if end > begins and begin < ends and (joint is None or joint != name):
                return False
        return True

    def days_of(self, person_id: int) -> dict[date, list[tuple[int, int, Hashable]]]:
        """Give what a person has, by day, as it stands at any later moment too."""
        return self._held.setdefault(person_id, {})

    def add(self, person_id: int, day: date, begins: int, minutes: int, joint: Hashable = None) -> None:
        """Write down a lesson."""
        self._held.setdefault(person_id, {}).setdefault(day, []).append((begins, begins + minutes, joint))
