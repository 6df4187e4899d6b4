"""What a class of next year is made of, and how far the set-up of a school is: without a database or a clock."""

from __future__ import annotations

from eduprog.yearcycle.rules.rolling import NextClass, OldClass, leavers, propose
from eduprog.yearcycle.rules.set_up import SetUpFacts, Step, StepState, is_set_up, steps_of

__all__ = [
    "NextClass",
    "OldClass",
    "SetUpFacts",
    "Step",
    "StepState",
    "is_set_up",
    "leavers",
    "propose",
    "steps_of",
]
