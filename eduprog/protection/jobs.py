"""What the retention schedule does by itself, a little after every night has begun."""

from __future__ import annotations

from datetime import datetime

from flask import current_app

from eduprog.core.db import transaction
from eduprog.core.jobs import Job, SiteJob
from eduprog.core.permissions import job
from eduprog.core.settings import Settings
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.protection import actions
from eduprog.protection.rules import Schedule

_EVERY_SECONDS = 6 * 3600


def schedule() -> Schedule:
    """Give the periods this installation has chosen."""
    settings: Settings = current_app.extensions["eduprog"]
    return Schedule(
        settings.KEEP_TEACHING_YEARS, settings.KEEP_FAMILIES_MONTHS, settings.KEEP_MESSAGES_MONTHS, settings.KEEP_AUDIT_YEARS,
        settings.KEEP_STAFF_MONTHS,
    )  # fmt: skip


def retire_old(*, school_id: int, now: datetime) -> int:
    """Delete what is too old in a school; give how many rows went."""
    with school_scope(school_id), transaction():
        return actions.retire_old(schedule=schedule(), by=job("retire-old"), now=now)


def forget_leavers(now: datetime) -> int:
    """Forget staff who left long ago; give how many."""
    with across_schools("the retention of staff"), transaction():
        return actions.forget_leavers(schedule=schedule(), by=job("forget-leavers"), now=now)


JOBS = (
    Job("retire-old", retire_old, every_seconds=_EVERY_SECONDS),
    SiteJob("forget-leavers", forget_leavers, every_seconds=_EVERY_SECONDS),
)
