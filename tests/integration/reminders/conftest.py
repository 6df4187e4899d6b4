"""A planned school with a teacher, a head of PSHE and a DSL, and a post box that shows what they would be sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from eduprog.accounts import actions as accounts
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role, person
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.delivery import actions as delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.mail.emails import Composer
from eduprog.mail.jobs import Dispatcher
from eduprog.mail.models import OutboundEmail
from eduprog.mail.transports.memory import MemoryTransport
from eduprog.planning import queries as planning
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState
from eduprog.reminders import actions, jobs
from eduprog.reminders.rules import About
from eduprog.school import actions as school
from eduprog.school.rules import ClosureKind, wall_time
from tests.support.scenes import SET_UP, START, Scene, a_planned_school

MONDAY = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)  # the first Monday of the year, 7 o'clock in summer time
TUESDAY = date(2026, 9, 8)
MINUTE, DAY, WEEK = timedelta(minutes=1), timedelta(days=1), timedelta(days=7)


class PostBox:
    """Sends what is due and keeps it."""

    def __init__(self, app: Flask) -> None:
        self._transport = MemoryTransport()
        folder = app.extensions["eduprog"].DATA_DIR / "owners"
        self._dispatcher = Dispatcher(
            self._transport, Composer("eduprog <post@eduprog.example>"), owners=folder, batch=10, lease_seconds=900
        )

    def post(self, now: datetime) -> list[EmailMessage]:
        """Send what is due now and give it."""
        before = len(self._transport.sent)
        self._dispatcher.drain(now + timedelta(seconds=1))
        return [message_from_bytes(each.content, policy=policy.default) for each in self._transport.sent[before:]]  # type: ignore[misc]

    def close(self) -> None:
        """Give up the name."""
        self._dispatcher.close()


@pytest.fixture
def box(app: Flask) -> Iterator[PostBox]:
    """A post box."""
    made = PostBox(app)
    yield made
    made.close()


@dataclass(frozen=True)
class Staffroom:
    """Shorthand for what happens in a school."""

    scene: Scene
    dsl_id: int

    def tick(self, now: datetime) -> int:
        """Let the job run once."""
        return jobs.prepare_reminders(school_id=self.scene.school_id, now=now)

    def do(self, act: Callable[[], Any]) -> Any:
        """Do something in this school."""
        with school_scope(self.scene.school_id), transaction():
            return act()

    def choose(self, person_id: int, roles: tuple[Role, ...], *wanted: About) -> None:
        """Let somebody choose."""
        self.do(lambda: actions.choose(person_id=person_id, roles=roles, wanted=wanted, by=person(person_id), now=START))

    def grant(self, person_id: int, role: Role) -> None:
        """Give somebody a further role."""
        self.do(lambda: accounts.grant_role(person_id=person_id, role=role, by=SET_UP, now=START))

    def close(self, *days: date) -> None:
        """Shut the school."""
        self.do(lambda: school.close_days(days=list(days), kind=ClosureKind.OTHER, by=SET_UP, now=START))

    def lessons(self, first: date, last: date) -> list[PlannedLesson]:
        """Give what is planned for a span of days, fresh."""
        session().rollback()
        with school_scope(self.scene.school_id):
            found = list(planning.lessons_between(first, last))
            session().expunge_all()
            return found

    def record(self, lesson: PlannedLesson, now: datetime) -> None:
        """Record a lesson as taught on its day."""
        lesson_id, day = lesson.id, lesson.planned_on
        assert day is not None
        self.do(
            lambda: delivery.record_delivery(
                planned_lesson_id=lesson_id, taught_on=day, outcome=LessonOutcome.AS_PLANNED, by=self.scene.teacher, now=now,
                today=now.date(),
            )
        )  # fmt: skip

    def record_all(self, before: date, now: datetime) -> None:
        """Record everything planned before a day."""
        for lesson in self.lessons(date(2026, 9, 1), before - DAY):
            self.record(lesson, now)


@pytest.fixture
def staffroom(app: Flask) -> Iterator[Staffroom]:
    """A primary school whose two classes have a lesson on the first Tuesday, on the first Monday of the year at seven."""
    with time_machine.travel(MONDAY, tick=False):
        scene = a_planned_school()
        with transaction(), school_scope(scene.school_id):
            dsl = accounts.create_person(name="Dee Lowe", email="dee@ops.example", by=SET_UP, now=START)
            accounts.grant_role(person_id=dsl.id, role=Role.SAFEGUARDING_LEAD, by=SET_UP, now=START)
            dsl_id = dsl.id
            both = [planning.lessons_of_class(group_id)[0].id for group_id in scene.group_ids.values()]
            session().execute(
                update(PlannedLesson).where(PlannedLesson.id.in_(both)).values(planned_on=TUESDAY, state=PlanState.PLANNED)
            )
        yield Staffroom(scene, dsl_id)


def outbox(kind: str = "reminder-weekly") -> list[OutboundEmail]:
    """Give the messages of a kind, oldest first, fresh."""
    session().rollback()
    with across_schools("test"):
        wanted = select(OutboundEmail).where(OutboundEmail.kind == kind).order_by(OutboundEmail.id)
        return list(session().scalars(wanted.execution_options(populate_existing=True)))


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    """Give one of the two bodies."""
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Give a London wall time of this test's autumn as an instant."""
    return wall_time(day, time(hour, minute))
