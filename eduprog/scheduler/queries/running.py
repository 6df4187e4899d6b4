"""Reads for those who look after the installation: heartbeat, schema, health."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from eduprog.core import paths
from eduprog.core.db import session
from eduprog.core.jobs import Job, SiteJob
from eduprog.mail import queries as mail
from eduprog.scheduler.models import JobRun
from eduprog.scheduler.rules import is_silent, is_stuck


@dataclass(frozen=True)
class JobState:
    """A job and what its last run did. `started_at` is None for one that never ran."""

    name: str
    started_at: datetime | None
    done: int
    fault: str
    silent: bool


@dataclass(frozen=True)
class Health:
    """Whether the installation works: the database answers, its schema is the one we know, mail leaves, the clock ticks."""

    database: bool
    schema: bool
    mail_leaves: bool
    clock_ticks: bool

    @property
    def ready(self) -> bool:
        """Whether pages can be served."""
        return self.database and self.schema

    @property
    def well(self) -> bool:
        """Whether everything works."""
        return self.ready and self.mail_leaves and self.clock_ticks


@cache
def known_revision() -> str:
    """Give the newest revision of the schema this code knows."""
    return max(path.name[:4] for path in (paths.MIGRATIONS / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))


def found_revision() -> str | None:
    """Give the revision of the database's schema, or None if it has none."""
    try:
        found = session().execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError:
        session().rollback()
        return None
    return None if found is None else str(found)


def job_states(jobs: Sequence[Job | SiteJob], now: datetime) -> list[JobState]:
    """Give every declared job with its last run, in the order of their declaration."""
    runs = {run.name: run for run in session().scalars(select(JobRun).order_by(JobRun.name))}
    return [_state(job, runs.get(job.name), now) for job in jobs]


def _state(job: Job | SiteJob, run: JobRun | None, now: datetime) -> JobState:
    if run is None:
        return JobState(job.name, None, 0, "", silent=True)
    return JobState(job.name, run.started_at, run.done, run.fault or "", is_silent(run.started_at, job.every_seconds, now))


def last_starts() -> dict[str, datetime]:
    """Give when each job last started, by its name."""
    return {name: started for name, started in session().execute(select(JobRun.name, JobRun.started_at))}


def living_workers() -> int:
    """Give how many processes run `eduprog worker`; 0 where there is no queue."""
    try:
        found = session().execute(text("SELECT count(*) FROM procrastinate_workers")).scalar_one()
    except SQLAlchemyError:
        session().rollback()
        return 0
    return (int(found) + 1) // 2  # each takes jobs under one number and mail under another


def health(jobs: Sequence[Job | SiteJob], now: datetime) -> Health:
    """Say whether the installation works; what cannot be asked counts as not working."""
    try:
        session().execute(text("SELECT 1"))
        if found_revision() != known_revision():
            return Health(database=True, schema=False, mail_leaves=False, clock_ticks=False)
        ticking = not any(state.silent for state in job_states(jobs, now))
        return Health(database=True, schema=True, mail_leaves=not is_stuck(mail.oldest_due(), now), clock_ticks=ticking)
    except SQLAlchemyError:
        session().rollback()
        return Health(database=False, schema=False, mail_leaves=False, clock_ticks=False)
