"""Tables of roll-ups: lessons by half-term, year group and strand, and by strand; follow-ups by day; families by school."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eduprog.core.db import Base
from eduprog.core.tenancy import SchoolOwned, owned, owned_fk
from eduprog.curriculum.vocabulary import Strand, YearGroup
from eduprog.school.rules import HalfTermBlock

_COUNTS = "planned >= 0 AND delivered >= 0 AND part >= 0 AND minutes >= 0"


class CoverageTally(SchoolOwned, Base):
    """Lessons planned, delivered and part taught, and minutes taught, in one cell of the coverage grid."""

    __tablename__ = "coverage_tally"
    __table_args__ = owned(
        owned_fk("academic_year_id", "academic_year", ondelete="CASCADE"),
        UniqueConstraint("school_id", "academic_year_id", "year_group", "strand", "block"),
        CheckConstraint(_COUNTS, name="counts_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academic_year_id: Mapped[int]
    year_group: Mapped[YearGroup]
    strand: Mapped[Strand]
    block: Mapped[HalfTermBlock]
    planned: Mapped[int] = mapped_column(default=0)
    delivered: Mapped[int] = mapped_column(default=0)
    part: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[int] = mapped_column(default=0)


class SchoolTally(SchoolOwned, Base):
    """The same by school, academic year and strand, for boards over many schools."""

    __tablename__ = "school_tally"
    __table_args__ = owned(
        owned_fk("academic_year_id", "academic_year", ondelete="CASCADE"),
        UniqueConstraint("school_id", "academic_year_id", "strand"),
        CheckConstraint(_COUNTS, name="counts_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academic_year_id: Mapped[int]
    strand: Mapped[Strand]
    planned: Mapped[int] = mapped_column(default=0)
    delivered: Mapped[int] = mapped_column(default=0)
    part: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[int] = mapped_column(default=0)


class FollowUpTally(SchoolOwned, Base):
    """Follow-ups owed on a day that were not withdrawn, and those of them that were given, for boards over many schools."""

    __tablename__ = "follow_up_tally"
    __table_args__ = owned(
        UniqueConstraint("school_id", "due_on"), CheckConstraint("owed >= 0 AND given >= 0", name="counts_not_negative")
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    due_on: Mapped[date]
    owed: Mapped[int] = mapped_column(default=0)
    given: Mapped[int] = mapped_column(default=0)


class FamilyTally(SchoolOwned, Base):
    """Addresses of parents and carers that joined, for boards over many schools: one row a school."""

    __tablename__ = "family_tally"
    __table_args__ = owned(UniqueConstraint("school_id"), CheckConstraint("joined >= 0", name="counts_not_negative"))

    id: Mapped[int] = mapped_column(primary_key=True)
    joined: Mapped[int] = mapped_column(default=0)
