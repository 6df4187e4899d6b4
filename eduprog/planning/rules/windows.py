"""Where in a class's meetings each half-term lies, and where in it each module would best begin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from eduprog.planning.rules.lengths import LESSON_MAY_BE_CUT_BY
from eduprog.planning.rules.meetings import Meeting
from eduprog.planning.rules.wanted import Wanted
from eduprog.school.rules import HalfTermBlock

Window = tuple[int, int]
"""The index of the first meeting, and the one after the last."""


def windows_by_block(meetings: Sequence[Meeting], *, carousel: bool) -> dict[HalfTermBlock, Window]:
    """Give the window of each half-term; a carousel is one window."""
    count = len(meetings)
    if carousel:
        return dict.fromkeys(HalfTermBlock, (0, count))
    starts: dict[HalfTermBlock, int] = {}
    before: HalfTermBlock | None = None
    for index, meeting in enumerate(meetings):
        if meeting.block is not before:
            before = meeting.block
            starts[before] = index
    windows, end = dict[HalfTermBlock, Window](), count
    for block in reversed(HalfTermBlock):
        windows[block] = (starts.get(block, end), end)
        end = windows[block][0]
    return windows


def ideal_starts(
    wanted: Iterable[Wanted], minutes: Sequence[int], windows: Mapping[HalfTermBlock, Window], first: int
) -> dict[str, int]:
    """Spread the modules of a half-term evenly over its meetings from `first` on, so that a lesson that slips has room.

    `minutes` are the lengths of the meetings, one each; `windows` those of the half-terms.
    """
    length = _usual(minutes) + LESSON_MAY_BE_CUT_BY
    by_window: dict[Window, dict[str, int]] = {}
    block: HalfTermBlock | None = None
    pieces: dict[str, int] = {}
    for lesson in wanted:
        if lesson.block is not block:
            block = lesson.block
            pieces = by_window.setdefault(windows[block], {})
        needed = len(lesson.parts) if lesson.minutes > length and lesson.parts else 1
        module_id = lesson.module_id
        pieces[module_id] = pieces[module_id] + needed if module_id in pieces else needed
    ideal: dict[str, int] = {}
    for (start, end), pieces in by_window.items():
        start = max(start, first)
        slack, before = max(0, end - start - sum(pieces.values())), 0
        for number, (module_id, needed) in enumerate(pieces.items()):
            ideal[module_id] = start + before + slack * number // len(pieces)
            before += needed
    return ideal


def _usual(minutes: Sequence[int]) -> int:
    """Give the length most meetings have; 0 if there is none."""
    if not minutes or minutes.count(minutes[0]) == len(minutes):
        return minutes[0] if minutes else 0
    return Counter(minutes).most_common(1)[0][0]
