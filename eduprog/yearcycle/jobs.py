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
    """Place again what stands where its host does not meet, or waited for term dates. Gives how many follow-ups moved.

    Class by class: a year of a large school takes longer than somebody who records a lesson should wait.
    """
    by, today, moved = job("settle-follow-ups"), clock.local(now).date(), 0
    with school_scope(school_id):
        for group_id in actions.classes_to_settle(today=today):
            with transaction():
                moved += actions.settle_follow_ups(group_ids=[group_id], by=by, now=now, today=today)
    return moved


def mend_follow_ups(*, school_id: int, now: datetime) -> int:
    """Put back what is owed and no row says, and end what belongs to retired modules. Gives how many follow-ups were touched.

    What a class's own lessons owe it goes class by class, for the same reason.
    """
    by, today, mended = job("mend-follow-ups"), clock.local(now).date(), 0
    with school_scope(school_id):
        for group_id in actions.classes_to_mend(today=today):
            with transaction():
                mended += actions.mend_class(group_id=group_id, by=by, now=now, today=today)
        with transaction():
            return mended + actions.mend_follow_ups(by=by, now=now, today=today).total


JOBS = (
    Job("mend-follow-ups", mend_follow_ups, every_seconds=6 * 3600),
    Job("settle-follow-ups", settle_follow_ups, every_seconds=6 * 3600),
)
