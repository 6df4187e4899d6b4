"""Classes that are alike are placed once: those with the same lessons to have whose meetings follow the same pattern.

What placing looks at in a meeting is its half-term, its length, whether it is calm, and whether it comes after a day before which
nothing or nothing sensitive may stand. Two classes that meet on other days or at other times are alike where these agree from
meeting to meeting. A class whose teacher has another one, or of which something stands, is placed by itself.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from eduprog.planning.rules.diary import Diary
from eduprog.planning.rules.kinds import WhyUnplaced
from eduprog.planning.rules.meetings import Meeting
from eduprog.planning.rules.placing import ClassRequest, Place, place_class
from eduprog.planning.rules.wanted import Wanted


@dataclass(frozen=True, slots=True)
class _Pattern:
    """What of a class's meetings decides where its lessons stand; `held` keeps the list alive by whose identity it is known."""

    held: Sequence[Meeting]
    ats: list[int]
    shape: int


_Found = list[tuple[Wanted, int, int | None, WhyUnplaced | None, bool]]
"""Lesson, part, number of the meeting, why none, late."""


class Placed(NamedTuple):
    """The places of a class. Classes of one `alike` have the same lessons in meetings of the same half-terms and lengths."""

    places: list[Place]
    alike: int | None = None
    """None for a class that was placed by itself."""


class Placer:
    """Places class after class of one run."""

    def __init__(self, diary: Diary) -> None:
        self._diary = diary
        self._patterns: dict[int, _Pattern] = {}
        self._shapes: dict[Hashable, int] = {}
        self._found: dict[Hashable, tuple[int, _Found]] = {}
        self._alive: list[object] = []
        """What is known by its identity, so that no other thing can take it over."""

    def place(self, request: ClassRequest) -> Placed:
        """Give every lesson of a class a meeting, or the reason why not, as `place_class` does."""
        if request.teacher_id is not None or request.standing:
            return Placed(place_class(request, self._diary))
        pattern = self._pattern(request.meetings)
        key = self._key(request, pattern)
        known = self._found.get(key)
        meetings = request.meetings
        if known is not None:
            alike, found = known
            places = [
                Place(wanted, part, None if number is None else meetings[number], why, late)
                for wanted, part, number, why, late in found
            ]
            return Placed(places, alike)
        places = place_class(request, self._diary)
        numbers = {id(meeting): number for number, meeting in enumerate(meetings)}
        self._found[key] = alike, found = (
            len(self._found),
            [
                (wanted, part, None if meeting is None else numbers[id(meeting)], why, late)
                for wanted, part, meeting, why, late in places
            ],
        )
        self._alive += [request.wanted, request.earliest]
        return Placed(places, alike)

    def _pattern(self, meetings: Sequence[Meeting]) -> _Pattern:
        known = self._patterns.get(id(meetings))
        if known is None:
            shape = tuple([(id(meeting.block), meeting.minutes, meeting.calm) for meeting in meetings])
            number = self._shapes.setdefault(shape, len(self._shapes))
            known = self._patterns[id(meetings)] = _Pattern(meetings, [meeting.at for meeting in meetings], number)
        return known

    def _key(self, request: ClassRequest, pattern: _Pattern) -> Hashable:
        """Give what makes classes alike. Days before which something may not stand count as the meetings before them."""
        days = [*([request.not_before] if request.not_before else []), *sorted(set(request.earliest.values()))]
        before = tuple(bisect_left(pattern.ats, day.toordinal() * 1440) for day in days)
        return (
            pattern.shape, id(request.wanted), id(request.earliest), request.not_before is None, before, request.any_time,
            request.carousel,
        )  # fmt: skip
