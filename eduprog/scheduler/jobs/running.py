"""One run of one job, and its heartbeat."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from flask import Flask

from eduprog.core.db import transaction
from eduprog.core.jobs import Job, SiteJob
from eduprog.core.tenancy import school_scope
from eduprog.organisations import queries as organisations
from eduprog.scheduler import actions

_log = structlog.get_logger()
_BEAT_SECONDS = 60.0


@dataclass(frozen=True)
class Ran:
    """What a run did: the number of things done, and the faults met, as one text."""

    done: int
    fault: str = ""


def _go_on() -> bool:
    return False


def run_job(app: Flask, job: Job | SiteJob, now: datetime, stopping: Callable[[], bool] = _go_on) -> Ran:
    """Run a job once: for a school's job each school in turn, in a context of its own; one school's fault stops no other."""
    if isinstance(job, SiteJob):
        with app.app_context():
            return guarded(job.name, lambda: job.run(now))
    with app.app_context():
        school_ids = [school.id for school in organisations.schools()]
    done, faults = 0, []
    for school_id in school_ids:
        if stopping():
            break
        with app.app_context(), school_scope(school_id):
            ran = guarded(job.name, lambda school_id=school_id: job.run(school_id=school_id, now=now))  # type: ignore[misc]  # the default binds the loop's value
        done += ran.done
        if ran.fault:
            faults.append(f"school {school_id}: {ran.fault}")
    return Ran(done, "; ".join(faults)[:2000])


def guarded(name: str, run: Callable[[], int]) -> Ran:
    """Run it; a fault is logged and becomes part of what is given back."""
    try:
        return Ran(run())
    except Exception as problem:
        _log.exception("a job failed", job=name)
        return Ran(0, type(problem).__name__)


class Heartbeat:
    """Writes runs down: each that did something or went wrong, of the idle ones one a minute."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._last: dict[str, tuple[float, str]] = {}

    def note(self, name: str, started_at: datetime, ran: Ran, seconds: float = 0.0) -> None:
        """Note a run that took so long. A database that cannot be written to is logged, not raised."""
        with self._lock:
            moment, fault = self._last.get(name, (float("-inf"), ""))
            if not ran.done and ran.fault == fault and time.monotonic() - moment < _BEAT_SECONDS:
                return
            self._last[name] = (time.monotonic(), ran.fault)
        self.write(name, started_at, ran, seconds)

    def write(self, name: str, started_at: datetime, ran: Ran, seconds: float = 0.0) -> None:
        """Write a run down, however soon it comes after another."""
        try:
            with self._app.app_context(), transaction():
                finished_at = started_at + timedelta(seconds=seconds)
                actions.note_run(name=name, started_at=started_at, finished_at=finished_at, done=ran.done, fault=ran.fault)
        except Exception:
            _log.exception("the heartbeat could not be written", job=name)


def run_once(app: Flask, jobs: Sequence[Job | SiteJob], now: datetime) -> list[tuple[str, Ran]]:
    """Run every job once, in the order of their declaration; give what each did."""
    heartbeat = Heartbeat(app)
    results = []
    for job in jobs:
        begun = time.monotonic()
        ran = run_job(app, job, now)
        heartbeat.note(job.name, now, ran, time.monotonic() - begun)
        results.append((job.name, ran))
    return results
