"""A warm parent that starts dispatch processes and kills them: `python -m tests.process.forking KILLS SEED LONGEST`.

Children are forked, so that each is at work within milliseconds; every other pair is let come as far as the mail server first,
as a busy machine would else kill all before they begin; then they live for LONGEST seconds at most. When all kills are done it
prints how many of these pairs were at work, and one more child may finish. With 0 kills it forks a child for each byte that it
reads, and lets it send once a second byte has come: in between somebody may watch it. It prints the child's id, and when the
child has ended how.
"""

from __future__ import annotations

import os
import random
import select
import signal
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from flask import Flask

from eduprog import wiring
from eduprog.core import clock
from eduprog.core.db import db, transaction
from eduprog.core.tenancy import school_scope
from eduprog.mail import actions
from eduprog.mail.jobs import make_dispatcher, transport_of
from eduprog.mail.rules import RecipientKind
from eduprog.mail.transports import Connection, MemoryTransport, Transport
from tests.factories.mail import NOTICE, Notices
from tests.process.children import ended, fork, say


class Telling:
    """A way out that says through a pipe when it is opened."""

    def __init__(self, usual: Transport, pipe: int) -> None:
        self._usual, self._pipe = usual, pipe
        self.pause = usual.pause

    def connect(self) -> Connection:
        """Open it."""
        opened = self._usual.connect()
        os.write(self._pipe, b".")
        return opened


def work(app: Flask, way_out: Transport | None = None) -> None:
    """Send all that is due."""
    settings = app.extensions["eduprog"]
    with app.app_context():
        dispatcher = make_dispatcher(settings, way_out or transport_of(settings))
        dispatcher.drain(clock.now())
        dispatcher.close()


def warm(app: Flask) -> None:
    """Send one message to nowhere, so that children find every statement compiled."""
    long_ago = datetime(2025, 1, 1, tzinfo=UTC)
    with app.app_context():
        with school_scope(1), transaction():
            row = actions.enqueue(
                key="warm", kind=NOTICE, subject_id=0, recipient_kind=RecipientKind.CONTACT, recipient_id=0, due_at=long_ago,
                now=long_ago,
            )  # fmt: skip
        dispatcher = make_dispatcher(app.extensions["eduprog"], MemoryTransport())
        dispatcher.drain(long_ago)
        dispatcher.close()
        with school_scope(1), transaction() as unit:
            unit.delete(unit.merge(row))
        db.session.remove()
        db.engine.dispose()


def main(kills: int, seed: int, longest: float) -> int:
    """Kill that often, or fork one by one; gives the exit code."""
    wiring.MAIL_KINDS = (Notices().kind(),)
    app = wiring.create_app()
    warm(app)
    if not kills:
        return _one_by_one(app)
    say(_kill_pairs(app, kills, random.Random(seed), longest))
    return ended(fork(lambda: work(app)))


def _kill_pairs(app: Flask, kills: int, luck: random.Random, longest: float) -> int:
    opened, pipe = os.pipe()
    at_work = 0
    telling = Telling(transport_of(app.extensions["eduprog"]), pipe)
    for number in range(kills // 2):
        children = [fork(lambda: work(app, telling)), fork(lambda: work(app, telling))]
        if number % 2:
            at_work += _came_so_far(opened, children)
        time.sleep(luck.uniform(0.0, longest))
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        while select.select([opened], [], [], 0)[0]:
            os.read(opened, 100)
    return at_work


def _came_so_far(opened: int, children: Sequence[int]) -> bool:
    """Wait until one of them opened a connection; not for those who found nothing to send and have ended."""
    until = time.monotonic() + 5.0
    while time.monotonic() < until:
        if select.select([opened], [], [], 0.005)[0]:
            return True
        if all(os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) for child in children):
            return bool(select.select([opened], [], [], 0)[0])
    return False


def _one_by_one(app: Flask) -> int:
    def when_told() -> None:
        os.read(0, 1)
        work(app)

    while os.read(0, 1):
        child = fork(when_told)
        say(child)
        say(ended(child))
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
