"""Tables of schemes of work and planned lessons."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eduprog.core.db import Base
from eduprog.core.tenancy import SchoolOwned, owned, owned_fk
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.planning.rules import PlanState
from eduprog.school.models import TeachingGroup
from eduprog.school.rules import HalfTermBlock


class SchemeOfWork(SchoolOwned, Base):
    """What a year group is entitled to in an academic year."""

    __tablename__ = "scheme_of_work"
    __table_args__ = owned(
        owned_fk("academic_year_id", "academic_year", ondelete="CASCADE"), UniqueConstraint("academic_year_id", "year_group")
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academic_year_id: Mapped[int]
    year_group: Mapped[YearGroup]
    version: Mapped[int] = mapped_column(default=1)

    entries: Mapped[list[SchemeEntry]] = relationship(lazy="raise", cascade="all, delete-orphan", order_by="SchemeEntry.position")

    __mapper_args__ = {"version_id_col": version}


class SchemeEntry(SchoolOwned, Base):
    """A module in a scheme of work, and the half-term it belongs in."""

    __tablename__ = "scheme_entry"
    __table_args__ = owned(
        owned_fk("scheme_of_work_id", "scheme_of_work", ondelete="CASCADE"),
        UniqueConstraint("scheme_of_work_id", "module_id"),
        CheckConstraint("position > 0", name="position_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_of_work_id: Mapped[int]
    module_id: Mapped[str] = mapped_column(String(20))
    block: Mapped[HalfTermBlock]
    position: Mapped[int]


class PlannedLesson(SchoolOwned, Base):
    """An intention: this class, this lesson, this date. A make-good lesson names the planned lesson it completes."""

    __tablename__ = "planned_lesson"
    __table_args__ = owned(
        owned_fk("teaching_group_id", "teaching_group", ondelete="CASCADE"),
        owned_fk("make_good_of", "planned_lesson"),
        CheckConstraint("lesson_number > 0", name="lesson_number_positive"),
        CheckConstraint("state <> 'planned' OR planned_on IS NOT NULL", name="planned_on_when_planned"),
        CheckConstraint("state <> 'unplaced' OR planned_on IS NULL", name="no_day_when_unplaced"),
        Index("uq_planned_lesson_standing", "school_id", "teaching_group_id", "module_id", "lesson_number", unique=True,
              sqlite_where=text("state <> 'withdrawn' AND make_good_of IS NULL"),
              postgresql_where=text("state <> 'withdrawn' AND make_good_of IS NULL")),
        Index("ix_planned_lesson_group_day", "school_id", "teaching_group_id", "planned_on"),
        Index("ix_planned_lesson_day", "school_id", "planned_on"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    teaching_group_id: Mapped[int]
    module_id: Mapped[str] = mapped_column(String(20))
    lesson_number: Mapped[int]
    block: Mapped[HalfTermBlock]
    planned_on: Mapped[date | None]
    state: Mapped[PlanState] = mapped_column(default=PlanState.PLANNED)
    moved_by_hand: Mapped[bool] = mapped_column(default=False)
    make_good_of: Mapped[int | None]
    planned_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    teaching_group: Mapped[TeachingGroup] = relationship(lazy="raise", viewonly=True)

    __mapper_args__ = {"version_id_col": version}
