"""Writes of the heartbeat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib.util import find_spec
from typing import Any, cast

from sqlalchemy import func, text, update
from sqlalchemy.dialects import postgresql, sqlite

from eduprog.core.db import session
from eduprog.scheduler.models import JobRun

_RUNS = cast(Any, JobRun.__table__)
_QUEUE_IS_THERE = text("SELECT to_regclass('procrastinate_jobs') IS NOT NULL")


def note_run(*, name: str, started_at: datetime, finished_at: datetime, done: int, fault: str) -> None:
    """Write down a job's run in place of its last one."""
    values = {"started_at": started_at, "finished_at": finished_at, "done": done, "fault": fault or None}
    _put(name, values, changed=values)


def clear_runs(*, names: Sequence[str]) -> None:
    """Forget what jobs did last, because they begin anew, school by school."""
    session().execute(update(_RUNS).where(_RUNS.c.name.in_(names)).values(done=0, fault=None, finished_at=None))


def note_start(*, name: str, started_at: datetime) -> None:
    """Write down that a job has begun in every school."""
    _put(name, {"started_at": started_at, "done": 0}, changed={"started_at": started_at})


def _put(name: str, values: dict[str, Any], *, changed: dict[str, Any]) -> None:
    work = session()
    dialect = postgresql if work.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(_RUNS).values(name=name, **values)
    work.execute(insert.on_conflict_do_update(index_elements=["name"], set_=changed))


def add_to_run(*, name: str, finished_at: datetime, done: int, fault: str) -> None:
    """Add what a job did in one school to its run, which goes on in others."""
    c = _RUNS.c
    values: dict[str, Any] = {"finished_at": finished_at, "done": c.done + done}
    if fault:
        values["fault"] = func.substr(func.coalesce(c.fault + "; ", "") + fault, 1, 2000)
    session().execute(update(_RUNS).where(c.name == name).values(values))


def make_queue_tables() -> bool:
    """Make the tables of the workers' queue where they are missing, on PostgreSQL. Says whether they were."""
    work = session()
    if work.get_bind().dialect.name != "postgresql" or not find_spec("procrastinate"):
        return False
    work.execute(text("SELECT pg_advisory_xact_lock(20260903)"))  # workers that start together make them once
    if work.execute(_QUEUE_IS_THERE).scalar_one():
        return False
    from procrastinate.schema import SchemaManager  # noqa: PLC0415 - installed with the extra `postgres` only

    raw: Any = work.connection().connection.driver_connection
    raw.execute(SchemaManager.get_schema())
    return True
