"""The school from which every run of a machine begins, brought back from a snapshot, so that hundreds of runs take minutes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import event

from eduprog.core.db import db, transaction
from eduprog.core.permissions import Role
from eduprog.core.tenancy import school_scope
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.reminders import actions as reminders
from eduprog.reminders.rules import About
from eduprog.school import actions as school_actions
from eduprog.school.rules import SchoolCalendar
from tests.integration.yearcycle.test_rolling_over import NEXT_YEAR
from tests.support.scenes import SET_UP, START, Scene, a_planned_school
from tests.support.snapshots import Snapshot


@dataclass
class Stage:
    """A school with one class, the dates of its next year known, its teacher told of everything; and the way back to it."""

    scene: Scene
    snapshot: Snapshot
    calendars: dict[tuple[date, ...], SchoolCalendar] = field(default_factory=dict)


@contextmanager
def a_stage() -> Iterator[Stage]:
    """Make the school, once for all runs on an engine. Nothing here is to outlast a power cut, so SQLite need not sync."""
    scene = a_planned_school(name="Oak School", years=(YearGroup.Y1,))
    with school_scope(scene.school_id), transaction():
        school_actions.add_academic_year(
            starts_on=date(2027, 9, 1), ends_on=date(2028, 7, 21), half_terms=NEXT_YEAR, by=SET_UP, now=START
        )
        reminders.choose(
            person_id=scene.teacher_id, roles=[Role.TEACHER], by=scene.teacher, now=START,
            wanted=[About.OWN_WEEK, About.DAY_BEFORE, About.MISSING_RECORD],
        )  # fmt: skip
    snapshot = Snapshot()
    event.listen(db.engine, "connect", _need_not_sync)
    db.engine.dispose()
    yield Stage(scene, snapshot)
    event.remove(db.engine, "connect", _need_not_sync)
    db.engine.dispose()
    snapshot.forget()


def _need_not_sync(connection: Any, _record: object) -> None:
    if db.engine.dialect.name == "sqlite":
        connection.execute("PRAGMA synchronous=OFF").close()
