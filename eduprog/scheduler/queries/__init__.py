"""Reads for those who look after the installation: heartbeat, schema, health, storage, and what the doctor finds."""

from eduprog.scheduler.queries.examining import examine
from eduprog.scheduler.queries.metrics import measures
from eduprog.scheduler.queries.running import (
    Health,
    JobState,
    found_revision,
    health,
    job_states,
    known_revision,
    last_starts,
    living_workers,
)
from eduprog.scheduler.queries.storage import damage, database_moment, sqlite_path

__all__ = [
    "Health", "JobState", "damage", "database_moment", "examine", "found_revision", "health", "job_states",
    "known_revision", "last_starts", "living_workers", "measures", "sqlite_path",
]  # fmt: skip
