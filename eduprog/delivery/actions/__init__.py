"""Record lessons, change and undo records, let somebody stand in, and the DSL's "see me first"."""

from eduprog.delivery.actions.changing import change_day, undo_delivery
from eduprog.delivery.actions.covering import (
    LinkOver,
    NoLinkYet,
    NothingInstead,
    NotTrained,
    PlanChanged,
    Swapped,
    arrange_cover,
    lesson_of_link,
    make_link,
    record_by_link,
    revoke_link,
    swap_for_cover,
)
from eduprog.delivery.actions.looking import SeeLeadFirst, ask_first, clear_look
from eduprog.delivery.actions.recording import (
    AlreadyRecorded,
    JointSession,
    NoSuchStep,
    NotPlanned,
    NotTheSameLesson,
    TaughtInFuture,
    record_delivery,
    record_joint_session,
    record_not_taught,
)

__all__ = [
    "AlreadyRecorded",
    "JointSession",
    "LinkOver",
    "NoLinkYet",
    "NoSuchStep",
    "NotPlanned",
    "NotTheSameLesson",
    "NotTrained",
    "NothingInstead",
    "PlanChanged",
    "SeeLeadFirst",
    "Swapped",
    "TaughtInFuture",
    "arrange_cover",
    "ask_first",
    "change_day",
    "clear_look",
    "lesson_of_link",
    "make_link",
    "record_by_link",
    "record_delivery",
    "record_joint_session",
    "record_not_taught",
    "revoke_link",
    "swap_for_cover",
    "undo_delivery",
]
