"""Tables of schemes of work and planned lessons."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eduprog.core.db import Base
from eduprog.core.tenancy import SchoolOwned, owned, owned_fk
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.planning.rules import PlanState, RunKind, WhyUnplaced
from eduprog.school.models import TeachingGroup
from eduprog.school.rules import HalfTermBlock, SlotKind


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


class PlanningRun(SchoolOwned, Base):
    """One press of "plan": what it added carries its id, what it changed stands in `PlanningChange`, so that it can be undone."""

    __tablename__ = "planning_run"
    __table_args__ = owned(
        owned_fk("academic_year_id", "academic_year", ondelete="CASCADE"),
        CheckConstraint("added >= 0 AND moved >= 0 AND withdrawn >= 0 AND unplaced >= 0", name="counts_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academic_year_id: Mapped[int]
    kind: Mapped[RunKind]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added: Mapped[int]
    moved: Mapped[int]
    withdrawn: Mapped[int]
    unplaced: Mapped[int]
    undone_at: Mapped[datetime | None]


def _words(members: type[StrEnum]) -> Enum:
    """Give the type of a column of these words whose check is written by `_one_of`."""
    return Enum(members, native_enum=False, create_constraint=False, length=40, values_callable=lambda every: [*every])


def _one_of(column: str, members: type[StrEnum]) -> CheckConstraint:
    """Let a column hold these words only. SQLite makes a table of a list of words for every statement and looks each row up in
    it, which takes longer than storing the row; compared word by word the check costs next to nothing.
    """
    return CheckConstraint(" OR ".join(f"{column} = '{one.value}'" for one in members), name=members.__name__.lower())


class PlannedLesson(SchoolOwned, Base):
    """An intention: this class, this lesson, this date. A make-good lesson names the planned lesson it completes.

    `part` is 0 for a whole lesson, else the number of the part a short meeting has room for. `starts_at` and `minutes` say
    when it is, where the meeting is known. `recorded` is told by the delivery, so that planning again leaves it alone.
    """

    __tablename__ = "planned_lesson"
    __table_args__ = owned(
        owned_fk("teaching_group_id", "teaching_group", ondelete="CASCADE").ddl_if(dialect="sqlite"),
        owned_fk("make_good_of", "planned_lesson"),
        owned_fk("planning_run_id", "planning_run").ddl_if(dialect="sqlite"),
        _one_of("block", HalfTermBlock),
        _one_of("state", PlanState),
        _one_of("why_unplaced", WhyUnplaced),
        CheckConstraint("lesson_number > 0", name="lesson_number_positive"),
        CheckConstraint("part BETWEEN 0 AND 9", name="part_in_range"),
        CheckConstraint("minutes BETWEEN 1 AND 300", name="minutes_in_range"),
        CheckConstraint("(starts_at IS NULL) = (minutes IS NULL)", name="starts_at_with_minutes"),
        CheckConstraint("state = 'unplaced' OR why_unplaced IS NULL", name="why_only_when_unplaced"),
        CheckConstraint("state <> 'planned' OR planned_on IS NOT NULL", name="planned_on_when_planned"),
        CheckConstraint("state <> 'unplaced' OR planned_on IS NULL", name="no_day_when_unplaced"),
        Index("uq_planned_lesson_standing", "school_id", "teaching_group_id", "module_id", "lesson_number", "part", unique=True,
              sqlite_where=text("state <> 'withdrawn' AND make_good_of IS NULL"),
              postgresql_where=text("state <> 'withdrawn' AND make_good_of IS NULL")),
        Index("ix_planned_lesson_group_day", "school_id", "teaching_group_id", "planned_on"),
        Index("ix_planned_lesson_day", "school_id", "planned_on"),
        Index("ix_planned_lesson_covered_by", "covered_by",
              sqlite_where=text("covered_by IS NOT NULL"), postgresql_where=text("covered_by IS NOT NULL")),
    )  # fmt: skip

    school_id: Mapped[int] = mapped_column()
    """Without an index of its own, as four others begin with it, and without a foreign key of its own, as its class has the
    same school or is refused: every one costs when a year is planned.
    """
    id: Mapped[int] = mapped_column(primary_key=True)
    teaching_group_id: Mapped[int]
    module_id: Mapped[str] = mapped_column(String(20))
    lesson_number: Mapped[int]
    part: Mapped[int] = mapped_column(default=0)
    block: Mapped[HalfTermBlock] = mapped_column(_words(HalfTermBlock))
    planned_on: Mapped[date | None]
    starts_at: Mapped[time | None]
    minutes: Mapped[int | None]
    state: Mapped[PlanState] = mapped_column(_words(PlanState), default=PlanState.PLANNED)
    why_unplaced: Mapped[WhyUnplaced | None] = mapped_column(_words(WhyUnplaced))
    moved_by_hand: Mapped[bool] = mapped_column(default=False)
    recorded: Mapped[bool] = mapped_column(default=False)
    covered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    make_good_of: Mapped[int | None]
    planning_run_id: Mapped[int | None]
    planned_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    teaching_group: Mapped[TeachingGroup] = relationship(lazy="raise", viewonly=True)

    __mapper_args__ = {"version_id_col": version}


class PlanningChange(SchoolOwned, Base):
    """Where a lesson stood before a planning run moved or withdrew it."""

    __tablename__ = "planning_change"
    __table_args__ = owned(
        owned_fk("planning_run_id", "planning_run", ondelete="CASCADE"),
        owned_fk("planned_lesson_id", "planned_lesson", ondelete="CASCADE"),
        UniqueConstraint("planning_run_id", "planned_lesson_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    planning_run_id: Mapped[int]
    planned_lesson_id: Mapped[int]
    was_on: Mapped[date | None]
    was_at: Mapped[time | None]
    was_minutes: Mapped[int | None]
    was_block: Mapped[HalfTermBlock]
    was_state: Mapped[PlanState]
    was_unplaced: Mapped[WhyUnplaced | None]
    left_version: Mapped[int]


class ClassTiming(SchoolOwned, Base):
    """What is special about planning one class: which meetings to use, and whether sensitive lessons may stand anywhere."""

    __tablename__ = "class_timing"
    __table_args__ = owned(
        owned_fk("teaching_group_id", "teaching_group", ondelete="CASCADE"), UniqueConstraint("teaching_group_id")
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    teaching_group_id: Mapped[int]
    slot_kind: Mapped[SlotKind | None]
    sensitive_any_time: Mapped[bool] = mapped_column(default=False)


class CarouselBlock(SchoolOwned, Base):
    """A half-term in which a class of a carousel meets us; a class with none meets us all year."""

    __tablename__ = "carousel_block"
    __table_args__ = owned(
        owned_fk("teaching_group_id", "teaching_group", ondelete="CASCADE"), UniqueConstraint("teaching_group_id", "block")
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    teaching_group_id: Mapped[int]
    block: Mapped[HalfTermBlock]


class DropDownDay(SchoolOwned, Base):
    """A day on which the timetable of a year group gives way to a few lessons in a row."""

    __tablename__ = "drop_down_day"
    __table_args__ = owned(
        owned_fk("academic_year_id", "academic_year", ondelete="CASCADE"),
        UniqueConstraint("academic_year_id", "day", "year_group"),
        CheckConstraint("periods BETWEEN 1 AND 8", name="periods_in_range"),
        CheckConstraint("minutes BETWEEN 5 AND 120", name="minutes_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academic_year_id: Mapped[int]
    day: Mapped[date]
    year_group: Mapped[YearGroup]
    starts_at: Mapped[time]
    periods: Mapped[int]
    minutes: Mapped[int]


class CalendarFeed(SchoolOwned, Base):
    """A private address at which a calendar program reads the lessons of one teacher or one class."""

    __tablename__ = "calendar_feed"
    __table_args__ = owned(
        owned_fk("teaching_group_id", "teaching_group", ondelete="CASCADE"),
        UniqueConstraint("token_hash"),
        CheckConstraint("(person_id IS NULL) <> (teaching_group_id IS NULL)", name="of_a_person_or_a_class"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    token_encrypted: Mapped[str] = mapped_column(String(255))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    teaching_group_id: Mapped[int | None]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None]
