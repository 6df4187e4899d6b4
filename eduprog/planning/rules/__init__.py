"""Which meeting each lesson of a year gets, and what to say of those that get none."""

from __future__ import annotations

from eduprog.planning.rules.advice import scheme_warnings, what_is_lost
from eduprog.planning.rules.alike import Placed, Placer
from eduprog.planning.rules.diary import Diary, joint_name
from eduprog.planning.rules.kinds import PlanOption, PlanState, RunKind, WhyUnplaced
from eduprog.planning.rules.meetings import (
    DropDown,
    Meeting,
    OpenDay,
    SlotTime,
    joined,
    meetings_of,
    meetings_of_slot,
    minute_of,
    open_days,
    slots_used,
)
from eduprog.planning.rules.placing import ClassRequest, Place, place_class
from eduprog.planning.rules.standing import Standing
from eduprog.planning.rules.wanted import (
    BLOCK_ORDER,
    LEAD_DAYS,
    Wanted,
    earliest_day,
    ends_lesson,
    is_plannable,
    is_sensitive,
    lead_days,
    part_minutes,
    scheme_year,
    steps_of_part,
    wanted_lessons,
    years_followed,
)

__all__ = [
    "BLOCK_ORDER",
    "LEAD_DAYS",
    "ClassRequest",
    "Diary",
    "DropDown",
    "Meeting",
    "OpenDay",
    "Place",
    "Placed",
    "Placer",
    "PlanOption",
    "PlanState",
    "RunKind",
    "SlotTime",
    "Standing",
    "Wanted",
    "WhyUnplaced",
    "earliest_day",
    "ends_lesson",
    "is_plannable",
    "is_sensitive",
    "joined",
    "joint_name",
    "lead_days",
    "meetings_of",
    "meetings_of_slot",
    "minute_of",
    "open_days",
    "part_minutes",
    "place_class",
    "scheme_warnings",
    "scheme_year",
    "slots_used",
    "steps_of_part",
    "wanted_lessons",
    "what_is_lost",
    "years_followed",
]
