"""Which meeting each lesson of a class gets: arithmetic on the meetings of one year, without a database or a clock.

Lessons are taken in order and each gets the first meeting after the one before it that suits it: in its half-term or later,
long enough (else in its parts), after the notice its gate needs, calm if it is sensitive, its teacher free. A lesson for which
no meeting of the year suits is named with the reason. Every condition only ever takes meetings away, so that planning again
what stands finds nothing new to do.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import NamedTuple

from eduprog.planning.rules.diary import Diary, joint_name
from eduprog.planning.rules.kinds import WhyUnplaced
from eduprog.planning.rules.lengths import LESSON_MAY_BE_CUT_BY, length_of, shortest_meeting
from eduprog.planning.rules.meetings import Meeting
from eduprog.planning.rules.standing import Standing, order_ceilings, taken_by
from eduprog.planning.rules.wanted import BLOCK_ORDER, Wanted
from eduprog.planning.rules.windows import ideal_starts, windows_by_block
from eduprog.school.rules import HalfTermBlock


class Place(NamedTuple):
    """The meeting a lesson or one part of it gets, or why it gets none. `late`: after its own half-term."""

    wanted: Wanted
    part: int
    meeting: Meeting | None
    why: WhyUnplaced | None = None
    late: bool = False

    @property
    def minutes(self) -> int:
        """Give how long it lasts: the lesson or part, at most the meeting."""
        wanted, part, meeting, _why, _late = self
        length = length_of(wanted, part) if part else wanted.minutes
        return length if meeting is None or length < meeting.minutes else meeting.minutes


@dataclass(frozen=True, slots=True)
class ClassRequest:
    """All that placing the lessons of one class needs.

    `earliest` holds, by module, the first day after the notice of its gate.
    """

    meetings: Sequence[Meeting]
    wanted: Sequence[Wanted]
    standing: Sequence[Standing] = ()
    earliest: Mapping[str, date] = field(default_factory=dict)
    not_before: date | None = None
    any_time: bool = False
    carousel: bool = False
    teacher_id: int | None = None
    """None also where the teacher has only this class: then nothing can clash."""


def place_class(request: ClassRequest, diary: Diary) -> list[Place]:
    """Give every lesson of a class that has no place yet a meeting, or the reason why not; write them into the diary."""
    return _Placing(request, diary).run()


class _Placing:
    """The placing of one class while it runs."""

    def __init__(self, request: ClassRequest, diary: Diary) -> None:
        self._request, self._diary = request, diary
        self._meetings = request.meetings
        self._ats = [meeting.at for meeting in request.meetings]
        minutes = [meeting.minutes for meeting in request.meetings]
        self._longest = max(minutes, default=0)
        self._first = bisect_left(self._ats, request.not_before.toordinal() * 1440) if request.not_before else 0
        self._cursor = self._first
        """The first meeting after the last lesson that was placed or stands."""
        self._taken = taken_by(request.standing, request.meetings)
        self._stands: dict[tuple[str, int], list[Standing]] = {}
        for one in request.standing:
            if one.counts:
                self._stands.setdefault((one.module_id, one.lesson_number), []).append(one)
        self._module_ends: dict[str, int] = {}
        self._missing: set[str] = set()
        self._windows = windows_by_block(self._meetings, carousel=request.carousel)
        self._ideal = ideal_starts(request.wanted, minutes, self._windows, self._first)
        since = self._ats[self._first] if self._first < len(self._ats) else 0
        self._ceilings = order_ceilings(request.wanted, self._stands, since=since) if request.standing else None
        self._block: HalfTermBlock | None = None
        self._window = (0, 0)
        """The half-term of the lesson before, and its window."""
        self._places: list[Place] = []
        self._busy = {} if request.teacher_id is None else diary.days_of(request.teacher_id)

    def run(self) -> list[Place]:
        """Place lesson after lesson."""
        stands = self._stands
        for number, lesson in enumerate(self._request.wanted):
            standing = stands.get((lesson.module_id, lesson.lesson_number)) if stands else None
            if standing:
                self._keep(lesson, standing, number)
            elif self._ceilings is not None or self._missing or not self._takes_its_best(lesson):
                self._place(lesson, number)
        return self._places

    def _takes_its_best(self, lesson: Wanted) -> bool:
        """Give a whole lesson the meeting it would best have, if that suits; say whether it did.

        Only where nothing stands or is missing. A search would find the same; most lessons need none.
        """
        if lesson.block is not self._block:
            self._block, self._window = lesson.block, self._windows[lesson.block]
        start, end = self._window
        best = self._ideal.get(lesson.module_id, 0)
        if best < self._cursor or best < start:
            best = max(self._cursor, start)
        if best >= end:
            return False
        meeting = self._meetings[best]
        if meeting.minutes < lesson.minutes - LESSON_MAY_BE_CUT_BY or not self._may_have(lesson, meeting):
            return False
        self._cursor = best + 1
        late = meeting.block is not lesson.block and self._is_late(meeting, lesson)
        self._places.append(Place(lesson, 0, meeting, None, late))
        if self._request.teacher_id is not None:
            self._write_down(self._places[-1], meeting)
        return True

    def _may_have(self, lesson: Wanted, meeting: Meeting) -> bool:
        request = self._request
        if lesson.sensitive:
            earliest = request.earliest.get(lesson.module_id)
            if (not request.any_time and not meeting.calm) or (earliest is not None and meeting.day < earliest):
                return False
        return request.teacher_id is None or self._is_free(meeting, lesson, 0)

    def _keep(self, lesson: Wanted, standing: Sequence[Standing], number: int) -> None:
        for one in standing:
            if one.day is None:
                self._missing.add(lesson.module_id)
                continue
            at = one.at
            if one.binds:
                self._cursor = max(self._cursor, bisect_left(self._ats, at + 1))
            self._module_ends[lesson.module_id] = max(self._module_ends.get(lesson.module_id, 0), at)
        parts = {one.part for one in standing}
        if 0 not in parts:
            for part in range(1, len(lesson.parts) + 1):
                if part not in parts:
                    self._place_part(lesson, part, number)

    def _place(self, lesson: Wanted, number: int) -> None:
        if self._missing and self._waits(lesson):
            self._report(lesson, 0, WhyUnplaced.WAITS_FOR_EARLIER)
            return
        whole = self._find(lesson, 0, number)
        if lesson.parts and (whole is None or whole >= self._windows[lesson.block][1]):
            first = self._find(lesson, 1, number)
            if first is not None and (whole is None or first < whole):
                for part in range(1, len(lesson.parts) + 1):
                    self._place_part(lesson, part, number)
                return
        self._settle(lesson, 0, whole, number)

    def _place_part(self, lesson: Wanted, part: int, number: int) -> None:
        if self._waits(lesson):
            self._report(lesson, part, WhyUnplaced.WAITS_FOR_EARLIER)
        else:
            self._settle(lesson, part, self._find(lesson, part, number), number)

    def _waits(self, lesson: Wanted) -> bool:
        missing = self._missing
        return lesson.module_id in missing or any(module in missing for module in lesson.builds_on)

    def _settle(self, lesson: Wanted, part: int, index: int | None, number: int) -> None:
        if index is None:
            self._report(lesson, part, self._reason(lesson, part, number))
            return
        meeting = self._meetings[index]
        late = meeting.block is not lesson.block and self._is_late(meeting, lesson)
        place = Place(lesson, part, meeting, None, late)
        self._places.append(place)
        self._taken.add(index)
        self._cursor = index + 1
        if self._ceilings is not None:
            self._module_ends[lesson.module_id] = meeting.at
        if self._request.teacher_id is not None:
            self._write_down(place, meeting)

    def _write_down(self, place: Place, meeting: Meeting) -> None:
        assert self._request.teacher_id is not None
        joint = _joint(meeting, place.wanted, place.part) if meeting.joint else None
        self._diary.add(self._request.teacher_id, meeting.day, meeting.begins, place.minutes, joint)

    def _is_late(self, meeting: Meeting, lesson: Wanted) -> bool:
        return not self._request.carousel and BLOCK_ORDER[meeting.block] > BLOCK_ORDER[lesson.block]

    def _report(self, lesson: Wanted, part: int, why: WhyUnplaced) -> None:
        self._missing.add(lesson.module_id)
        self._places.append(Place(lesson, part, None, why))

    def _bounds(self, lesson: Wanted, number: int) -> tuple[int, int, int, int]:
        """Give the first index that may be used, where its half-term ends, the one it would best have, and where all ends."""
        start, end = self._windows[lesson.block]
        low = max(self._cursor, start)
        if self._ceilings is None:  # nothing stands, so whatever comes before has moved the cursor on
            return low, max(end, low), max(low, self._ideal.get(lesson.module_id, 0)), len(self._ats)
        for module in (lesson.module_id, *lesson.builds_on):
            after = self._module_ends.get(module)
            if after is not None and low < len(self._ats) and self._ats[low] <= after:
                low = bisect_left(self._ats, after + 1)
        return low, max(end, low), max(low, self._ideal.get(lesson.module_id, 0)), bisect_left(self._ats, self._ceilings[number])

    def _find(self, lesson: Wanted, part: int, number: int) -> int | None:
        shortest = shortest_meeting(lesson, part)
        if shortest > self._longest:
            return None
        low, end, best, last = self._bounds(lesson, number)
        if best > end:
            best = end
        return self._first_that_suits(
            lesson, part, shortest, chain(range(best, min(end, last)), range(low, min(best, last)), range(end, last))
        )

    def _first_that_suits(self, lesson: Wanted, part: int, shortest: int, indices: Iterable[int]) -> int | None:
        request, meetings, taken = self._request, self._meetings, self._taken
        earliest = request.earliest.get(lesson.module_id) if lesson.sensitive else None
        calm, anywhere = lesson.sensitive and not request.any_time, request.teacher_id is None
        for index in indices:
            if index in taken:
                continue
            meeting = meetings[index]
            if meeting.minutes < shortest or (calm and not meeting.calm) or (earliest is not None and meeting.day < earliest):
                continue
            if anywhere or self._is_free(meeting, lesson, part):
                return index
        return None

    def _is_free(self, meeting: Meeting, lesson: Wanted, part: int) -> bool:
        """Say whether the teacher has nothing else then, as `Diary.is_free` does; asked for every meeting of a busy teacher."""
        held = self._busy.get(meeting.day)
        if held is None:
            return True
        begins = meeting.begins
        ends = begins + min(length_of(lesson, part), meeting.minutes)
        joint = _joint(meeting, lesson, part) if meeting.joint else None
        for begin, end, name in held:  # noqa: SIM110 - twice as fast
            if end > begins and begin < ends and (joint is None or joint != name):
                return False
        return True

    def _reason(self, lesson: Wanted, part: int, number: int) -> WhyUnplaced:
        """Give the first condition that leaves no meeting."""
        low, _, _, last = self._bounds(lesson, number)
        if low >= len(self._ats):
            return WhyUnplaced.YEAR_IS_FULL if self._first < len(self._ats) else WhyUnplaced.NO_MEETING_DAY
        free = [self._meetings[index] for index in range(low, last) if index not in self._taken]
        if not free:
            return WhyUnplaced.YEAR_IS_FULL if last > low else WhyUnplaced.WAITS_FOR_EARLIER
        fits = [one for one in free if one.minutes >= shortest_meeting(lesson, part)]
        if not fits:
            return WhyUnplaced.TOO_SHORT
        earliest = self._request.earliest.get(lesson.module_id) if lesson.sensitive else None
        noticed = [one for one in fits if earliest is None or one.day >= earliest]
        if not noticed:
            return WhyUnplaced.LEAD_TIME
        calm = lesson.sensitive and not self._request.any_time
        return WhyUnplaced.TEACHER_BUSY if not calm or any(one.calm for one in noticed) else WhyUnplaced.NO_CALM_DAY


def _joint(meeting: Meeting, lesson: Wanted, part: int) -> object:
    return joint_name(meeting.day, meeting.starts_at, (lesson.module_id, lesson.lesson_number, part))
