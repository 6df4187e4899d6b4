"""Checks of the parts a lesson may be cut into for tutor time."""

from __future__ import annotations

import re

from eduprog.curriculum.checks.context import BOUNDS
from eduprog.curriculum.schema import Lesson, ModuleHead
from eduprog.curriculum.text.places import Places

SHORTEST_PART, LONGEST_PART = 18, 27
_RULES = re.compile(r"\b(rules?|pass|agreed|agreement)\b", re.IGNORECASE)
_CARD = re.compile(r"\bhelp card\b", re.IGNORECASE)


def check_parts(lesson: Lesson, places: Places, head: ModuleHead) -> None:
    """Note splits that are missing, wrong, too long or without ground rules and help card at their edges."""
    if not BOUNDS[head.stage].splits:
        if lesson.splits:
            places.fault_at(("splits",), f"Lessons of {head.stage} are not split; write `splits: []`.")
        return
    if not lesson.splits:
        places.fault_at(("splits",), "The lesson must split into parts of 20 to 25 minutes; name the steps to cut after.")
    elif not _in_order(lesson):
        places.fault_at(("splits",), f"Splits are step numbers from 1 to {len(lesson.steps) - 1}, rising, each once.")
    else:
        _check_lengths(lesson, places)
        _check_edges(lesson, places)


def _in_order(lesson: Lesson) -> bool:
    rising = list(lesson.splits) == sorted(set(lesson.splits))
    return rising and set(lesson.splits) <= set(range(1, len(lesson.steps)))


def _check_lengths(lesson: Lesson, places: Places) -> None:
    for number, part in enumerate(lesson.parts, start=1):
        minutes = sum(step.minutes for step in part)
        if not SHORTEST_PART <= minutes <= LONGEST_PART:
            sentence = (
                f"Part {number} has {minutes} minutes; cut so that each part has 20 to 25 ({SHORTEST_PART} to {LONGEST_PART})."
            )
            places.fault_at(("splits",), sentence)


def _check_edges(lesson: Lesson, places: Places) -> None:
    for split in lesson.splits:
        before, after = lesson.steps[split - 1], lesson.steps[split]
        if not _CARD.search(f"{before.do} {before.say} {before.board}"):
            sentence = "The lesson may be cut after this step, so it must point to the help card; say so in Do or Say."
            places.fault_at(("steps", split - 1), sentence)
        if not _RULES.search(_opening(after.say)):
            sentence = "The lesson may begin again at this step, so its first Say sentence must name the ground rules."
            places.fault_at(("steps", split, "say"), sentence)


def _opening(say: str) -> str:
    """Return the first paragraph of what is said: authors need a short sentence to greet before the rules."""
    return re.split(r"\n>?\s*\n", say, maxsplit=1)[0]
