"""A school with an outbox, and dispatchers on a real mail server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from eduprog.core.db import session, transaction
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.mail import actions
from eduprog.mail.emails import Composer
from eduprog.mail.jobs import Dispatcher
from eduprog.mail.models import OutboundEmail
from eduprog.mail.rules import MailState, RecipientKind, install_kinds, installed_kinds
from eduprog.mail.transports import Login, SmtpTransport, Transport
from tests.factories.mail import NOTICE, Notices
from tests.factories.organisations import a_school
from tests.support.smtp import MailServer

NOW = datetime(2026, 11, 12, 8, 0, tzinfo=UTC)


@pytest.fixture
def notices() -> Iterator[Notices]:
    """The only feature that sends anything."""
    before = installed_kinds()
    feature = Notices()
    install_kinds([feature.kind()])
    yield feature
    install_kinds(before)


@pytest.fixture
def school_id(app: Flask) -> int:
    """A school."""
    with transaction() as work:
        school = a_school()
        work.add(school)
        work.flush()
        return school.id


@pytest.fixture
def dispatcher(app: Flask) -> Iterator[Callable[..., Dispatcher]]:
    """Make dispatchers that leave at the end of the test."""
    made: list[Dispatcher] = []

    def make(
        transport: Transport, *, batch: int = 10, lease_seconds: float = 900, most: int = 0, place: float = 0.0
    ) -> Dispatcher:
        folder = app.extensions["eduprog"].DATA_DIR / "owners"
        composer = Composer("Oakfield <post@eduprog.example>")
        made.append(
            Dispatcher(transport, composer, owners=folder, batch=batch, lease_seconds=lease_seconds, most=most, place=place)
        )
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def open_door(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try the next connection at once; that it is not is tested elsewhere."""
    monkeypatch.setattr("eduprog.mail.transports.smtp._Door.pause", lambda _door: 0.0)


def queue(school_id: int, count: int, *, due_at: datetime = NOW, too_late_at: datetime | None = None, first: int = 1) -> None:
    """Queue messages about subjects first, first + 1, …"""
    with school_scope(school_id), transaction():
        actions.enqueue_all(
            messages=[
                actions.NewMessage(f"{NOTICE}:{n}", NOTICE, n, RecipientKind.CONTACT, n, due_at, too_late_at)
                for n in range(first, first + count)
            ],
            now=NOW - timedelta(hours=1),
        )


def rows(school_id: int) -> list[OutboundEmail]:
    """Give a school's messages by subject, fresh."""
    session().rollback()
    with across_schools("test"):
        asked = select(OutboundEmail).where(OutboundEmail.school_id == school_id).order_by(OutboundEmail.subject_id)
        return list(session().scalars(asked.execution_options(populate_existing=True)))


def states(school_id: int) -> dict[MailState, int]:
    """Count a school's messages by state."""
    counted: dict[MailState, int] = {}
    for row in rows(school_id):
        counted[row.state] = counted.get(row.state, 0) + 1
    return counted


def smtp(server: MailServer, *, patience: float = 3, verb_seconds: float = 3) -> SmtpTransport:
    """Give the way to a test's server."""
    return SmtpTransport(Login("127.0.0.1", server.port), patience_seconds=patience, verb_seconds=verb_seconds)
