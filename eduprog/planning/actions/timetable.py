"""What stands in a timetable that changes: lessons whose meeting is no more move to one that is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from eduprog.core.db import session
from eduprog.core.permissions import Actor
from eduprog.planning import queries
from eduprog.planning.actions.moves import move_on
from eduprog.planning.actions.openings import meetings_in_year
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState
from eduprog.school import queries as school


def lessons_in_meetings(*, group_id: int, today: date) -> list[int]:
    """Give the lessons of a class, still to be taught from a day on, that stand where its timetable has a meeting.

    What somebody put outside the timetable by hand is not among them. Raises NotHere.
    """
    return [lesson.id for lesson in _ahead(group_id, today) if _moment(lesson) in _moments(group_id)]


def move_off_lost_meetings(*, group_id: int, planned_lesson_ids: Collection[int], by: Actor, now: datetime, today: date) -> int:
    """Move those of these lessons whose class no longer meets when they stand: to its first free meeting from the Monday of
    that week on, in the order they stood, never before today. Gives how many. Raises NotHere.
    """
    moments, moved = _moments(group_id), 0
    for planned_lesson_id in [lesson.id for lesson in _ahead(group_id, today) if _moment(lesson) not in moments]:
        if planned_lesson_id in planned_lesson_ids:
            after = _first_day(_ahead(group_id, today), planned_lesson_id, today) - timedelta(days=1)
            move_on(planned_lesson_id=planned_lesson_id, after=after, by=by, now=now)
            session().flush()
            moved += 1
    return moved


def _ahead(group_id: int, today: date) -> list[PlannedLesson]:
    return [
        lesson
        for lesson in queries.lessons_of_class(group_id)
        if lesson.state is PlanState.PLANNED
        and not lesson.recorded
        and lesson.planned_on is not None
        and lesson.planned_on >= today
    ]


def _moments(group_id: int) -> set[tuple[date, object]]:
    return {(meeting.day, meeting.starts_at) for meeting in meetings_in_year(school.teaching_group(group_id))}


def _moment(lesson: PlannedLesson) -> tuple[date | None, object]:
    return (lesson.planned_on, lesson.starts_at)


def _first_day(in_order: Sequence[PlannedLesson], planned_lesson_id: int, today: date) -> date:
    """Give the first day a lesson may move to: in its week, and after the lesson that stands before it."""
    number = next(place for place, lesson in enumerate(in_order) if lesson.id == planned_lesson_id)
    stands = in_order[number].planned_on
    assert stands is not None
    monday = stands - timedelta(days=stands.weekday())
    before = in_order[number - 1].planned_on if number else None
    return max(today, monday, before + timedelta(days=1) if before else today)
