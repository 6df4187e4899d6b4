"""Create follow-ups from a delivery, move them with it, carry them into the next year, finish, stop and mend them."""

from eduprog.followups.actions import counting
from eduprog.followups.actions.carrying import CarriedOver, carry_over, undo_carry_over
from eduprog.followups.actions.doing import (
    SKIP_REASONS,
    FollowUpEnded,
    NotAReason,
    complete_follow_up,
    skip_follow_up,
    undo_follow_up,
)
from eduprog.followups.actions.mending import classes_missing, mend, mend_carried, stop_retired
from eduprog.followups.actions.placing import windows_for
from eduprog.followups.actions.scheduling import (
    AlreadyScheduled,
    classes_off_timetable,
    clear_days,
    hand_on_unplaced,
    keep_to_timetable,
    move_with,
    schedule,
    stop_with_class,
    withdraw,
)

__all__ = [
    "SKIP_REASONS",
    "AlreadyScheduled",
    "CarriedOver",
    "FollowUpEnded",
    "NotAReason",
    "carry_over",
    "classes_missing",
    "classes_off_timetable",
    "clear_days",
    "complete_follow_up",
    "counting",
    "hand_on_unplaced",
    "keep_to_timetable",
    "mend",
    "mend_carried",
    "move_with",
    "schedule",
    "skip_follow_up",
    "stop_retired",
    "stop_with_class",
    "undo_carry_over",
    "undo_follow_up",
    "windows_for",
    "withdraw",
]
