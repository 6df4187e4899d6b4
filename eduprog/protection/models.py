"""The table of legal holds: while one stands, nothing of the school is deleted because of its age."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eduprog.core.db import Base
from eduprog.core.tenancy import SchoolOwned, owned
from eduprog.organisations import models as _organisations  # noqa: F401 - tables here reference the school's by name
from eduprog.protection.rules import HoldReason


class LegalHold(SchoolOwned, Base):
    """A time in which a school keeps everything, and why."""

    __tablename__ = "legal_hold"
    __table_args__ = owned(CheckConstraint("lifted_at IS NULL OR lifted_at >= placed_at", name="lifted_after_placed"))

    id: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[HoldReason]
    placed_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
