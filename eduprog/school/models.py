"""Tables of academic years, closures, classes and when they meet."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eduprog.accounts.models import Person
from eduprog.core.db import Base
from eduprog.core.tenancy import SchoolOwned, owned, owned_fk
from eduprog.curriculum.vocabulary import Stage, YearGroup
from eduprog.school.rules import (
    CalendarChangeKind,
    ClosureKind,
    HalfTermBlock,
    ImportChoiceKind,
    ImportKind,
    ImportState,
    SlotKind,
    StageReason,
    WeekLetter,
    WeekLetterRule,
)
from eduprog.school.rules.date_texts import academic_year_of


class AcademicYear(SchoolOwned, Base):
    """One school year; its six half-terms say when school is open."""

    __tablename__ = "academic_year"
    __table_args__ = owned(
        UniqueConstraint("school_id", "starts_on"),
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint("week_cycle IN (1, 2)", name="one_or_two_weeks"),
        CheckConstraint("(week_cycle = 2) = (first_week_a IS NOT NULL)", name="week_a_with_two_weeks"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    week_cycle: Mapped[int] = mapped_column(default=1)
    first_week_a: Mapped[date | None]
    week_letter_rule: Mapped[WeekLetterRule] = mapped_column(default=WeekLetterRule.CALENDAR_WEEKS)

    half_terms: Mapped[list[HalfTerm]] = relationship(lazy="raise", order_by="HalfTerm.first_day", cascade="all, delete-orphan")

    @property
    def starting(self) -> int:
        """The calendar year it starts in, even where only its later half-terms are known."""
        return academic_year_of(self.starts_on)

    @property
    def name(self) -> str:
        """The words for it on pages, such as "2026 to 2027"."""
        return f"{self.starting} to {self.starting + 1}"


class HalfTerm(SchoolOwned, Base):
    """One of six teaching blocks."""

    __tablename__ = "half_term"
    __table_args__ = owned(
        owned_fk("academic_year_id", "academic_year", ondelete="CASCADE"),
        UniqueConstraint("academic_year_id", "block"),
        CheckConstraint("last_day >= first_day", name="last_day_not_before_first"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academic_year_id: Mapped[int]
    block: Mapped[HalfTermBlock]
    first_day: Mapped[date]
    last_day: Mapped[date]


class Closure(SchoolOwned, Base):
    """A day of term on which the school is shut to pupils; bank holidays are known without it."""

    __tablename__ = "closure"
    __table_args__ = owned(UniqueConstraint("school_id", "day"))

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    kind: Mapped[ClosureKind]
    added_at: Mapped[datetime]


class CalendarChange(SchoolOwned, Base):
    """One import of term dates, from its preview to its undoing, or one closing of days. It holds dates, never a person."""

    __tablename__ = "calendar_change"
    __table_args__ = owned(
        CheckConstraint("(applied_at IS NOT NULL) = (state IN ('applied', 'undone'))", name="applied_at_when_applied"),
        CheckConstraint("(undone_at IS NOT NULL) = (state = 'undone')", name="undone_at_when_undone"),
        CheckConstraint("wanted_year BETWEEN 2000 AND 2099", name="wanted_year_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[CalendarChangeKind]
    state: Mapped[ImportState] = mapped_column(default=ImportState.PREVIEWED)
    wanted_year: Mapped[int | None]
    started_at: Mapped[datetime]
    started_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    read: Mapped[dict[str, Any]]  # what the source says; emptied once applied or dropped
    answers: Mapped[dict[str, Any]]
    undo_record: Mapped[dict[str, Any]]  # the calendar before and after, and what moved with it


class TeachingGroup(SchoolOwned, Base):
    """A class: pupils taught together in one academic year. `size` is a count; no pupil is ever stored.

    Its follow-ups are given where `host_group_id` meets (itself if None), in slots of `host_kind` (any if None), by
    `host_owner_id` (the lead teacher of the host if None).
    """

    __tablename__ = "teaching_group"
    __table_args__ = owned(
        owned_fk("academic_year_id", "academic_year"),
        owned_fk("host_group_id", "teaching_group"),
        UniqueConstraint("academic_year_id", "name"),
        CheckConstraint("host_group_id <> id", name="host_is_another_class"),
        CheckConstraint("size IS NULL OR size BETWEEN 1 AND 400", name="size_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academic_year_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(40))
    stage: Mapped[Stage]
    stage_reason: Mapped[StageReason | None]
    size: Mapped[int | None]
    lead_teacher_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    ended_on: Mapped[date | None]
    host_group_id: Mapped[int | None] = mapped_column(index=True)
    host_kind: Mapped[SlotKind | None]
    host_owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)

    years: Mapped[list[TeachingGroupYear]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="TeachingGroupYear.id"
    )
    slots: Mapped[list[MeetingSlot]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="MeetingSlot.weekday, MeetingSlot.starts_at"
    )
    lead_teacher: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[lead_teacher_id])

    __mapper_args__ = {"version_id_col": version}

    @property
    def year_groups(self) -> tuple[YearGroup, ...]:
        """The year groups in this class; more than one if it is mixed-age. Needs `years` loaded."""
        return tuple(row.year_group for row in self.years)

    @property
    def lead_name(self) -> str | None:
        """The name of its lead teacher. Needs `lead_teacher` loaded."""
        return self.lead_teacher.name if self.lead_teacher else None


class TeachingGroupYear(SchoolOwned, Base):
    """A year group that is in a class."""

    __tablename__ = "teaching_group_year"
    __table_args__ = owned(
        owned_fk("teaching_group_id", "teaching_group", ondelete="CASCADE"), UniqueConstraint("teaching_group_id", "year_group")
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    teaching_group_id: Mapped[int]
    year_group: Mapped[YearGroup]


class ClassSuccessor(SchoolOwned, Base):
    """Which class of the next academic year pupils of a class go to; several may feed one, and one may feed several."""

    __tablename__ = "class_successor"
    __table_args__ = owned(
        owned_fk("from_group_id", "teaching_group", ondelete="CASCADE"),
        owned_fk("to_group_id", "teaching_group", ondelete="CASCADE"),
        UniqueConstraint("from_group_id", "to_group_id"),
        CheckConstraint("from_group_id <> to_group_id", name="goes_to_another_class"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_group_id: Mapped[int]
    to_group_id: Mapped[int] = mapped_column(index=True)


class MeetingSlot(SchoolOwned, Base):
    """A time in the week at which a class meets for PSHE, tutor time or assembly."""

    __tablename__ = "meeting_slot"
    __table_args__ = owned(
        owned_fk("teaching_group_id", "teaching_group", ondelete="CASCADE"),
        CheckConstraint("weekday BETWEEN 0 AND 4", name="on_a_weekday"),
        CheckConstraint("minutes BETWEEN 5 AND 300", name="minutes_in_range"),
        UniqueConstraint("teaching_group_id", "weekday", "week", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    teaching_group_id: Mapped[int]
    weekday: Mapped[int]
    week: Mapped[WeekLetter | None]
    starts_at: Mapped[time]
    minutes: Mapped[int]
    kind: Mapped[SlotKind]


class ImportRun(SchoolOwned, Base):
    """One import of staff and classes, from its preview to its undoing. It holds staff, classes and counts; never a pupil."""

    __tablename__ = "import_run"
    __table_args__ = owned(
        owned_fk("academic_year_id", "academic_year", ondelete="CASCADE"),
        CheckConstraint("(applied_at IS NOT NULL) = (state IN ('applied', 'undone'))", name="applied_at_when_applied"),
        CheckConstraint("(undone_at IS NOT NULL) = (state = 'undone')", name="undone_at_when_undone"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academic_year_id: Mapped[int]
    kind: Mapped[ImportKind]
    state: Mapped[ImportState] = mapped_column(default=ImportState.PREVIEWED)
    started_at: Mapped[datetime]
    started_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    file_digest: Mapped[str] = mapped_column(String(64))
    read: Mapped[dict[str, Any]]  # what the files say; emptied once applied or dropped
    answers: Mapped[dict[str, Any]]
    counts: Mapped[dict[str, Any]]
    undo_record: Mapped[dict[str, Any]]  # what it takes to undo it; emptied when it can no longer be undone


class ImportChoice(SchoolOwned, Base):
    """What a school said about files of this shape, kept for the next time. `key_digest` is of the column headings."""

    __tablename__ = "import_choice"
    __table_args__ = owned(UniqueConstraint("school_id", "kind", "key_digest"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ImportChoiceKind]
    key_digest: Mapped[str] = mapped_column(String(64))
    chosen: Mapped[dict[str, Any]]
    chosen_at: Mapped[datetime]


class ImportedClass(SchoolOwned, Base):
    """Which class a class of another system became, by keyed hash of its id there, and what that system last said of it."""

    __tablename__ = "imported_class"
    __table_args__ = owned(
        owned_fk("teaching_group_id", "teaching_group", ondelete="CASCADE"), UniqueConstraint("school_id", "source_digest")
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ImportKind]
    source_digest: Mapped[str] = mapped_column(String(64))
    teaching_group_id: Mapped[int]
    last_said: Mapped[dict[str, Any]]


class ImportedPerson(SchoolOwned, Base):
    """Which member of staff a user of another system is, by keyed hash of their id there."""

    __tablename__ = "imported_person"
    __table_args__ = owned(UniqueConstraint("school_id", "source_digest"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ImportKind]
    source_digest: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)


class ImportedEnrolment(SchoolOwned, Base):
    """A keyed hash of an enrolment's id with its class, for changes and undo. It names nobody; roll-over drops it."""

    __tablename__ = "imported_enrolment"
    __table_args__ = owned(
        owned_fk("teaching_group_id", "teaching_group", ondelete="CASCADE"), UniqueConstraint("school_id", "source_digest")
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_digest: Mapped[str] = mapped_column(String(64))
    teaching_group_id: Mapped[int]
