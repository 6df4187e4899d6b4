"""A planned school with families, and a post box that shows what they would be sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from eduprog.core import crypto
from eduprog.core.db import session, transaction
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.delivery import actions as delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.families import actions
from eduprog.families.models import ParentPrompt
from eduprog.mail.emails import Composer
from eduprog.mail.jobs import Dispatcher
from eduprog.mail.models import OutboundEmail
from eduprog.mail.transports.memory import MemoryTransport
from eduprog.planning import queries as planning
from eduprog.school import actions as school
from eduprog.school.rules import ClosureKind
from tests.support.scenes import SET_UP, Scene, a_planned_school

TAUGHT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # a Tuesday in Autumn 2
THURSDAY = datetime(2026, 11, 26, 16, 30, tzinfo=UTC)  # the usual time of the digest

_MODULES = {"Y1": "K1-C1", "Y4": "L2-B1"}


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


@pytest.fixture
def scene(app: Flask) -> Iterator[Scene]:
    """A planned primary school on the day a lesson was taught, its clock standing at noon."""
    with time_machine.travel(TAUGHT, tick=False):
        made = a_planned_school()
        yield made


@dataclass(frozen=True)
class Families:
    """Shorthand for what families and teachers do."""

    scene: Scene

    def join(self, address: str, *years: str, now: datetime = TAUGHT) -> int:
        """Let somebody ask and confirm for the classes of these year groups; give the contact's id."""
        contact_id = 0
        for year in years:
            with school_scope(self.scene.school_id), transaction():
                asked = actions.ask_to_join(teaching_group_id=self.scene.group_ids[year], address=address, now=now)
                assert asked is not None
                contact_id = actions.confirm_joining(consent_id=asked, now=now).id
        return contact_id

    def teach(self, year: str, module_id: str | None = None, *, now: datetime = TAUGHT) -> ParentPrompt:
        """Record every lesson of a module (one of the year's, unless named) as taught; give the prompt."""
        group_id = self.scene.group_ids[year]
        with school_scope(self.scene.school_id):
            lessons = planning.lessons_of_class(group_id)
            wanted = module_id or _MODULES[year]
            for lesson_id in [lesson.id for lesson in lessons if lesson.module_id == wanted]:
                with transaction():
                    delivery.record_delivery(
                        planned_lesson_id=lesson_id, taught_on=now.date(), outcome=LessonOutcome.AS_PLANNED,
                        by=self.scene.teacher, now=now, today=now.date(),
                    )  # fmt: skip
            return self.prompt(group_id, wanted)

    def prompt(self, group_id: int, module_id: str) -> ParentPrompt:
        """Give a class's newest prompt about a module, fresh."""
        session().rollback()
        wanted = select(ParentPrompt).where(ParentPrompt.teaching_group_id == group_id, ParentPrompt.module_id == module_id)
        with school_scope(self.scene.school_id):
            found = session().scalars(wanted.order_by(ParentPrompt.id.desc()).execution_options(populate_existing=True)).first()
            assert found is not None
            session().expunge(found)
            return found

    def close(self, day: date) -> None:
        """Shut the school for a day."""
        with school_scope(self.scene.school_id), transaction():
            school.close_days(days=[day], kind=ClosureKind.OTHER, by=SET_UP, now=TAUGHT)


@pytest.fixture
def families(scene: Scene) -> Families:
    """What families and teachers do."""
    return Families(scene)


def outbox(kind: str = "family-digest") -> list[OutboundEmail]:
    """Give the messages of a kind, oldest first, fresh."""
    session().rollback()
    with across_schools("test"):
        wanted = select(OutboundEmail).where(OutboundEmail.kind == kind).order_by(OutboundEmail.id)
        return list(session().scalars(wanted.execution_options(populate_existing=True)))


def rows(model: Any) -> list[Any]:
    """Give every row of a table, fresh."""
    session().rollback()
    with across_schools("test"):
        return list(session().scalars(select(model).order_by(model.id).execution_options(populate_existing=True)))


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    """Give one of the two bodies."""
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def links_in(message: EmailMessage) -> dict[str, str]:
    """Give the paths of our links in a message by what they are for: home, leave, confirm."""
    found = re.findall(r"https?://[^/\s\"]+(/(home|leave|confirm)/[^\s\"<]+)", text_of(message))
    return {name: path for path, name in found}


def signed_now() -> str:
    """Give a token of our keys that is good for nothing here."""
    return crypto.sign("another purpose", [1, 1, 1])
