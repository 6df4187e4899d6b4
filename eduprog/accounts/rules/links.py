"""What the links we mail are made of. Nothing that opens a door is kept: each is derived from the keys when it is needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from eduprog.core import crypto

INVITATION = "staff-invitation"
PASSWORD_RESET = "password-reset"  # noqa: S105 - the name of a kind of message
_RESET_GOOD_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class ResetClaim:
    """What a reset link says: whose password, which one it replaces, and until when."""

    person_id: int
    fingerprint: str
    expires_at: datetime


def invitation_token(school_id: int, address: str, invited_at: datetime) -> str:
    """Give the secret in an invitation's link: the same each time it is asked for, another one when sent again."""
    return crypto.lookup_hash(INVITATION, f"{school_id} {address} {invited_at.astimezone(UTC).isoformat()}")


def reset_token(person_id: int, kept: str | None, now: datetime) -> str:
    """Give the secret in a password-reset link: good for an hour, and only while this password is the one that is kept."""
    return crypto.sign(PASSWORD_RESET, [person_id, password_fingerprint(kept), int((now + _RESET_GOOD_FOR).timestamp())])


def read_reset_token(token: str) -> ResetClaim | None:
    """Give what a reset link says, or None if we did not make it."""
    try:
        person_id, fingerprint, expires = crypto.unsign(PASSWORD_RESET, token)
    except crypto.BadSignature:
        return None
    return ResetClaim(person_id, fingerprint, datetime.fromtimestamp(expires, UTC))


def password_fingerprint(kept: str | None) -> str:
    """Give a short keyed hash that changes whenever the password does."""
    return crypto.lookup_hash("password fingerprint", kept or "")[:16]
