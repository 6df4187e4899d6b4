"""How long a lesson or a part of it takes, and the shortest meeting that will still do."""

from __future__ import annotations

from eduprog.planning.rules.wanted import Wanted

LESSON_MAY_BE_CUT_BY = 10
"""Minutes by which a meeting may be shorter than a whole lesson before it is split."""
PART_MAY_BE_CUT_BY = 5


def length_of(lesson: Wanted, part: int) -> int:
    """Give the minutes of a part of a lesson; part 0 is the whole."""
    return lesson.parts[part - 1] if part else lesson.minutes


def shortest_meeting(lesson: Wanted, part: int) -> int:
    """Give the minutes of the shortest meeting it may have."""
    return length_of(lesson, part) - (PART_MAY_BE_CUT_BY if part else LESSON_MAY_BE_CUT_BY)
