"""A warm parent that starts dispatch processes and kills them at random moments: `python -m tests.process.forking KILLS SEED`.

Children are forked, so that each is at work within milliseconds; every other pair is let come as far as the mail server first,
as a busy machine would else kill all before they begin. When all kills are done one more child may finish.
"""

from __future__ import annotations

import os
import random
import select
import signal
import sys
import time
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


def work(app: Flask, pipe: int) -> None:
    """Send all that is due, then stay until killed or told that it is the last."""
    settings = app.extensions["eduprog"]
    with app.app_context():
        dispatcher = make_dispatcher(settings, Telling(transport_of(settings), pipe))
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


def main(kills: int, seed: int) -> None:
    """Kill that often, two workers at a time, then let one finish."""
    wiring.MAIL_KINDS = (Notices().kind(),)
    app = wiring.create_app()
    warm(app)
    luck = random.Random(seed)
    opened, pipe = os.pipe()
    for number in range(kills // 2):
        children = [_fork(app, pipe), _fork(app, pipe)]
        if number % 2:
            select.select([opened], [], [], 5.0)
        time.sleep(luck.uniform(0.0, 0.25))
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        while select.select([opened], [], [], 0)[0]:
            os.read(opened, 100)
    _, status = os.waitpid(_fork(app, pipe), 0)
    sys.exit(os.waitstatus_to_exitcode(status))


def _fork(app: Flask, pipe: int) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work(app, pipe)
            code = 0
        finally:
            os._exit(code)
    return child


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
