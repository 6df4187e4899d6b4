"""What families are owed later: the weekly digest, and a note of what has gone."""

from __future__ import annotations

from datetime import datetime

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.jobs import Job
from eduprog.core.permissions import job
from eduprog.core.tenancy import school_scope
from eduprog.families import actions, importers, queries


def prepare_digests(*, school_id: int, now: datetime) -> int:
    """Make this week's digests of a school once their time has come. Gives how many."""
    with school_scope(school_id), transaction():
        return actions.prepare_due(by=job("prepare-digests"), now=now)


def settle_prompts(*, school_id: int, now: datetime) -> int:
    """Mark what families have been sent, and stop what waited too long. Gives how many prompts changed."""
    with school_scope(school_id), transaction():
        return actions.settle_prompts(by=job("settle-prompts"), now=now)


def forget_unconfirmed(*, school_id: int, now: datetime) -> int:
    """Forget the addresses that did not confirm in time, and those read for an import nobody decided. Gives how many."""
    with school_scope(school_id), transaction():
        return actions.forget_unconfirmed(now=now) + importers.drop_forgotten(now=now)


def open_viewing_rooms(*, school_id: int, now: datetime) -> int:
    """Note what the families of each class can see, once it can be seen. Gives how many modules are new in the log."""
    with school_scope(school_id), transaction():
        groups = queries.open_classes(clock.local(now).date())
        return actions.open_viewing_room(group_ids=[group.id for group in groups], now=now)


JOBS = (
    Job("prepare-digests", prepare_digests, every_seconds=60),
    Job("settle-prompts", settle_prompts, every_seconds=60),
    Job("open-viewing-rooms", open_viewing_rooms, every_seconds=3600),
    Job("forget-unconfirmed", forget_unconfirmed, every_seconds=3600),
)
