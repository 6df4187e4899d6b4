"""Reads of second factors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from eduprog.accounts.models import RecoveryCode, SecondFactor
from eduprog.core import crypto
from eduprog.core.db import session


@dataclass(frozen=True)
class FactorState:
    """How a person's second factor stands: since when it counts (None: not yet), its secret while it does not, codes left."""

    confirmed_at: datetime | None
    secret: str
    codes_left: int


def factor_state(person_id: int) -> FactorState | None:
    """Give how a person's second factor stands, or None without one. The secret of one that counts is never given."""
    held = session().get(SecondFactor, person_id)
    if held is None:
        return None
    left = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    secret = crypto.decrypt(held.secret_encrypted) if held.confirmed_at is None else ""
    return FactorState(held.confirmed_at, secret, session().scalars(left).one())


def has_second_factor(person_id: int) -> bool:
    """Say whether a code is asked for when this person signs in."""
    asked = select(SecondFactor.person_id).where(SecondFactor.person_id == person_id, SecondFactor.confirmed_at.is_not(None))
    return session().scalars(asked).first() is not None
