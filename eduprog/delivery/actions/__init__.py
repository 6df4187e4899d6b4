"""Record that a lesson was taught, adapted, part taught or not taught; change and undo it."""

from eduprog.delivery.actions.changing import change_day, undo_delivery
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
    "NoSuchStep",
    "NotPlanned",
    "NotTheSameLesson",
    "TaughtInFuture",
    "change_day",
    "record_delivery",
    "record_joint_session",
    "record_not_taught",
    "undo_delivery",
]
