"""The smallest valid rows of plans."""

from __future__ import annotations

from datetime import date
from typing import Any

from eduprog.core import clock
from eduprog.planning.models import PlannedLesson
from eduprog.school.rules import HalfTermBlock


def a_planned_lesson(teaching_group_id: int, **changes: Any) -> PlannedLesson:
    """The first lesson of a module, on a day."""
    return PlannedLesson(
        **{
            "teaching_group_id": teaching_group_id, "module_id": "K1-C1", "lesson_number": 1, "block": HalfTermBlock.AUTUMN_1,
            "planned_on": date(2026, 9, 8), "planned_at": clock.now(), **changes,
        }
    )  # fmt: skip
