"""Does a snow day move what stood on it, and nothing else?"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from eduprog.core.db import transaction
from eduprog.core.tenancy import school_scope
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.delivery import actions as delivery
from eduprog.delivery import queries as delivery_queries
from eduprog.delivery.rules import LessonOutcome
from eduprog.followups import queries as followups
from eduprog.planning import queries as planning
from eduprog.school import queries as school
from eduprog.school.actions import AlreadyClosed
from eduprog.school.rules import ClosureKind
from eduprog.tallies import actions as tallies
from eduprog.yearcycle import actions
from tests.support.scenes import SET_UP, a_planned_school

TAUGHT = date(2026, 11, 24)
SNOW = date(2026, 12, 1)
NOW = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)


def test_a_snow_day_moves_follow_ups_by_the_rule_and_lessons_to_the_next_meeting(app: Flask) -> None:
    scene = a_planned_school(years=(YearGroup.Y1,))
    with school_scope(scene.school_id):
        lesson_id = planning.lessons_of_class(scene.group_ids["Y1"])[0].id
        with transaction():
            taught = delivery.record_delivery(
                planned_lesson_id=lesson_id,
                taught_on=TAUGHT,
                outcome=LessonOutcome.AS_PLANNED,
                by=scene.teacher,
                now=NOW,
                today=NOW.date(),
            ).id
        assert followups.of_delivery(taught)[0].due_on == SNOW
        waiting = [
            lesson
            for lesson in planning.lessons_of_class(scene.group_ids["Y1"])
            if lesson.planned_on and lesson.planned_on >= SNOW
        ]
        with transaction():
            report = actions.close_school(days=[SNOW], kind=ClosureKind.SNOW, by=SET_UP, now=NOW, today=NOW.date())
        assert report.follow_ups == 1
        assert followups.of_delivery(taught)[0].due_on == date(2026, 12, 8)
        assert not school.calendar().is_open(SNOW)
        after = {lesson.id: lesson.planned_on for lesson in planning.lessons_of_class(scene.group_ids["Y1"])}
        for lesson in waiting:
            assert after[lesson.id] != SNOW
        assert after[lesson_id] is not None
        assert tallies.compare(delivery_queries.tally_facts()) == []


def test_a_day_cannot_be_closed_twice_and_then_nothing_moves(app: Flask) -> None:
    scene = a_planned_school(years=(YearGroup.Y1,))
    with school_scope(scene.school_id):
        with transaction():
            actions.close_school(days=[SNOW], kind=ClosureKind.SNOW, by=SET_UP, now=NOW, today=NOW.date())
        with pytest.raises(AlreadyClosed), transaction():
            actions.close_school(days=[date(2026, 12, 2), SNOW], kind=ClosureKind.SNOW, by=SET_UP, now=NOW, today=NOW.date())
        assert [closure.day for closure in school.closures()] == [SNOW]
