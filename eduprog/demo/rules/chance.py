"""What becomes of lessons and follow-ups, decided by a seed: the same seed, the same year."""

from __future__ import annotations

import random
from enum import StrEnum


class Fate(StrEnum):
    """What became of a lesson."""

    AS_PLANNED = "as_planned"
    ADAPTED = "adapted"
    PART_TAUGHT = "part_taught"
    NOT_TAUGHT = "not_taught"
    FORGOTTEN = "forgotten"


class FollowUpFate(StrEnum):
    """What became of a follow-up."""

    DONE = "done"
    LATE = "late"
    SKIPPED = "skipped"
    FORGOTTEN = "forgotten"


_LESSONS = ((Fate.AS_PLANNED, 76), (Fate.ADAPTED, 9), (Fate.PART_TAUGHT, 4), (Fate.NOT_TAUGHT, 6), (Fate.FORGOTTEN, 5))
_FOLLOW_UPS = ((FollowUpFate.DONE, 68), (FollowUpFate.LATE, 12), (FollowUpFate.SKIPPED, 9), (FollowUpFate.FORGOTTEN, 11))


def chance(*what: object) -> random.Random:
    """Give the dice for one thing, the same whenever and in whatever order it is asked for."""
    return random.Random(":".join(str(part) for part in what))


def fate_of_lesson(dice: random.Random) -> Fate:
    """Say what became of a lesson: of a hundred, 76 as planned, 5 never recorded."""
    return dice.choices([fate for fate, _ in _LESSONS], [weight for _, weight in _LESSONS])[0]


def fate_of_follow_up(dice: random.Random) -> FollowUpFate:
    """Say what became of a follow-up: of a hundred, 80 done, 11 still open."""
    return dice.choices([fate for fate, _ in _FOLLOW_UPS], [weight for _, weight in _FOLLOW_UPS])[0]
