"""A founded school's plan, as far as the demo chooses by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Gate
from eduprog.demo.rules.choosing import Planned
from eduprog.planning import queries as planning
from eduprog.school import queries as school


def planned_lessons(group_ids: Sequence[int]) -> list[Planned]:
    """Give every lesson of these classes that has a day."""
    modules = catalogue.current().modules
    return [
        Planned(
            lesson.id, lesson.teaching_group_id, "/".join(year.value for year in lesson.teaching_group.year_groups),
            lesson.planned_on, Gate.G0 in modules[lesson.module_id].gates,
            lesson.lesson_number == len(modules[lesson.module_id].lessons),
        )
        for lesson in planning.lessons_of_classes(group_ids)
        if lesson.planned_on is not None
    ]  # fmt: skip


def meeting_days(group_ids: Sequence[int], first: date, last: date) -> Mapping[int, list[date]]:
    """Give the days of a span on which each class has lessons with us."""
    calendar = school.calendar()
    return {
        group.id: list(calendar.meeting_days(school.meeting_pattern(school.lesson_slots(group)), first, last))
        for group in school.groups_by_id(group_ids).values()
    }
