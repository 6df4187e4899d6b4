"""Periodic work of accounts."""

from __future__ import annotations

from datetime import datetime

from eduprog.accounts import actions
from eduprog.core.db import transaction
from eduprog.core.jobs import SiteJob


def forget_old_sign_ins(now: datetime) -> int:
    """Delete yesterday's wrong tries and sessions that ended a month ago; give how many rows went."""
    with transaction():
        return actions.forget_old(now=now)


JOBS = (SiteJob("forget-old-sign-ins", forget_old_sign_ins, every_seconds=3600),)
