"""Writes of data protection: what is old goes, a person is erased, what should not have been written is expunged."""

from eduprog.protection.actions.erasing import (
    HeldForNow,
    NothingHeld,
    StillWorksHere,
    WorkedElsewhere,
    erase_colleague,
    erase_contact,
    erase_person,
    forget_leavers,
)
from eduprog.protection.actions.expunging import NotFound, TooShort, expunge
from eduprog.protection.actions.holding import AlreadyHeld, lift_hold, place_hold
from eduprog.protection.actions.retiring import retire_old
from eduprog.protection.actions.tidying import tidy_storage

__all__ = [
    "AlreadyHeld", "HeldForNow", "NotFound", "NothingHeld", "StillWorksHere", "TooShort", "WorkedElsewhere", "erase_colleague",
    "erase_contact", "erase_person",
    "expunge", "forget_leavers", "lift_hold", "place_hold", "retire_old", "tidy_storage",
]  # fmt: skip
