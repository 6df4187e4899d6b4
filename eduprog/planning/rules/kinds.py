"""States of a planned lesson, why one has no day, and what can be done about it."""

from __future__ import annotations

from enum import StrEnum


class PlanState(StrEnum):
    """Where an intention stands. Taught or not is the delivery's to say."""

    PLANNED = "planned"
    UNPLACED = "unplaced"
    WITHDRAWN = "withdrawn"


class RunKind(StrEnum):
    """What a planning run was asked to do: add what is missing, or place anew whatever may move."""

    ADD = "add"
    AGAIN = "again"


class PlanOption(StrEnum):
    """What somebody can do about a lesson that found no day."""

    OTHER_BLOCK = "other_block"
    DROP_DOWN_DAY = "drop_down_day"
    NEXT_YEAR = "next_year"
    MORE_TIME = "more_time"
    ANY_TIME = "any_time"
    BY_HAND = "by_hand"
    MEET_GATE = "meet_gate"
    COVER = "cover"

    @property
    def sentence(self) -> str:
        """Give the words a page shows."""
        return _OPTION_SENTENCES[self]


_OPTION_SENTENCES = {
    PlanOption.OTHER_BLOCK: "Move its module to another half-term in the scheme of work.",
    PlanOption.DROP_DOWN_DAY: "Add a drop-down day for the year group.",
    PlanOption.NEXT_YEAR: "Leave it to next year.",
    PlanOption.MORE_TIME: "Give the class more or longer meetings in its timetable.",
    PlanOption.ANY_TIME: "Let sensitive lessons stand at the end of a week and before a break for this class.",
    PlanOption.BY_HAND: "Choose a day for it by hand.",
    PlanOption.MEET_GATE: "Record the conditions of the sensitive lesson as met, then plan again.",
    PlanOption.COVER: "Name somebody to cover one of the lessons that stand at the same time.",
}


class WhyUnplaced(StrEnum):
    """Why a lesson has no day."""

    NO_MEETING_DAY = "no_meeting_day"
    YEAR_IS_FULL = "year_is_full"
    TOO_SHORT = "too_short"
    TEACHER_BUSY = "teacher_busy"
    LEAD_TIME = "lead_time"
    NO_CALM_DAY = "no_calm_day"
    WAITS_FOR_EARLIER = "waits_for_earlier"
    NO_FREE_MEETING = "no_free_meeting"
    NEXT_YEAR = "next_year"

    @property
    def sentence(self) -> str:
        """Give the words a page shows."""
        return _WHY[self][0]

    @property
    def options(self) -> tuple[PlanOption, ...]:
        """Give what can be done about it, the likeliest first."""
        return _WHY[self][1]


_ROOM = (PlanOption.DROP_DOWN_DAY, PlanOption.OTHER_BLOCK, PlanOption.MORE_TIME, PlanOption.NEXT_YEAR)
_WHY: dict[WhyUnplaced, tuple[str, tuple[PlanOption, ...]]] = {
    WhyUnplaced.NO_MEETING_DAY: (
        "The class has no meeting in its timetable on an open day that is still to come.",
        (PlanOption.MORE_TIME, PlanOption.DROP_DOWN_DAY, PlanOption.NEXT_YEAR),
    ),
    WhyUnplaced.YEAR_IS_FULL: ("No meeting of the year is left after the lessons it comes after.", _ROOM),
    WhyUnplaced.TOO_SHORT: (
        "The meetings that are left are too short for it, and it has no checked parts that fit.",
        (PlanOption.MORE_TIME, PlanOption.DROP_DOWN_DAY, PlanOption.BY_HAND, PlanOption.NEXT_YEAR),
    ),
    WhyUnplaced.TEACHER_BUSY: (
        "In every meeting that is left the teacher has another class at the same time.",
        (PlanOption.COVER, *_ROOM),
    ),
    WhyUnplaced.LEAD_TIME: (
        "It is a sensitive lesson, and no meeting is left after the notice that its conditions need.",
        (PlanOption.MEET_GATE, PlanOption.DROP_DOWN_DAY, PlanOption.NEXT_YEAR),
    ),
    WhyUnplaced.NO_CALM_DAY: (
        "It is a sensitive lesson, and every meeting that is left is the last of a week or just before a break.",
        (PlanOption.ANY_TIME, PlanOption.DROP_DOWN_DAY, PlanOption.BY_HAND, PlanOption.NEXT_YEAR),
    ),
    WhyUnplaced.WAITS_FOR_EARLIER: (
        "It builds on a lesson that has no day itself, or for which no day before it is left.",
        (PlanOption.BY_HAND, PlanOption.DROP_DOWN_DAY, PlanOption.NEXT_YEAR),
    ),
    WhyUnplaced.NO_FREE_MEETING: ("The class has no free meeting left this year.", (PlanOption.BY_HAND, *_ROOM)),
    WhyUnplaced.NEXT_YEAR: ("It was left to next year.", (PlanOption.BY_HAND, PlanOption.DROP_DOWN_DAY)),
}
