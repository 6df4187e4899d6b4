"""Reads for those who look after the installation: heartbeat, schema, health, storage, and what the doctor finds."""

from eduprog.scheduler.queries.digests import Held, held_by, read_table, rows_in, tables
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
from eduprog.scheduler.queries.storage import damage, database_moment, in_words, log_damage, sqlite_path

__all__ = [
    "Health",
    "Held",
    "JobState",
    "damage",
    "database_moment",
    "examine",
    "found_revision",
    "health",
    "held_by",
    "in_words",
    "job_states",
    "known_revision",
    "last_starts",
    "living_workers",
    "log_damage",
    "measures",
    "read_table",
    "rows_in",
    "sqlite_path",
    "tables",
]
