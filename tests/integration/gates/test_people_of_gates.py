"""Who is there for safeguarding on a day, and who is trained: recorded, shown, taken away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from eduprog.core import clock
from eduprog.core.db import session, transaction
from eduprog.core.errors import NotHere
from eduprog.core.permissions import Role, person
from eduprog.core.tenancy import school_scope
from eduprog.gates import actions, queries
from eduprog.gates.actions import DaysOver, DeputyThere
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.scenes import Scene, a_planned_school

TODAY = date(2026, 9, 8)
NOW = datetime(2026, 9, 8, 8, 0, tzinfo=UTC)


@pytest.fixture
def scene(app: Flask) -> Iterator[Scene]:
    clock.set_offset(NOW - (clock.now() - clock.offset()))
    yield a_planned_school()
    clock.set_offset(timedelta(0))


def _deputy(scene: Scene, first: date, last: date, name: str = "Mrs Bell") -> int:
    with transaction():
        return actions.add_deputy(
            name=name, place="Room 4", first_day=first, last_day=last, by=person(scene.lead_id), now=NOW, today=TODAY
        ).id


def test_on_a_deputys_days_the_deputy_is_named_and_on_others_the_lead(scene: Scene) -> None:
    with school_scope(scene.school_id):
        first, last = TODAY + timedelta(days=1), TODAY + timedelta(days=3)
        one = _deputy(scene, first, last)
        assert _deputy(scene, first, last) == one
        assert [queries.lead_on(TODAY + timedelta(days=n)).name for n in range(5)] == ["", "Mrs Bell", "Mrs Bell", "Mrs Bell", ""]
        assert queries.lead_on(first).until == last
        with pytest.raises(DeputyThere):
            _deputy(scene, first, last, name="Mr Cole")
        with pytest.raises(DaysOver):
            _deputy(scene, TODAY - timedelta(days=3), TODAY - timedelta(days=1))
        with pytest.raises(DaysOver):
            _deputy(scene, last, first)
        with transaction():
            actions.remove_deputy(deputy_id=one, by=person(scene.lead_id), now=NOW)
        assert queries.deputies(TODAY) == []
        with pytest.raises(NotHere), transaction():
            actions.remove_deputy(deputy_id=one, by=person(scene.lead_id), now=NOW)


def test_the_lead_enters_a_deputy_and_every_teacher_sees_it(app: Flask, scene: Scene) -> None:
    lead = make_person(name="Grace Obi", school_id=scene.school_id, roles=(Role.SAFEGUARDING_LEAD,))
    browser, teacher = Browser(app), Browser(app)
    sign_in(browser, lead, scene.school_id)
    sign_in(teacher, scene.teacher_id, scene.school_id)
    page = browser.get("/sensitive-lessons/people")
    assert "LeadOnDay" not in page.words
    days = {"first_day": TODAY.isoformat(), "last_day": (TODAY + timedelta(days=1)).isoformat()}
    assert browser.submit(page, "/sensitive-lessons/deputies", name="", **days).status == 422
    wrong = browser.submit(
        page, "/sensitive-lessons/deputies", name="Mrs Bell", first_day=days["last_day"], last_day=days["first_day"]
    )
    assert "The last day must not be before the first day" in wrong.words
    saved = browser.submit(page, "/sensitive-lessons/deputies", name="Mrs Bell", place="Room 4", **days)
    assert "Today: Mrs Bell, Room 4, deputy until Wednesday 9 September." in saved.words
    assert "Safeguarding today: Mrs Bell, Room 4 (deputy until Wednesday 9 September)." in teacher.get("/my-week").words
    assert "DSL: Mrs Bell until Wed 9 Sep" in teacher.get("/my-week").words  # on the card of the day's lesson
    away = browser.submit(saved, "/sensitive-lessons/deputies/removal")
    assert "Those days are taken away." in away.words
    assert "Mrs Bell" not in teacher.get("/my-week").words


def test_training_is_recorded_once_and_taken_back(app: Flask, scene: Scene) -> None:
    browser = Browser(app)
    sign_in(browser, scene.lead_id, scene.school_id)
    page = browser.get("/sensitive-lessons/people")
    browser.post(
        "/sensitive-lessons/trained-teachers",
        {**page.form("/sensitive-lessons/trained-teachers"), "person_id": str(scene.teacher_id), "trained": "y"},
    )
    session().rollback()
    with school_scope(scene.school_id):
        assert queries.trained_teachers() == {scene.teacher_id}
        with transaction():
            actions.say_trained(person_id=scene.teacher_id, trained=True, by=person(scene.lead_id), now=NOW)
            actions.say_trained(person_id=scene.teacher_id, trained=False, by=person(scene.lead_id), now=NOW)
        assert queries.trained_teachers() == frozenset()
        stranger = make_person(name="From elsewhere")
        with pytest.raises(NotHere), transaction():
            actions.say_trained(person_id=stranger, trained=True, by=person(scene.lead_id), now=NOW)
