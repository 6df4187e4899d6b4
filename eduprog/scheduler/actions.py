"""Writes of the heartbeat."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy.dialects import postgresql, sqlite

from eduprog.core.db import session
from eduprog.scheduler.models import JobRun

_RUNS = cast(Any, JobRun.__table__)


def note_run(*, name: str, started_at: datetime, finished_at: datetime, done: int, fault: str) -> None:
    """Write down a job's run in place of its last one."""
    values = {"started_at": started_at, "finished_at": finished_at, "done": done, "fault": fault or None}
    work = session()
    dialect = postgresql if work.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(_RUNS).values(name=name, **values)
    work.execute(insert.on_conflict_do_update(index_elements=["name"], set_=values))
