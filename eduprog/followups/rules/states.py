"""States of a follow-up and reasons for its end, as closed lists."""

from __future__ import annotations

from enum import StrEnum


class FollowUpState(StrEnum):
    """Where a follow-up stands; overdue is not stored, it follows from the day."""

    DUE = "due"
    DONE = "done"
    SKIPPED = "skipped"
    WITHDRAWN = "withdrawn"


class EndReason(StrEnum):
    """Why a follow-up was skipped or withdrawn: a closed list, never a child's affairs."""

    NO_TIME = "no_time"
    CLASS_OUT = "class_out"
    COVERED_ELSEWHERE = "covered_elsewhere"
    NOT_RIGHT_FOR_CLASS = "not_right_for_class"
    DELIVERY_UNDONE = "delivery_undone"
    MODULE_RETIRED = "module_retired"
    CLASS_ENDED = "class_ended"
    LEFT_SCHOOL = "left_school"
    CARRIED_OVER = "carried_over"
