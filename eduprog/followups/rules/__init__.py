"""The follow-up date rule: windows, placements and the cases `eduprog followups explain` answers."""

from __future__ import annotations

from eduprog.followups.rules.cases import Case, Fault, FaultyCase, answer, read_case, sentences
from eduprog.followups.rules.owing import Owing
from eduprog.followups.rules.placement import Choice, Placement, PlacementState, day_in_words
from eduprog.followups.rules.placing import (
    FollowUpHost,
    IsoWeek,
    OwedFollowUp,
    iso_week,
    place_follow_ups,
    place_in_order,
)
from eduprog.followups.rules.states import EndReason, FollowUpState
from eduprog.followups.rules.windows import (
    DEFAULT_WINDOWS,
    AnyWindow,
    NextYearWindow,
    Window,
    next_academic_year,
)

__all__ = [
    "DEFAULT_WINDOWS",
    "AnyWindow",
    "Case",
    "Choice",
    "EndReason",
    "Fault",
    "FaultyCase",
    "FollowUpHost",
    "FollowUpState",
    "IsoWeek",
    "NextYearWindow",
    "OwedFollowUp",
    "Owing",
    "Placement",
    "PlacementState",
    "Window",
    "answer",
    "day_in_words",
    "iso_week",
    "next_academic_year",
    "place_follow_ups",
    "place_in_order",
    "read_case",
    "sentences",
]
