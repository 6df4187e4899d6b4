"""Place and lift a hold on everything a school has."""

from __future__ import annotations

from datetime import datetime

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Actor
from eduprog.core.tenancy import current_school_id
from eduprog.protection import queries
from eduprog.protection.models import LegalHold
from eduprog.protection.rules import HoldReason


class AlreadyHeld(Refusal):
    """Everything is kept already: a hold stands. Lift it first if its reason has changed."""


def place_hold(*, reason: HoldReason, by: Actor, now: datetime) -> LegalHold:
    """Keep everything of the current school until the hold is lifted. Raises AlreadyHeld."""
    _one_at_a_time()
    if queries.is_held():
        raise AlreadyHeld
    made = LegalHold(reason=reason, placed_at=now)
    session().add(made)
    session().flush()
    audit.record(act="hold placed", subject="legal_hold", subject_id=made.id, by=by, at=now, reason=reason.value)
    return made


def lift_hold(*, by: Actor, now: datetime) -> bool:
    """Let things go again when their time is up. Says whether a hold stood."""
    _one_at_a_time()
    standing = next((hold for hold in queries.holds() if hold.lifted_at is None), None)
    if standing is None:
        return False
    standing.lifted_at = now
    audit.record(act="hold lifted", subject="legal_hold", subject_id=standing.id, by=by, at=now)
    return True


def _one_at_a_time() -> None:
    """Let whoever else places or lifts a hold of this school wait until we are done."""
    school = queries.table("school")
    session().execute(school.select().where(school.c.id == current_school_id()).with_for_update())
