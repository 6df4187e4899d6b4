"""Tables of the library: what teachers say of themselves, and lessons a school brings. The curriculum itself has none."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from eduprog.core.db import Base
from eduprog.core.tenancy import SchoolOwned, owned
from eduprog.curriculum.vocabulary import HalfTermBlock, Strand, YearGroup
from eduprog.library.rules.confidence import Confidence
from eduprog.library.rules.wording import WordingState


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


class LessonWording(SchoolOwned, Base):
    """One wording of a lesson by this school. Every save is a row of its own, so that nobody's words are lost.

    `texts` holds the school's words, `ours` what stood there when it was written; `based_on` is the wording it began from.
    """

    __tablename__ = "lesson_wording"
    __table_args__ = owned(
        UniqueConstraint("school_id", "module_id", "lesson_number", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("(approved_at IS NULL) = (approved_by IS NULL)", name="approved_at_with_approved_by"),
        Index("uq_lesson_wording_approved", "school_id", "module_id", "lesson_number", unique=True,
              sqlite_where=text("state = 'approved'"), postgresql_where=text("state = 'approved'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    module_id: Mapped[str] = mapped_column(String(20))
    lesson_number: Mapped[int]
    number: Mapped[int]
    based_on: Mapped[int]
    base_revision: Mapped[int]
    texts: Mapped[dict[str, Any]]
    ours: Mapped[dict[str, Any]]
    state: Mapped[WordingState]
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]


class OwnDraft(SchoolOwned, Base):
    """One version of a module this school writes itself: the very files a module of ours has, by name.

    Every save and every import is a row of its own, so that nobody's words are lost; `based_on` is the version it began from.
    """

    __tablename__ = "own_draft"
    __table_args__ = owned(
        UniqueConstraint("school_id", "module_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("(approved_at IS NULL) = (approved_by IS NULL)", name="approved_at_with_approved_by"),
        Index("uq_own_draft_approved", "school_id", "module_id", unique=True,
              sqlite_where=text("state = 'approved'"), postgresql_where=text("state = 'approved'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    module_id: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    based_on: Mapped[int]
    block: Mapped[HalfTermBlock]
    files: Mapped[dict[str, Any]]
    state: Mapped[WordingState]
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]
