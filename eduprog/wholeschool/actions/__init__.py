"""Plan acts, change them, say what became of them."""

from eduprog.wholeschool.actions.planning import (
    ActChanged,
    DayOutsideYear,
    NoHalfTerms,
    NotOnTheStaff,
    change_act,
    plan_act,
    plan_suggested,
)
from eduprog.wholeschool.actions.settling import AlreadySettled, NotYet, drop_act, finish_act, reopen_act

__all__ = [
    "ActChanged", "AlreadySettled", "DayOutsideYear", "NoHalfTerms", "NotOnTheStaff", "NotYet", "change_act", "drop_act",
    "finish_act", "plan_act", "plan_suggested", "reopen_act",
]  # fmt: skip
