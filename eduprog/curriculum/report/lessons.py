"""What all lessons have in common: minutes that add up, pupils at work with each other, twins and splits."""

from __future__ import annotations

from collections.abc import Iterator

from eduprog.curriculum.checks.parts import LONGEST_PART, SHORTEST_PART
from eduprog.curriculum.reading import Reading
from eduprog.curriculum.schema import Lesson
from eduprog.curriculum.taught import heads_of, lessons_of
from eduprog.curriculum.vocabulary import Grouping, Purpose, Stage

_TOGETHER = (Grouping.PAIRS, Grouping.SMALL_GROUPS)
_NOT_SPLIT = (Stage.EY, Stage.K1)


def lesson_lines(reading: Reading) -> Iterator[str]:
    """Yield how many lessons add up, split, rehearse and have pupils talk to each other, and how many scenarios have twins."""
    lessons = [lesson for _, lesson in lessons_of(reading)]
    steps = [step for lesson in lessons for step in lesson.steps]
    minutes = sum(step.minutes for step in steps)
    together = sum(step.minutes for step in steps if step.grouping in _TOGETHER)
    share = round(100 * together / minutes) if minutes else 0
    add_up = sum(lesson.minutes == sum(step.minutes for step in lesson.steps) for lesson in lessons)
    yield f"Step minutes add up: {add_up} of {len(lessons)} lessons, {minutes} minutes in {len(steps)} steps."
    rehearse = sum(any(_is_rehearsal(lesson, index) for index in range(len(lesson.steps))) for lesson in lessons)
    yield f"Pupils rehearse with each other: {rehearse} of {len(lessons)} lessons; {share} % of all minutes in pairs or groups."
    to_split = [lesson for head, lesson in lessons_of(reading) if head.stage not in _NOT_SPLIT]
    split = sum(bool(lesson.splits) and all(_fits(part) for part in lesson.parts) for lesson in to_split)
    yield f"Lessons that split into parts of {SHORTEST_PART} to {LONGEST_PART} minutes: {split} of {len(to_split)}."
    twins = {head.id for head, lesson in lessons_of(reading) if any(one.offline != one.online for one in lesson.scenarios)}
    scenarios = sum(len(lesson.scenarios) for lesson in lessons)
    modules = len(heads_of(reading))
    yield f"Modules with an online and an offline scenario: {len(twins)} of {modules} ({scenarios} scenarios)."
    pairs = sum(len(head.check_pair) for head in heads_of(reading))
    yield f"Check pairs: {pairs} questions in {modules} modules. Exit questions: {sum(len(one.exit_check) for one in lessons)}."


def _is_rehearsal(lesson: Lesson, index: int) -> bool:
    step = lesson.steps[index]
    return step.purpose is Purpose.REHEARSAL and step.grouping in _TOGETHER


def _fits(part: tuple[object, ...]) -> bool:
    return SHORTEST_PART <= sum(getattr(step, "minutes", 0) for step in part) <= LONGEST_PART
