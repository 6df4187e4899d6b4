"""The embedded clock: APScheduler ticks, the jobs find what is due in tables. Dispatch has threads of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import datetime

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from eduprog.core import clock
from eduprog.core.jobs import Job, SiteJob
from eduprog.mail.jobs import DISPATCH, DispatchThreads, Drained
from eduprog.scheduler.jobs.running import Heartbeat, Ran, run_job

_GRACE_SECONDS = 300
_THREADS = 3


class Clockwork:
    """Runs jobs in this process until it is stopped."""

    def __init__(self, app: Flask, jobs: Sequence[Job | SiteJob]) -> None:
        self._app = app
        self._jobs = [job for job in jobs if job is not DISPATCH]
        self._heartbeat = Heartbeat(app)
        self._stopping = threading.Event()
        self._dispatch = DispatchThreads(app, note=self._note_dispatch) if DISPATCH in jobs else None
        self._scheduler = BackgroundScheduler(
            timezone="Europe/London",
            executors={"default": {"type": "threadpool", "max_workers": _THREADS}},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": _GRACE_SECONDS},
        )

    def start(self) -> None:
        """Start; every job runs for the first time at once."""
        at_once = clock.now() - clock.offset()
        for job in self._jobs:
            self._scheduler.add_job(
                self._run, "interval", args=[job], id=job.name, seconds=job.every_seconds, next_run_time=at_once
            )
        self._scheduler.start()
        if self._dispatch is not None:
            self._dispatch.start()

    def stop(self, *, seconds: float) -> bool:
        """Let what runs finish, for at most so long: messages first, then jobs. Says whether everything has ended."""
        until = time.monotonic() + seconds
        self._stopping.set()
        self._scheduler.pause()
        ended = self._dispatch is None or self._dispatch.stop(seconds=max(0.0, until - time.monotonic()))
        waiting = threading.Thread(target=self._scheduler.shutdown, daemon=True)
        waiting.start()
        waiting.join(max(0.5, until - time.monotonic()))
        return ended and not waiting.is_alive()

    def _run(self, job: Job | SiteJob) -> None:
        now = clock.now()
        begun = time.monotonic()
        ran = run_job(self._app, job, now, self._stopping.is_set)
        self._heartbeat.note(job.name, now, ran, time.monotonic() - begun)

    def _note_dispatch(self, started_at: datetime, drained: Drained) -> None:
        self._heartbeat.note(DISPATCH.name, started_at, Ran(drained.accepted, drained.fault))
