"""Only three things stop a lesson, and they stop it by every door: no notice of sex education, a hold, the closed pack."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import person
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Gate, YearGroup
from eduprog.delivery import actions as delivery
from eduprog.gates import actions
from eduprog.gates.rules import Condition, PauseScope
from eduprog.planning import queries as planning
from tests.support.page import Browser
from tests.support.people import sign_in
from tests.support.scenes import Scene, a_planned_school

DAY = date(2026, 9, 8)
SEX_EDUCATION, ASKS_ONLY, OPEN = "K4-C1", "K3-B2", "K1-C1"


@pytest.fixture
def scene(app: Flask) -> Iterator[Scene]:
    clock.set_offset(datetime.combine(DAY, time(8), UTC) - (clock.now() - clock.offset()))
    yield a_planned_school(years=(YearGroup.Y1, YearGroup.Y2, YearGroup.Y10))
    clock.set_offset(timedelta(0))


@pytest.fixture
def teacher(app: Flask, scene: Scene) -> Browser:
    browser = Browser(app)
    sign_in(browser, scene.teacher_id, school_id=scene.school_id)
    return browser


@pytest.fixture
def with_sex_education(app: Flask) -> Iterator[str]:
    """An open module of Year 1 as if it held sex education and asked for nothing else, so that anybody may be sent to it."""
    before = catalogue.ours()
    modules = tuple(one.model_copy(update={"gates": (Gate.W,)}) if one.id == OPEN else one for one in before.all_modules)
    fields = {name: getattr(before, name) for name in type(before).model_fields}
    catalogue.install(type(before).model_construct(**{**fields, "content_hash": "w", "all_modules": modules}))
    yield OPEN
    catalogue.install(before)


def _notice(scene: Scene, module_id: str, year: YearGroup) -> None:
    with school_scope(scene.school_id), transaction():
        actions.meet_condition(
            academic_year_id=scene.academic_year_id, module_id=module_id, year_group=year, condition=Condition.PARENT_NOTICE,
            by=person(scene.lead_id), now=clock.now(),
        )  # fmt: skip


def _teaches(browser: Browser, module_id: str) -> bool:
    return browser.status(f"/lessons/{module_id}/1/teach") == 200


def test_a_condition_that_only_warns_stops_nobody_at_the_board(teacher: Browser) -> None:
    assert Gate.G1 in catalogue.current().module(ASKS_ONLY).gates
    assert _teaches(teacher, ASKS_ONLY)
    assert _teaches(teacher, OPEN)


def test_sex_education_without_notice_is_not_put_on_the_board_without_a_class_either(teacher: Browser, scene: Scene) -> None:
    assert not _teaches(teacher, SEX_EDUCATION)
    page = teacher.get(f"/lessons/{SEX_EDUCATION}/1/teach")
    assert "Parents and carers have to be told before it" in page.words
    assert f"/lessons/{SEX_EDUCATION}/1/teach" not in page.links()
    assert f"/lessons/{SEX_EDUCATION}/1/plan.pdf" in page.links()
    _notice(scene, SEX_EDUCATION, YearGroup.Y10)
    assert _teaches(teacher, SEX_EDUCATION)
    assert f"/lessons/{SEX_EDUCATION}/1/teach" in teacher.get(f"/lessons/{SEX_EDUCATION}/1").links()


def test_a_year_group_on_hold_is_not_taught_by_way_of_no_class(teacher: Browser, scene: Scene) -> None:
    with school_scope(scene.school_id), transaction():
        actions.pause(scope=PauseScope.YEAR_GROUP, subject="Y1", by=person(scene.lead_id), now=clock.now())
    assert YearGroup.Y1 in catalogue.current().module(OPEN).years
    assert not _teaches(teacher, OPEN)
    assert "put a year group of this module on hold" in teacher.get(f"/lessons/{OPEN}/1").words
    assert _teaches(teacher, ASKS_ONLY)


def test_a_one_day_link_is_neither_made_nor_opened_without_notice(app: Flask, scene: Scene, with_sex_education: str) -> None:
    with school_scope(scene.school_id):
        planned = next(one for one in planning.lessons_of_class(scene.group_ids["Y1"]) if one.module_id == with_sex_education)
        day = planned.planned_on
        assert day is not None

        def make() -> int:
            with transaction():
                return delivery.make_link(
                    planned_lesson_id=planned.id, by=person(scene.lead_id), now=clock.now(), today=day
                ).id  # fmt: skip

        with pytest.raises(delivery.NoticeFirst):
            make()
        _notice(scene, with_sex_education, YearGroup.Y1)
        link = make()
        assert delivery.lesson_of_link(link, day).id == planned.id
        with transaction():
            actions.take_back(
                academic_year_id=scene.academic_year_id, module_id=with_sex_education, year_group=YearGroup.Y1,
                condition=Condition.PARENT_NOTICE, by=person(scene.lead_id), now=clock.now(),
            )  # fmt: skip
        with pytest.raises(delivery.LinkOver):
            delivery.lesson_of_link(link, day)
