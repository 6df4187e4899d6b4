"""Can a digest be taken back while its messages are going, so that nothing leaves more than five seconds after?"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete

from eduprog.core.db import db, session, transaction
from eduprog.core.tenancy import school_scope
from eduprog.families import actions
from eduprog.families.models import FamilyDigest
from eduprog.mail.emails import Composer
from eduprog.mail.jobs import Dispatcher
from eduprog.mail.models import OutboundEmail
from eduprog.mail.rules import MailState
from eduprog.mail.transports import Login, SmtpTransport
from tests.conftest import FULL
from tests.integration.families.conftest import TAUGHT, Families, outbox
from tests.support.figures import tell
from tests.support.scenes import Scene
from tests.support.smtp import Act, MailServer, Stall, mail_server

CANCELS = 100 if FULL else 5
FAMILIES = 24
GOES_AT = TAUGHT + timedelta(minutes=11)


@contextmanager
def _draining(app: Flask, server: MailServer) -> Iterator[None]:
    """Send what is due, in a thread of its own, and wait for its end."""
    transport = SmtpTransport(Login("127.0.0.1", server.port), patience_seconds=10, verb_seconds=10)
    folder = app.extensions["eduprog"].DATA_DIR / "owners"

    def drain() -> None:
        with app.app_context():
            sender = Dispatcher(transport, Composer("post@eduprog.example"), owners=folder, batch=10, lease_seconds=900)
            sender.drain(GOES_AT)
            sender.close()

    thread = threading.Thread(target=drain)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _send_by_hand(scene: Scene) -> None:
    session().rollback()
    with school_scope(scene.school_id), transaction():
        actions.send_now(hold=timedelta(minutes=10), by=scene.teacher, now=TAUGHT)


def _take_back(scene: Scene) -> float:
    with school_scope(scene.school_id), transaction():
        actions.undo_digests(by=scene.teacher, now=GOES_AT)
    return time.monotonic()


def _forget_what_went(scene: Scene) -> None:
    """Let it be as if nothing had been sent this week."""
    with school_scope(scene.school_id), transaction() as work:
        work.execute(delete(FamilyDigest))
        work.execute(delete(OutboundEmail).where(OutboundEmail.kind == "family-digest"))


def _joined(families: Families) -> None:
    for number in range(FAMILIES):
        families.join(f"ada-{number}@home.example", "Y1")
    families.teach("Y1")


@pytest.mark.timeout(1800)
def test_at_any_moment(app: Flask, scene: Scene, families: Families) -> None:
    _joined(families)
    chance, left_at = random.Random(10), []
    latest, stopped, came = 0.0, 0, threading.Event()

    def note(verb: str, _number: int, to: str) -> Act:
        if verb == "DOT" and to.startswith("ada-"):
            left_at.append((time.monotonic(), to))
            came.set()
        return Stall(0.01) if verb == "DOT" else None

    with mail_server(note) as server:
        for _ in range(CANCELS):
            _send_by_hand(scene)
            left_at.clear()
            came.clear()
            with _draining(app, server):
                came.wait(20)
                time.sleep(chance.random() * 0.2)
                taken_back = _take_back(scene)
            states = Counter(row.state for row in outbox())
            assert states.keys() <= {MailState.SENT, MailState.CANCELLED}
            assert states[MailState.SENT] == len({to for _moment, to in left_at}) == len(left_at)
            latest = max([latest, *(moment - taken_back for moment, _to in left_at)])
            stopped += states[MailState.CANCELLED]
            _forget_what_went(scene)
    told = f"{db.engine.dialect.name}: taken back at {CANCELS} random moments of {FAMILIES} messages each: {stopped} stopped"
    tell(f"{told}, the latest left {latest:.2f} s after")
    assert latest <= 5


def test_on_a_slow_server_what_a_sender_holds_is_given_back_and_stopped(
    app: Flask, scene: Scene, families: Families, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eduprog.mail.jobs.dispatcher._HELD_FOR", 0.3)
    _joined(families)
    _send_by_hand(scene)
    came = threading.Event()
    seen: list[float] = []

    def slow(verb: str, _number: int, to: str) -> Act:
        if verb == "DOT" and to.startswith("ada-"):
            seen.append(time.monotonic())
            came.set()
            return Stall(0.25)
        return None

    with mail_server(slow) as server, _draining(app, server):
        came.wait(20)
        taken_back = _take_back(scene)
    after = [moment for moment in seen if moment > taken_back]
    assert len(after) <= 3, "the ten it held were sent one after the other"
    assert {row.outcome for row in outbox() if row.state is MailState.CANCELLED} == {"It was taken back before it went."}
    assert len(seen) + sum(row.state is MailState.CANCELLED for row in outbox()) == FAMILIES
