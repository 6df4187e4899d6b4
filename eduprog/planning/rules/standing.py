"""What stands already when a class is planned: the meetings it takes, and the moments before which others must come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from eduprog.planning.rules.meetings import Meeting
from eduprog.planning.rules.wanted import Wanted

_FAR = 10**10


@dataclass(frozen=True, slots=True)
class Standing:
    """A lesson that keeps its place. `binds`: the order of the others keeps to it (not where somebody moved it by hand)."""

    module_id: str
    lesson_number: int
    part: int
    day: date | None
    begins: int | None
    minutes: int
    binds: bool = True
    counts: bool = True
    """False for a make-good lesson: it takes a meeting, and leaves its lesson to be planned."""

    @property
    def at(self) -> int:
        """Give the minutes since the first day there is; it must have a day."""
        assert self.day is not None
        return self.day.toordinal() * 1440 + (self.begins or 0)


def taken_by(standing: Iterable[Standing], meetings: Iterable[Meeting]) -> set[int]:
    """Give the numbers of the meetings at whose time a standing lesson is; one without a time takes its whole day."""
    taken: set[int] = set()
    by_day: dict[date, list[tuple[int, int]]] = {}
    for one in standing:
        if one.day is not None:
            begins = 0 if one.begins is None else one.begins
            by_day.setdefault(one.day, []).append((begins, 24 * 60 if one.begins is None else begins + one.minutes))
    for index, meeting in enumerate(meetings if by_day else ()):
        held = by_day.get(meeting.day, ())
        if any(begin < meeting.begins + meeting.minutes and end > meeting.begins for begin, end in held):
            taken.add(index)
    return taken


def order_ceilings(wanted: Sequence[Wanted], stands: Mapping[tuple[str, int], Iterable[Standing]], *, since: int) -> list[int]:
    """Give, for each lesson, the moment before which it must stand: that of the first standing lesson that comes after it.

    `stands` holds what stands by module and lesson. What is over by `since`, the first moment a lesson could be given, sets no
    bound: a lesson that was missed cannot come before it any more, and is caught up after it.
    """
    ceilings, lowest = [_FAR] * len(wanted), _FAR
    by_module: dict[str, int] = {}
    for number in range(len(wanted) - 1, -1, -1):
        lesson = wanted[number]
        ceilings[number] = min(lowest, by_module.get(lesson.module_id, _FAR))
        for one in stands.get((lesson.module_id, lesson.lesson_number), ()):
            if one.day is None or one.at < since:
                continue
            if one.binds:
                lowest = min(lowest, one.at)
            for module in (lesson.module_id, *lesson.builds_on):
                by_module[module] = min(by_module.get(module, _FAR), one.at)
    return ceilings
