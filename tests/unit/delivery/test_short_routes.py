"""Does the short route of every lesson keep what nobody should miss, and is it short?"""

from __future__ import annotations

from pathlib import Path

import pytest

from eduprog.core import paths
from eduprog.curriculum.loader import load_curriculum
from eduprog.curriculum.schema import Lesson
from eduprog.curriculum.vocabulary import Purpose
from eduprog.delivery.rules import short_route


@pytest.fixture(scope="module")
def lessons(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Lesson]]:
    cache: Path = tmp_path_factory.mktemp("cache")
    modules = load_curriculum(paths.LESSONS, cache=cache).modules.values()
    return [(f"{module.id}/{lesson.number}", lesson) for module in modules for lesson in module.lessons]


def test_every_short_route_has_rules_practice_check_and_help_in_order_and_takes_less_time(
    lessons: list[tuple[str, Lesson]],
) -> None:
    assert len(lessons) > 50
    for name, lesson in lessons:
        route = short_route(lesson)
        kinds = [step.purpose for step in route]
        assert kinds[0] is Purpose.GROUND_RULES, name
        assert kinds[-1] is Purpose.HELP_CARD, name
        assert {Purpose.REHEARSAL, Purpose.EXIT_CHECK} <= set(kinds), name
        assert [step.number for step in route] == sorted({step.number for step in route}), name
        assert sum(step.minutes for step in route) < lesson.minutes, name


def test_a_rehearsal_brings_the_step_that_leads_out_of_it(lessons: list[tuple[str, Lesson]]) -> None:
    led_out = 0
    for name, lesson in lessons:
        by_number = {step.number: step for step in lesson.steps}
        for step in short_route(lesson):
            after = by_number.get(step.number + 1)
            if step.purpose is Purpose.REHEARSAL and after is not None and after.purpose is Purpose.DEBRIEF:
                assert after in short_route(lesson), name
                led_out += 1
    assert led_out
