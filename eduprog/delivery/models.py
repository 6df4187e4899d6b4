"""Tables of deliveries and of lessons that did not happen."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eduprog.core.db import Base
from eduprog.core.tenancy import SchoolOwned, owned, owned_fk
from eduprog.delivery.rules import LessonOutcome, NotTaughtReason
from eduprog.planning.models import PlannedLesson
from eduprog.school.models import TeachingGroup
from eduprog.school.rules import HalfTermBlock


class Delivery(SchoolOwned, Base):
    """The record that a lesson was taught: which revision, when, how fully. Undone, it is withdrawn, not deleted.

    `away` counts how many missed it, `caught_up` how many of those took the short route since; never who.
    """

    __tablename__ = "delivery"
    __table_args__ = owned(
        owned_fk("teaching_group_id", "teaching_group"),
        owned_fk("planned_lesson_id", "planned_lesson"),
        CheckConstraint("outcome <> 'not_taught'", name="was_taught"),
        CheckConstraint("away BETWEEN 0 AND 400", name="away_in_range"),
        CheckConstraint("caught_up BETWEEN 0 AND away", name="caught_up_of_those_away"),
        CheckConstraint("(away IS NULL) = (caught_up IS NULL)", name="away_with_caught_up"),
        CheckConstraint("minutes BETWEEN 1 AND 300", name="minutes_in_range"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_at_with_withdrawn_by"),
        Index("uq_delivery_standing", "school_id", "planned_lesson_id", unique=True,
              sqlite_where=text("withdrawn_at IS NULL"), postgresql_where=text("withdrawn_at IS NULL")),
        Index("uq_delivery_once_key", "school_id", "once_key", unique=True,
              sqlite_where=text("once_key IS NOT NULL"), postgresql_where=text("once_key IS NOT NULL")),
        Index("ix_delivery_group_day", "school_id", "teaching_group_id", "taught_on"),
        Index("ix_delivery_module", "school_id", "module_id", "taught_on"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    teaching_group_id: Mapped[int]
    planned_lesson_id: Mapped[int | None]
    module_id: Mapped[str] = mapped_column(String(20))
    lesson_number: Mapped[int]
    revision: Mapped[int]
    block: Mapped[HalfTermBlock]
    taught_on: Mapped[date]
    outcome: Mapped[LessonOutcome]
    minutes: Mapped[int]
    taught_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    once_key: Mapped[str | None] = mapped_column(String(64))
    away: Mapped[int | None]
    caught_up: Mapped[int | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    steps: Mapped[list[DeliveryStep]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="DeliveryStep.step_number"
    )
    teaching_group: Mapped[TeachingGroup] = relationship(lazy="raise", viewonly=True)
    planned_lesson: Mapped[PlannedLesson | None] = relationship(lazy="raise", viewonly=True)


class DeliveryStep(SchoolOwned, Base):
    """A step that was done, where a lesson was adapted or part taught."""

    __tablename__ = "delivery_step"
    __table_args__ = owned(
        owned_fk("delivery_id", "delivery", ondelete="CASCADE"),
        UniqueConstraint("delivery_id", "step_number"),
        CheckConstraint("step_number > 0", name="step_number_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int]
    step_number: Mapped[int]


class MissedLesson(SchoolOwned, Base):
    """A planned lesson that was not taught on its day, and why."""

    __tablename__ = "missed_lesson"
    __table_args__ = owned(
        owned_fk("planned_lesson_id", "planned_lesson", ondelete="CASCADE"),
        UniqueConstraint("planned_lesson_id", "planned_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    planned_lesson_id: Mapped[int]
    planned_on: Mapped[date]
    reason: Mapped[NotTaughtReason]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class SupplyLink(SchoolOwned, Base):
    """A link by which somebody without an account takes one lesson on one day. It holds no name; it can be revoked."""

    __tablename__ = "supply_link"
    __table_args__ = owned(
        owned_fk("planned_lesson_id", "planned_lesson", ondelete="CASCADE"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked_at_with_revoked_by"),
        Index("uq_supply_link_standing", "school_id", "planned_lesson_id", unique=True,
              sqlite_where=text("revoked_at IS NULL"), postgresql_where=text("revoked_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    planned_lesson_id: Mapped[int]
    valid_on: Mapped[date]
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class FirstLook(SchoolOwned, Base):
    """The safeguarding lead's "see me first" on one planned lesson, until they clear it. No reason is stored."""

    __tablename__ = "first_look"
    __table_args__ = owned(
        owned_fk("planned_lesson_id", "planned_lesson", ondelete="CASCADE"),
        CheckConstraint("(cleared_at IS NULL) = (cleared_by IS NULL)", name="cleared_at_with_cleared_by"),
        Index("uq_first_look_standing", "school_id", "planned_lesson_id", unique=True,
              sqlite_where=text("cleared_at IS NULL"), postgresql_where=text("cleared_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    planned_lesson_id: Mapped[int]
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    cleared_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    cleared_at: Mapped[datetime | None]
