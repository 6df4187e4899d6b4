"""Periodic work of the year: follow-ups stay on days their host meets, and none that is owed is missing."""

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


def mend_follow_ups(*, school_id: int, now: datetime) -> int:
    """Put back what is owed and no row says, and end what belongs to retired modules. Gives how many follow-ups were touched."""
    with school_scope(school_id), transaction():
        return actions.mend_follow_ups(by=job("mend-follow-ups"), now=now, today=clock.local(now).date()).total


JOBS = (
    Job("mend-follow-ups", mend_follow_ups, every_seconds=6 * 3600),
    Job("settle-follow-ups", settle_follow_ups, every_seconds=6 * 3600),
)
