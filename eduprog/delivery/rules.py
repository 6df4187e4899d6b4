"""What a recorded lesson counts for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from enum import StrEnum

from eduprog.core import crypto
from eduprog.curriculum.schema import Lesson, LessonModule, Step
from eduprog.curriculum.vocabulary import Gate, Purpose
from eduprog.planning.rules import ends_lesson

LINK_DAYS_AHEAD = timedelta(days=7)
SUPPLY_LINK = "supply-lesson"


class LessonOutcome(StrEnum):
    """What became of a lesson. The last one makes no delivery."""

    AS_PLANNED = "as_planned"
    ADAPTED = "adapted"
    PART_TAUGHT = "part_taught"
    NOT_TAUGHT = "not_taught"


class NotTaughtReason(StrEnum):
    """Why a lesson was not taught: a closed list."""

    STAFF_ABSENT = "staff_absent"
    TIME_TAKEN = "time_taken"
    CLASS_OUT = "class_out"
    SCHOOL_CLOSED = "school_closed"
    NOT_READY = "not_ready"
    POSTPONED_ON_ADVICE = "postponed_on_advice"


class LessonState(StrEnum):
    """How far a planned lesson has got, its make-good lessons included."""

    NOT_TAUGHT = "not_taught"
    PART = "part"
    DELIVERED = "delivered"


def state_of(fully: Iterable[bool]) -> LessonState:
    """Give the state of a planned lesson from its standing deliveries: whether each taught it fully or in part."""
    deliveries = list(fully)
    if any(deliveries):
        return LessonState.DELIVERED
    return LessonState.PART if deliveries else LessonState.NOT_TAUGHT


def state_over_parts(parts: Iterable[Iterable[bool]]) -> LessonState:
    """Give the state of a lesson taught in parts (or in one): delivered when every part is."""
    states = [state_of(part) for part in parts]
    if states and all(state is LessonState.DELIVERED for state in states):
        return LessonState.DELIVERED
    return LessonState.NOT_TAUGHT if all(state is LessonState.NOT_TAUGHT for state in states) else LessonState.PART


def short_route(lesson: Lesson) -> list[Step]:
    """Give the steps of a lesson not to be missed, in order: ground rules, rehearsal and coming out of it, check, help card.

    It is for whoever missed the lesson, or for a lesson that found no meeting; recorded, it counts as adapted with these steps.
    """
    first = {Purpose.GROUND_RULES, Purpose.REHEARSAL, Purpose.EXIT_CHECK}
    chosen: list[Step] = []
    for step in lesson.steps[:-1]:
        follows = step.purpose is Purpose.DEBRIEF and bool(chosen) and chosen[-1].number == step.number - 1
        if step.purpose in first or follows:
            chosen.append(step)
            first.discard(step.purpose)  # of each kind the first; a rehearsal brings the step that leads out of it
    return [*chosen, lesson.steps[-1]]  # every lesson ends with the help card


def minutes_taught(lesson: Lesson, steps: Collection[int]) -> int:
    """Give the minutes of the steps done; of the whole lesson if none are named."""
    if not steps:
        return lesson.minutes
    return sum(step.minutes for step in lesson.steps if step.number in steps)


def ends_module(module: LessonModule, number: int, part: int) -> bool:
    """Say whether a module is over with this lesson; where lessons are taught in parts, with the last part of its last lesson."""
    return is_last_lesson((known.number for known in module.lessons), number) and ends_lesson(module, number, part)


def is_last_lesson(lesson_numbers: Iterable[int], number: int) -> bool:
    """Say whether this lesson is the one that ends its module."""
    return number == max(lesson_numbers)


def asks_for_training(module: LessonModule) -> bool:
    """Say whether only a trained teacher may take a module's lessons."""
    return Gate.G1 in module.gates


def link_opens(*, valid_on: date, planned_on: date | None, today: date) -> bool:
    """Say whether a one-day link opens: until its day is over, and while the lesson stands on that day."""
    return planned_on == valid_on and valid_on - LINK_DAYS_AHEAD <= today <= valid_on


def supply_token(school_id: int, link_id: int) -> str:
    """Give what the address of a one-day link holds. It names nobody and proves that we made it."""
    return crypto.sign(SUPPLY_LINK, [school_id, link_id])


def read_supply_token(token: str) -> tuple[int, int] | None:
    """Give the school and the link of an address; None if it is not ours."""
    try:
        school_id, link_id = crypto.unsign(SUPPLY_LINK, token)
    except (crypto.BadSignature, TypeError, ValueError):
        return None
    return int(school_id), int(link_id)
