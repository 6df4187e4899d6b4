"""Times of one class that overlap: which of them is right is asked, once for every two that meet in any class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from eduprog.school.importers.differences import Differences
from eduprog.school.importers.questions import Answer, asked
from eduprog.school.importers.telling import slot_in_words

_FIRST, _SECOND, _NEITHER = "first", "second", "neither"
_MOST_NAMED = 5
Slot = Sequence[Any]


@dataclass
class Overlaps:
    """The overlapping times found so far, with the classes they are in."""

    answers: Mapping[str, str]
    classes: dict[tuple[tuple[Any, ...], tuple[Any, ...]], list[str]] = field(default_factory=dict)

    def settled(self, name: str, slots: list[list[Any]]) -> list[list[Any]]:
        """Give a class's times without those that an answer took out; what is not answered yet stays in."""
        gone: list[list[Any]] = []
        for one, other in combinations(slots, 2):
            if _overlap(one, other):
                self.classes.setdefault((tuple(one), tuple(other)), []).append(name)
                answer = self.answers.get(_name(one, other))
                gone += {_FIRST: [other], _SECOND: [one], _NEITHER: [one, other]}.get(answer or "", [])
        return [slot for slot in slots if slot not in gone]

    def ask(self, found: Differences) -> None:
        """Put the questions among those the import asks."""
        for (one, other), names in self.classes.items():
            more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
            whose = f"{', '.join(names[:_MOST_NAMED])}{more}"
            text = f"Two times of {whose} overlap. Which one is right?"
            options = [
                (_FIRST, slot_in_words(*one)),
                (_SECOND, slot_in_words(*other)),
                (_NEITHER, "Neither: I add the time by hand"),
            ]
            found.questions.append(asked(self.answers, _name(one, other), text, Answer.RADIO, options=options))


def _name(one: Slot, other: Slot) -> str:
    return f"overlap:{'-'.join(str(part) for part in (*one, *other))}"


def _overlap(one: Slot, other: Slot) -> bool:
    (weekday, week, starts, minutes, _kind), (weekday_2, week_2, starts_2, minutes_2, _kind_2) = one, other
    if weekday != weekday_2 or (week and week_2 and week != week_2):
        return False
    begins, begins_2 = _minute(starts), _minute(starts_2)
    return begins < begins_2 + int(minutes_2) and begins_2 < begins + int(minutes)


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
