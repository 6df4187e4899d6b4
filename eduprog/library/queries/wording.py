"""The wordings a school has of a lesson: every one that was saved, newest first."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.library.models import LessonWording


def wordings(module_id: str, lesson_number: int) -> Sequence[LessonWording]:
    """Give every wording of a lesson, newest first."""
    asked = select(LessonWording).where(LessonWording.module_id == module_id, LessonWording.lesson_number == lesson_number)
    return session().scalars(asked.order_by(LessonWording.number.desc())).all()


def wording(module_id: str, lesson_number: int, number: int) -> LessonWording:
    """Give one wording. Raises NotHere."""
    found = next((row for row in wordings(module_id, lesson_number) if row.number == number), None)
    if found is None:
        raise NotHere
    return found


def latest_number(module_id: str, lesson_number: int) -> int:
    """Give the number of the newest wording of a lesson, 0 without any."""
    asked = select(func.max(LessonWording.number)).where(
        LessonWording.module_id == module_id, LessonWording.lesson_number == lesson_number
    )
    return session().scalar(asked) or 0
