"""Invitations that wait for an admin to send them, and taking one back as if it had never been."""

from __future__ import annotations

from datetime import datetime

from eduprog.accounts import queries
from eduprog.accounts.actions.invitations import revoke_invitation
from eduprog.accounts.rules import INVITATION
from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.permissions import Actor
from eduprog.mail import queries as mail


def withdraw_invitation(*, invitation_id: int, by: Actor, now: datetime) -> bool:
    """Take an open invitation back: for good if it was never mailed, else as revoked. Say whether it is gone. Raises NotHere."""
    held = queries.invitation(invitation_id)
    if mail.states_of(INVITATION, [held.id]).get(held.id) is not None:
        revoke_invitation(invitation_id=invitation_id, by=by, now=now)
        return False
    session().delete(held)
    session().flush()
    audit.record(act="invitation withdrawn", subject="invitation", subject_id=invitation_id, by=by, at=now)
    return True
