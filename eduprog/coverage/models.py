"""Tables of a school's own frameworks, how they are mapped, and what other subjects, days and visitors contribute."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eduprog.core.db import Base
from eduprog.core.tenancy import SchoolOwned, owned, owned_fk
from eduprog.coverage.rules.contributions import ContributionKind
from eduprog.curriculum.vocabulary import HalfTermBlock, YearGroup


class SchoolFramework(SchoolOwned, Base):
    """A framework a school brought in from a spreadsheet."""

    __tablename__ = "school_framework"
    __table_args__ = owned(UniqueConstraint("school_id", "title", "version"))

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    version: Mapped[str] = mapped_column(String(40))
    imported_at: Mapped[datetime]
    imported_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class SchoolStatement(SchoolOwned, Base):
    """A statement of a school's own framework, as its spreadsheet says it."""

    __tablename__ = "school_statement"
    __table_args__ = owned(
        owned_fk("school_framework_id", "school_framework", ondelete="CASCADE"),
        UniqueConstraint("school_framework_id", "code"),
        CheckConstraint("position > 0", name="position_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_framework_id: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(String(600))
    by_end_of: Mapped[YearGroup | None]
    position: Mapped[int]


class StatementMapping(SchoolOwned, Base):
    """That a school's statement asks for a clause of a framework in the version named, so that versions never mix."""

    __tablename__ = "statement_mapping"
    __table_args__ = owned(
        owned_fk("school_statement_id", "school_statement", ondelete="CASCADE"),
        UniqueConstraint(
            "school_statement_id", "framework_id", "framework_version", "clause_id", name="uq_statement_mapping_once"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_statement_id: Mapped[int]
    framework_id: Mapped[str] = mapped_column(String(60))
    framework_version: Mapped[str] = mapped_column(String(60))
    clause_id: Mapped[str] = mapped_column(String(20))
    mapped_at: Mapped[datetime]
    mapped_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class Contribution(SchoolOwned, Base):
    """That a clause was taught to a year group outside this programme: in another subject, on a day, by a visitor."""

    __tablename__ = "contribution"
    __table_args__ = owned(
        owned_fk("academic_year_id", "academic_year", ondelete="CASCADE"),
        UniqueConstraint(
            "academic_year_id", "year_group", "kind", "framework_id", "framework_version", "clause_id", "block",
            name="uq_contribution_once",
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    academic_year_id: Mapped[int]
    year_group: Mapped[YearGroup]
    kind: Mapped[ContributionKind]
    framework_id: Mapped[str] = mapped_column(String(60))
    framework_version: Mapped[str] = mapped_column(String(60))
    clause_id: Mapped[str] = mapped_column(String(20))
    block: Mapped[HalfTermBlock]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
