"""Table of the jobs' heartbeat."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eduprog.core.db import Base


class JobRun(Base):
    """The last run of each job: a silent scheduler shows."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("name"), CheckConstraint("done >= 0", name="done_not_negative"))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str | None] = mapped_column(Text)
