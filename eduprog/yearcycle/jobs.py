"""Periodic work of the year: follow-ups stay on days their host meets, however timetable and calendar changed."""

from __future__ import annotations

from datetime import datetime

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.jobs import Job
from eduprog.core.permissions import job
from eduprog.core.tenancy import school_scope
from eduprog.yearcycle import actions


def settle_follow_ups(*, school_id: int, now: datetime) -> int:
    """Place again what stands where its host does not meet, or waited for term dates. Gives how many follow-ups moved."""
    with school_scope(school_id), transaction():
        return actions.settle_follow_ups(by=job("settle-follow-ups"), now=now, today=clock.local(now).date())


JOBS = (Job("settle-follow-ups", settle_follow_ups, every_seconds=6 * 3600),)
