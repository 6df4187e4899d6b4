"""Whether a planned lesson that is due and not delivered only waits for its record or has slipped."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from eduprog.coverage.rules.board import LessonRef, OpenLesson


class OpenRow(NamedTuple):
    """A planned lesson not delivered fully: its day, whether a part was taught, and the day of its make-good.

    `belongs_before` says that the half-term it belongs in is over.
    """

    planned_lesson_id: int
    module_id: str
    lesson_number: int
    day: date | None
    part_taught: bool
    make_good_day: date | None
    belongs_before: bool


def open_lesson(row: OpenRow, today: date) -> OpenLesson | None:
    """Judge a lesson; None for one that is not due, and for one whose rest has a day still to come: that is taken care of."""
    lesson = LessonRef(row.planned_lesson_id, row.module_id, row.lesson_number, row.day)
    if row.part_taught:
        if row.make_good_day is None:
            return OpenLesson(lesson, True, None)
        waits = row.make_good_day < today
        return OpenLesson(lesson._replace(day=row.make_good_day), False, None) if waits else None
    if row.day is None:
        return OpenLesson(lesson, True, None)
    if row.day < today:
        return OpenLesson(lesson, False, None)
    return OpenLesson(lesson, True, row.day) if row.belongs_before else None
