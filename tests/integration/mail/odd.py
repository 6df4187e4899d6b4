"""Sending to a server with manners of its own, and what must hold afterwards."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta

from eduprog.mail.jobs import Dispatcher
from eduprog.mail.rules import MailState
from eduprog.mail.transports import Login, SmtpTransport
from tests.factories.mail import address_of
from tests.integration.mail.conftest import NOW, rows
from tests.support.odd_smtp import OddServer

Make = Callable[..., Dispatcher]


def send_all(dispatcher: Make, server: OddServer, school_id: int, *, looks: int) -> float:
    """Look at the outbox whenever something of it is due again, until nothing is; gives the seconds that took."""
    sender = dispatcher(SmtpTransport(Login("127.0.0.1", server.port), patience_seconds=0.3, verb_seconds=0.3))
    begun, moment = time.monotonic(), NOW
    for _ in range(looks):
        sender.drain(moment)
        waiting = [row for row in rows(school_id) if row.state in (MailState.PENDING, MailState.IN_DOUBT)]
        if not waiting:
            break
        moment = max([moment, *(row.due_at for row in waiting)]) + timedelta(seconds=1)
    sender.close()  # on PostgreSQL each holds a connection
    return time.monotonic() - begun


def check(server: OddServer, school_id: int, *, may_fail: bool = False) -> int:
    """What is noted as sent was seen, what was seen twice is marked and carries one Message-ID; gives how many copies."""
    seen: dict[str, list[str]] = defaultdict(list)
    for to, number, content in server.taken.messages:
        seen[to].append(number)
        assert content.isascii(), "no 8BITMIME was offered"
        assert max(map(len, content.split(b"\r\n"))) <= 998
    for row in rows(school_id):
        ids = seen[address_of(row.subject_id)]
        sent = row.state is MailState.SENT
        assert sent or (may_fail and row.state is MailState.FAILED and row.outcome), (row.subject_id, row.state, row.outcome)
        assert ids or not sent, "said to be sent, and never seen"
        assert row.doubts >= len(ids) - 1, f"seen {len(ids)} times, in doubt {row.doubts} times"
        assert len(set(ids)) <= 1, "another Message-ID"
    return sum(max(0, len(ids) - 1) for ids in seen.values())
