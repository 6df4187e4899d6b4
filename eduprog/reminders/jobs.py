"""What staff are owed later: the Monday message, the note of the day before, the reminder of a missing record."""

from __future__ import annotations

from datetime import datetime

from eduprog.core.db import transaction
from eduprog.core.jobs import Job
from eduprog.core.permissions import job
from eduprog.core.tenancy import school_scope
from eduprog.reminders import actions


def prepare_reminders(*, school_id: int, now: datetime) -> int:
    """Make the reminders of a school whose time has come. Gives how many."""
    with school_scope(school_id), transaction():
        return actions.prepare_due(by=job("prepare-reminders"), now=now)


JOBS = (Job("prepare-reminders", prepare_reminders, every_seconds=60),)
