"""What the installation checks of itself every night."""

from __future__ import annotations

from datetime import datetime

from eduprog.core.jobs import SiteJob
from eduprog.scheduler import queries

_EVERY_SECONDS = 24 * 3600


class DatabaseDamaged(Exception):
    """The database is damaged: stop eduprog and restore the newest backup."""


def check_storage(now: datetime) -> int:
    """Read every page of the tables. Raises DatabaseDamaged, which the page of the installation then shows."""
    broken = queries.damage(thorough=True)
    if broken:
        raise DatabaseDamaged(broken)
    return 1


JOBS = (SiteJob("check-storage", check_storage, every_seconds=_EVERY_SECONDS),)
