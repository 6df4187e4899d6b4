"""Do lessons go on being recorded, and is none lost from the figures, while an operator makes these anew?"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from flask import Flask

from eduprog.core.db import session, transaction
from eduprog.core.permissions import command
from eduprog.core.tenancy import school_scope
from eduprog.delivery import actions, queries
from eduprog.delivery.models import Delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.planning import queries as planning
from eduprog.tallies import actions as tallies
from tests.conftest import FULL
from tests.support.scenes import Scene, a_planned_school

NOW = datetime(2027, 7, 20, 12, 0, tzinfo=UTC)
TIMES_ANEW = 60 if FULL else 8


def _record(scene: Scene, mine: list[int]) -> None:
    for lesson_id in mine:
        outcome = LessonOutcome.PART_TAUGHT if lesson_id % 4 == 0 else LessonOutcome.AS_PLANNED
        with transaction(), school_scope(scene.school_id):
            actions.record_delivery(
                planned_lesson_id=lesson_id, taught_on=NOW.date(), outcome=outcome, steps=[1], by=scene.teacher, now=NOW,
                today=NOW.date(),
            )  # fmt: skip


def _make_anew(scene: Scene) -> None:
    for _ in range(TIMES_ANEW):
        with transaction(), school_scope(scene.school_id):
            assert actions.rebuild_tallies(by=command("tallies"), now=NOW) == []


def _at_once(app: Flask, acts: Sequence[Callable[[], None]]) -> list[Exception]:
    """Do these in threads that begin together; give what went wrong."""
    gate, faults = threading.Barrier(len(acts)), []

    def run(act: Callable[[], None]) -> None:
        gate.wait(20)
        try:
            with app.app_context():
                act()
        except Exception as fault:  # told where the test fails
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)
    return faults


def test_figures_are_made_anew_while_lessons_are_recorded_and_neither_waits_for_ever(app: Flask) -> None:
    scene = a_planned_school()
    with school_scope(scene.school_id):
        lessons = [one.id for group_id in scene.group_ids.values() for one in planning.lessons_of_class(group_id)]
    session().rollback()
    two = [partial(_record, scene, lessons[::2]), partial(_record, scene, lessons[1::2])]
    assert _at_once(app, [*two, partial(_make_anew, scene)]) == []
    with school_scope(scene.school_id):
        assert session().query(Delivery).count() == len(lessons)
        assert tallies.compare(queries.tally_facts()) == []
