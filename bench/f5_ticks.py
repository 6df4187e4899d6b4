"""F5: what looking costs when there is nothing to do, and how fast the outbox gives out work and notes it done.

A tick is what dispatch does every few seconds: look for dead senders, for what is too late, for what is due. Claiming and
marking is measured a hundred messages at a time, each step a synced transaction of its own; dispatch itself takes ten, so
that at most ten are in doubt after a crash, and what that costs is printed too. The peer is Procrastinate, no-op jobs on
PostgreSQL with one worker; where it is not installed (`pip install procrastinate`) its best recorded figure stands in. The
limit of a tick is the bar itself, in CPU of our process; PostgreSQL's own is not in it. Run: python -m bench.f5_ticks
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import NullPool, create_engine, insert, text, update
from sqlalchemy.engine import Connection

from bench.installation import engines, installation
from bench.measure import ROUNDS, Line, report
from eduprog.core.db import Base, session, transaction
from eduprog.core.tenancy import across_schools
from eduprog.curriculum.vocabulary import Nation
from eduprog.mail import actions, queries
from eduprog.mail.jobs import make_dispatcher
from eduprog.mail.models import OutboundEmail
from eduprog.mail.rules import Accepted, MailState, RecipientKind, Result
from eduprog.mail.transports import MemoryTransport
from eduprog.organisations.rules import Phase
from tests.support import postgres

PENDING = 10_000
DUE = 1_000
NOW = datetime(2026, 11, 12, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
LEASE = timedelta(minutes=15)
TICK_BAR, MANY_SCHOOLS_BAR, CLAIM_BAR = 2.0, 5.0, 100.0  # milliseconds
RECORDED = 640.0  # the best of Procrastinate's recorded rates, in jobs a second
TICKS = 40


def fill(schools: int) -> Callable[[Connection], None]:
    """Make schools that have ten thousand messages to send between them, none before tomorrow."""

    def write(connection: Connection) -> None:
        connection.execute(insert(Base.metadata.tables["school"]), [
            {"id": n, "name": f"School {n}", "slug": f"school-{n}", "nation": Nation.ENGLAND, "phase": Phase.PRIMARY,
             "contact_email": f"office{n}@school.example", "contact_phone": "01632 960001", "created_at": NOW}
            for n in range(1, schools + 1)
        ])  # fmt: skip
        connection.execute(insert(Base.metadata.tables["outbound_email"]), [
            {"school_id": n % schools + 1, "key": f"bench:{n}", "kind": "bench", "subject_id": n,
             "recipient_kind": RecipientKind.CONTACT, "recipient_id": n, "state": MailState.PENDING, "created_at": NOW,
             "due_at": LATER + timedelta(seconds=n), "attempts": 0, "doubts": 0, "waits_for_person": False}
            for n in range(PENDING)
        ])  # fmt: skip

    return write


def tick(app: Flask, schools: int) -> float:
    """Give the milliseconds of CPU of one look at an outbox in which nothing is due: the median of many."""
    dispatcher = make_dispatcher(app.extensions["eduprog"], MemoryTransport())
    spent = []
    with app.app_context():
        for number in range(TICKS + 5):
            begun = time.process_time()
            dispatcher.drain(NOW)
            if number >= 5:
                spent.append((time.process_time() - begun) * 1000)
        dispatcher.close()
    print(f"   {schools} schools: from {min(spent):.2f} to {max(spent):.2f} ms of CPU")
    return statistics.median(spent)


def claim_and_mark(app: Flask, at_once: int) -> tuple[float, float]:
    """Claim and mark a thousand due messages, so many at once: gives milliseconds until all are claimed, and rows a second."""
    claims, rates = [], []
    with app.app_context():
        owner = actions.take_name(Path(app.extensions["eduprog"].DATA_DIR) / "owners")
        for _ in range(ROUNDS + 1):
            _make_due()
            begun = time.perf_counter()
            due = queries.due_groups(NOW, size=at_once)
            claiming = time.perf_counter() - begun
            done = 0
            while due:
                for group in due:
                    started = time.perf_counter()
                    claiming += _one_batch(owner.name, [message.id for message in group], started)
                    done += len(group)
                started = time.perf_counter()
                due = queries.due_groups(NOW, size=at_once)
                session().rollback()
                claiming += time.perf_counter() - started
            assert done == DUE, done
            rates.append(DUE / (time.perf_counter() - begun))
            claims.append(claiming * 1000)
        owner.leave()
    return statistics.median(claims[1:]), statistics.median(rates[1:])


def _one_batch(owner: str, ids: list[int], started: float) -> float:
    """Claim a batch and mark it sent, each in a transaction of its own. Gives the seconds that claiming took."""
    with across_schools("bench"), transaction():
        claimed = actions.claim(ids=ids, owner=owner, now=NOW, lease=LEASE)
    took = time.perf_counter() - started
    results = [Result(message, Accepted(), None) for message in claimed]
    with across_schools("bench"), transaction():
        lost = actions.settle(results=results, owner=owner, now=NOW, luck=lambda: 0.5)
    assert not lost
    return took


def _make_due() -> None:
    with across_schools("bench"), transaction() as work:
        table: Any = OutboundEmail.__table__
        work.execute(
            update(table).where(table.c.subject_id < DUE).values(
                state=MailState.PENDING, due_at=NOW - timedelta(minutes=1), sent_at=None, attempts=0
            )
        )  # fmt: skip


def peer() -> tuple[float, str]:
    """Give the peer's jobs a second, and whether it was measured now or is the recorded figure."""
    if find_spec("procrastinate") is None or postgres.binaries() is None:
        return RECORDED, "recorded"
    cluster = postgres.start()
    try:
        with create_engine(cluster.url(), isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
            connection.execute(text("CREATE DATABASE peer"))
        address = cluster.url("peer").replace("+psycopg", "")
        return asyncio.run(_peer_rate(import_module("procrastinate"), address)), "measured"
    finally:
        cluster.stop()


async def _peer_rate(procrastinate: Any, address: str) -> float:
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=address))

    @app.task(name="nothing")
    async def nothing(number: int) -> None:
        """Do nothing."""

    rates = []
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        for _ in range(4):
            await nothing.batch_defer_async(*({"number": number} for number in range(DUE)))
            begun = time.perf_counter()
            await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)
            rates.append(DUE / (time.perf_counter() - begun))
    return statistics.median(rates[1:])


def main() -> int:
    """Measure and report; give how many goals were missed."""
    lines: list[Line] = []
    jobs_a_second, how = peer()
    with engines() as each:
        for engine, new_database in each:
            with installation(new_database(), fill(1)) as (app, _):
                lines.append(Line(f"F5 tick, {PENDING:,} pending, {engine}", TICK_BAR, tick(app, 1), "ms CPU", at_most=1))
                claimed, rate = claim_and_mark(app, 10)
                print(f"   ten at once, {engine}: {DUE:,} claimed in {claimed:.0f} ms, claimed and marked {rate:,.0f}/s")
                claimed, rate = claim_and_mark(app, 100)
                lines.append(Line(f"F5 {DUE:,} due claimed, {engine}", CLAIM_BAR, claimed, "ms", at_most=1))
                name = f"F5 claim and mark against Procrastinate ({how}), {engine}"
                lines.append(Line(name, jobs_a_second, rate, "/s", at_least=20))
            with installation(new_database(), fill(200)) as (app, _):
                name = f"F5 tick, {PENDING:,} pending in 200 schools, {engine}"
                lines.append(Line(name, MANY_SCHOOLS_BAR, tick(app, 200), "ms CPU", at_most=1))
    return report(lines)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
