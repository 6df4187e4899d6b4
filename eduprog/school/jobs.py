"""Periodic work of a school's imports."""

from __future__ import annotations

from datetime import datetime

from eduprog.core.db import transaction
from eduprog.core.jobs import Job
from eduprog.core.permissions import job
from eduprog.core.tenancy import school_scope
from eduprog.school import importers

_BY = job("drop-old-previews")


def drop_old_previews(*, school_id: int, now: datetime) -> int:
    """Forget what was read for previews that nobody decided on within a week; give how many."""
    with school_scope(school_id), transaction():
        return importers.drop_old_runs(by=_BY, now=now)


JOBS = (Job("drop-old-previews", drop_old_previews, every_seconds=24 * 3600),)
