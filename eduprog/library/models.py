"""Tables of the library: what teachers say of themselves, and lessons a school brings. The curriculum itself has none."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eduprog.core.db import Base
from eduprog.core.tenancy import SchoolOwned, owned
from eduprog.curriculum.vocabulary import HalfTermBlock, Strand, YearGroup
from eduprog.library.rules.confidence import Confidence


class TeachingConfidence(SchoolOwned, Base):
    """How sure a person feels about a module. They alone see it; the school sees a count from five people up."""

    __tablename__ = "teaching_confidence"
    __table_args__ = owned(
        UniqueConstraint("school_id", "person_id", "module_id"), Index("ix_teaching_confidence_module", "school_id", "module_id")
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    module_id: Mapped[str] = mapped_column(String(20))
    confidence: Mapped[Confidence]
    said_at: Mapped[datetime]


class MappedLesson(SchoolOwned, Base):
    """A lesson of a scheme the school bought, known by title, year group and half-term; never deleted, only retired.

    `tags` holds skills, methods and clauses, suggested by the title until a person confirms them.
    """

    __tablename__ = "mapped_lesson"
    __table_args__ = owned(
        UniqueConstraint("school_id", "module_id"),
        CheckConstraint("minutes BETWEEN 5 AND 90", name="minutes_in_range"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed_at_with_confirmed_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    module_id: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(120))
    year_group: Mapped[YearGroup]
    block: Mapped[HalfTermBlock]
    minutes: Mapped[int]
    strand: Mapped[Strand]
    tags: Mapped[dict[str, Any]]
    added_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": revision}
