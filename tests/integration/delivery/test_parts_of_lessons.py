"""A lesson taught in parts: are the steps of its own part on the board, and does each record ask for those alone?"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from eduprog.core.db import transaction
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.delivery import actions, queries
from eduprog.delivery.rules import LessonOutcome
from eduprog.planning import actions as planning
from eduprog.planning import queries as planning_queries
from tests.support.page import Browser
from tests.support.people import sign_in
from tests.support.scenes import a_planned_school

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def test_the_slides_the_notes_and_the_record_of_a_part_show_only_its_own_steps(app: Flask, browser: Browser) -> None:
    scene = a_planned_school(years=(YearGroup.Y7,))
    with school_scope(scene.school_id):
        modules = catalogue.current().modules
        lessons = planning_queries.lessons_of_class(scene.group_ids["Y7"])
        whole = next(one for one in lessons if len(modules[one.module_id].lessons[one.lesson_number - 1].parts) > 1)
        content = modules[whole.module_id].lessons[whole.lesson_number - 1]
        with transaction():
            made = planning.split_lesson(planned_lesson_id=whole.id, by=scene.teacher, now=NOW)
            second_id = made[1].id
        first, second = content.parts[:2]
        sign_in(browser, scene.teacher_id, scene.school_id)
        page = browser.get(f"/planned-lessons/{second_id}/record")
        assert all(f"{step.title} ({step.minutes} min)" in page.words for step in second)
        assert not any(f"{step.title} ({step.minutes} min)" in page.words for step in first)
        for address in (f"/planned-lessons/{second_id}/slides", f"/lessons/{whole.module_id}/{content.number}/notes?part=2"):
            shown = browser.get(address).words
            assert all(step.title.replace("'", "’") in shown for step in second)
            assert not any(step.title.replace("'", "’") in shown for step in first)
        facts = {"planned_lesson_id": second_id, "taught_on": TODAY, "by": scene.teacher, "now": NOW, "today": TODAY}
        with pytest.raises(actions.NoSuchStep), transaction():
            actions.record_delivery(**facts, outcome=LessonOutcome.ADAPTED, steps=[first[0].number])
        with transaction():
            actions.record_delivery(**facts, outcome=LessonOutcome.ADAPTED, steps=[second[0].number])
        recorded = queries.delivery(queries.of_planned_lessons([second_id])[second_id].id)
        assert (recorded.minutes, [step.step_number for step in recorded.steps]) == (second[0].minutes, [second[0].number])
