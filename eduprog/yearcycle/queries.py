"""How far the set-up of a school is, and what a roll-over would do."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from eduprog.core.db import session
from eduprog.yearcycle.models import RollOver


def roll_overs() -> Sequence[RollOver]:
    """Give the roll-overs of the school, the newest first, undone ones too."""
    return session().scalars(select(RollOver).order_by(RollOver.id.desc())).all()
