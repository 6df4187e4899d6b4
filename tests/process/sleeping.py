"""A warm parent of two senders, one of which sleeps past its lease: `python -m tests.process.sleeping LEASE SEED`.

For each byte that it reads one round: with "c" the first sender stops itself when it has claimed and before it hands anything
over, with "r" it is stopped at a random moment. The second sends until nothing is left, or, where the first was stopped inside a
transaction that nobody can end for it, for some leases. Then the first goes on. Printed: whether the second was done alone.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from eduprog import wiring
from eduprog.core import clock
from eduprog.core.db import session
from eduprog.core.tenancy import across_schools
from eduprog.mail.emails import Composer
from eduprog.mail.jobs import Dispatcher, transport_of
from eduprog.mail.models import OutboundEmail
from eduprog.mail.rules import Claimed, MailState
from eduprog.mail.transports import Connection
from tests.factories.mail import Notices
from tests.process.children import ended, fork, say
from tests.process.forking import warm

_LOOK_EVERY = 0.05
_LEASES = 4


class Sleeper(Dispatcher):
    """A sender that stops itself between claim and handing over, as if its machine slept just then."""

    _slept = False

    def _send_batch(self, connection: Connection, claimed: list[Claimed], fence: float) -> None:
        """Sleep once with messages in hand."""
        if claimed and not self._slept:
            self._slept = True
            os.kill(os.getpid(), signal.SIGSTOP)
        super()._send_batch(connection, claimed, fence)


def main(lease: float, seed: int) -> None:
    """Play rounds as long as there is somebody who asks for them."""
    wiring.MAIL_KINDS = (Notices().kind(),)
    app, luck = wiring.create_app(), random.Random(seed)
    warm(app)
    while how := os.read(0, 1):
        say("alone" if _round(app, lease, luck, aimed=how == b"c") else "together")


def _round(app: Flask, lease: float, luck: random.Random, *, aimed: bool) -> bool:
    first = fork(lambda: _send(app, Sleeper if aimed else Dispatcher, lease))
    if not aimed:
        time.sleep(luck.uniform(0.02, 0.2))
        os.kill(first, signal.SIGSTOP)
    _, status = os.waitpid(first, os.WUNTRACED)
    second = fork(lambda: _send_all(app, lease))
    alone = _ends_within(second, _LEASES * lease + 1)
    if os.WIFSTOPPED(status):
        os.kill(first, signal.SIGCONT)
        assert ended(first) == 0
    if not alone:
        assert ended(second) == 0
    return alone


def _ends_within(child: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            assert status == 0
            return True
        time.sleep(_LOOK_EVERY)
    return False


def _make(app: Flask, kind: type[Dispatcher], lease: float) -> Dispatcher:
    settings = app.extensions["eduprog"]
    owners = settings.DATA_DIR / "owners"
    return kind(transport_of(settings), Composer(settings.MAIL_FROM), owners=owners, batch=5, lease_seconds=lease)


def _send(app: Flask, kind: type[Dispatcher], lease: float) -> None:
    with app.app_context():
        dispatcher = _make(app, kind, lease)
        dispatcher.drain(clock.now())
        dispatcher.close()


def _send_all(app: Flask, lease: float) -> None:
    with app.app_context():
        dispatcher = _make(app, Dispatcher, lease)
        while True:
            try:
                dispatcher.drain(clock.now())
                if not _left():
                    break
            except DBAPIError:
                session().rollback()
            time.sleep(_LOOK_EVERY)
        dispatcher.close()


def _left() -> int:
    with across_schools("test"):
        left = session().scalar(select(func.count()).where(OutboundEmail.state != MailState.SENT))
    session().rollback()
    return int(left or 0)


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
