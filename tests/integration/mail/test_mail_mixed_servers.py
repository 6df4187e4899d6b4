"""Ten thousand messages to servers that do many odd things by chance: nothing lost, nothing doubled without a mark."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete

from eduprog.core.db import db, transaction
from eduprog.core.tenancy import across_schools
from eduprog.mail.models import OutboundEmail, SuppressedAddress
from eduprog.mail.rules import MailState
from tests.conftest import FULL
from tests.factories.mail import Notices
from tests.integration.mail.conftest import queue, rows
from tests.integration.mail.odd import Make, check, send_all
from tests.support.figures import tell
from tests.support.odd_smtp import Manners, Talk, ends, odd_server, refuses, says, says_and_closes

MIXTURES, MIXED = (30, 334) if FULL else (2, 15)
_VANISHES = ends(lambda talk: talk.vanish())
_SILENT = ends(lambda talk: time.sleep(0.4))
ODD: list[tuple[str, Callable[[Talk], bool]]] = [
    ("greeting", says_and_closes("421 busy")), ("greeting", says_and_closes("554 not you")),
    ("ehlo", says_and_closes("421 busy")),
    ("mail", says("451 4.7.1 later")), ("mail", says_and_closes("421 too much")), ("mail", _VANISHES), ("mail", _SILENT),
    ("rcpt", says("450 4.7.1 greylisted")), ("rcpt", says("550 5.1.1 no such box")), ("rcpt", says("452 too many")),
    ("rcpt", _VANISHES), ("rcpt", says("250 " + "x" * 70_000)), ("data", says("451 later")), ("data", says("250 go on")),
    ("data", _VANISHES), ("data", _SILENT), ("dot", refuses("451 later")), ("dot", refuses("554 no")), ("dot", _VANISHES),
    ("dot", _SILENT), ("dot", says("999 what")), ("dot", says_and_closes("250 taken")),
    ("dot", says("250 taken", "250 taken")),
]  # fmt: skip


def _mixture(seed: int) -> Manners:
    """A server with six odd ways, each of which comes over it by chance."""
    luck = random.Random(seed)
    chosen, often = luck.sample(ODD, 6), luck.choice((0.02, 0.05, 0.1))

    def oddly(verb: str) -> Callable[[Talk], bool]:
        acts = [act for one, act in chosen if one == verb]
        return lambda talk: bool(acts) and luck.random() < often and luck.choice(acts)(talk)

    said = {verb: oddly(verb) for verb in ("greeting", "ehlo", "mail", "rcpt", "data", "dot")}
    offers = ("PIPELINING",) if seed % 2 else ()
    return lambda talk, _number: talk.serve(offers=offers, **said)


@pytest.mark.timeout(3600)
def test_under_random_mixtures_of_all_that_nothing_is_lost_and_what_is_refused_is_shown(
    app: Flask, school_id: int, notices: Notices, dispatcher: Make, open_door: None
) -> None:
    copies = failed = 0
    for seed in range(MIXTURES):
        queue(school_id, MIXED)
        with odd_server(_mixture(seed)) as server:
            send_all(dispatcher, server, school_id, looks=60)
        copies += check(server, school_id, may_fail=True)
        failed += sum(row.state is MailState.FAILED for row in rows(school_id))
        with across_schools("test"), transaction() as work:
            work.execute(delete(OutboundEmail))
            work.execute(delete(SuppressedAddress))
    told = f"{db.engine.dialect.name}: {MIXTURES} random mixtures, {MIXTURES * MIXED} messages"
    tell(f"{told}: 0 lost, {failed} refused for ever and shown, {copies} copies, all marked")
