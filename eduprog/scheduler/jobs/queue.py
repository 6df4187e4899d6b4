"""The queue on PostgreSQL: a tick finds in the tables what is due and puts it in, a school at a time; mail goes in lanes.

Nothing lives in the queue alone. A job that is lost there is found due again by a later tick, and never is one message a job.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.jobs import Job, SiteJob
from eduprog.core.tenancy import school_scope
from eduprog.mail import queries as mail
from eduprog.mail.jobs import DISPATCH
from eduprog.organisations import queries as organisations
from eduprog.scheduler import actions, queries
from eduprog.scheduler.jobs.running import Heartbeat, guarded, run_job
from eduprog.scheduler.rules import is_due, tick_pattern

JOBS_QUEUE = "jobs"
MAIL_QUEUE = "mail"
_POOL: dict[str, Any] = {"min_size": 2, "max_size": 6}
# Workers are given a shorter wait than people: a job can come again.
_SESSION = "-c statement_timeout=60000 -c application_name=eduprog-worker"


@dataclass(frozen=True)
class Wanted:
    """A job to be put in: what to call, for which school or lane, and whose turn it takes."""

    call: str
    turn: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Due:
    """What a tick found: jobs to be put in, and the names of those that go school by school."""

    wanted: list[Wanted]
    fanned: list[str]


def conninfo(database_url: str) -> str:
    """Give the address of a PostgreSQL database as libpq reads it."""
    return database_url.replace("postgresql+psycopg://", "postgresql://", 1)


class Queue:
    """The jobs of an application as a Procrastinate app; `drain` sends mail in one lane until nothing is due."""

    def __init__(self, app: Flask, jobs: Sequence[Job | SiteJob], drain: Callable[[], None]) -> None:
        self._app = app
        self._jobs = {job.name: job for job in jobs if job is not DISPATCH}
        self._sends = DISPATCH in jobs
        self._drain = drain
        self._heartbeat = Heartbeat(app)
        settings = app.extensions["eduprog"]
        self._senders = settings.DISPATCH_THREADS
        address = conninfo(settings.DATABASE_URL)
        self.procrastinate = App(connector=PsycopgConnector(conninfo=address, kwargs={"options": _SESSION}, **_POOL))
        self._calls = {
            "eduprog.site": self._added("eduprog.site", self._run_for_site, JOBS_QUEUE),
            "eduprog.school": self._added("eduprog.school", self._run_for_school, JOBS_QUEUE),
            "eduprog.mail": self._added("eduprog.mail", self._send, MAIL_QUEUE),
        }
        tick: Any = self._added("eduprog.tick", self._tick, JOBS_QUEUE, lock="tick", queueing_lock="tick", priority=1)
        registry: Any = self.procrastinate.periodic_registry
        registry.register_task(task=tick, cron=tick_pattern(settings.TICK_SECONDS), periodic_id="", configure_kwargs={})

    def _added(self, name: str, run: Callable[..., Awaitable[None]], queue: str, **options: Any) -> Any:
        add: Any = self.procrastinate.task(name=name, queue=queue, **options)
        return add(run)

    async def _tick(self, timestamp: int) -> None:
        """Put in what is due. Only one tick runs at a time, wherever it runs.

        A job counts as started once it is in for every school: a tick that is killed before leaves it due.
        """
        now = clock.now()
        due = await asyncio.to_thread(self._due, now)
        for wanted in due.wanted:
            job = self._calls[wanted.call].configure(lock=wanted.turn, queueing_lock=wanted.turn)
            with suppress(AlreadyEnqueued):
                await job.defer_async(**wanted.arguments)
        await asyncio.to_thread(self._note_started, due.fanned, now)

    def _due(self, now: datetime) -> Due:
        with self._app.app_context():
            last = queries.last_starts()
            due = [job for job in self._jobs.values() if is_due(last.get(job.name), job.every_seconds, now)]
            wanted = [Wanted("eduprog.site", job.name, {"name": job.name}) for job in due if isinstance(job, SiteJob)]
            fanned = [job.name for job in due if isinstance(job, Job)]
            schools = [school.id for school in organisations.schools()] if fanned else []
            wanted += [_for_school(name, school_id) for name in fanned for school_id in schools]
            if fanned:
                with transaction():
                    actions.clear_runs(names=fanned)
            return Due([*wanted, *self._lanes()], fanned)

    def _note_started(self, names: Sequence[str], now: datetime) -> None:
        if names:
            with self._app.app_context(), transaction():
                for name in names:
                    actions.note_start(name=name, started_at=now)

    def _lanes(self) -> list[Wanted]:
        """One lane looks at the outbox at every tick; where something waits, so many as there are senders do."""
        if not self._sends:
            return []
        waits = mail.oldest_due() is not None
        lanes = self._senders * queries.living_workers() if waits else 1
        return [Wanted("eduprog.mail", f"{DISPATCH.name}:{lane}", {"lane": lane}) for lane in range(1, max(1, lanes) + 1)]

    async def _run_for_site(self, name: str) -> None:
        job = self._jobs.get(name)
        if job is not None:  # else it was put in by another version of eduprog
            await asyncio.to_thread(self._run_and_note, job)

    def _run_and_note(self, job: Job | SiteJob) -> None:
        now, begun = clock.now(), time.monotonic()
        ran = run_job(self._app, job, now)
        self._heartbeat.write(job.name, now, ran, time.monotonic() - begun)

    async def _run_for_school(self, name: str, school_id: int) -> None:
        job = self._jobs.get(name)
        if isinstance(job, Job):
            await asyncio.to_thread(self._run_in_school, job, school_id)

    def _run_in_school(self, job: Job, school_id: int) -> None:
        with self._app.app_context(), school_scope(school_id):
            ran = guarded(job.name, lambda: job.run(school_id=school_id, now=clock.now()))
        if ran.done or ran.fault:
            fault = f"school {school_id}: {ran.fault}" if ran.fault else ""
            with self._app.app_context(), transaction():
                actions.add_to_run(name=job.name, finished_at=clock.now(), done=ran.done, fault=fault)

    async def _send(self, lane: int) -> None:
        await asyncio.to_thread(self._drain)


def _for_school(name: str, school_id: int) -> Wanted:
    return Wanted("eduprog.school", f"{name}:{school_id}", {"name": name, "school_id": school_id})
