"""Tables of what was sent to staff, and of what each person wants to hear about."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eduprog.core.db import Base
from eduprog.core.tenancy import SchoolOwned, owned, owned_fk
from eduprog.reminders.rules import About, ReminderKind


class ReminderChoice(SchoolOwned, Base):
    """What a person said about one kind of reminder in a school. Who said nothing gets the usual."""

    __tablename__ = "reminder_choice"
    __table_args__ = owned(UniqueConstraint("school_id", "person_id", "about"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    about: Mapped[About]
    wanted: Mapped[bool]
    changed_at: Mapped[datetime]


class ReminderRound(SchoolOwned, Base):
    """One making of a school's reminders of a kind, for a week (its Monday) or a day. There is never a second."""

    __tablename__ = "reminder_round"
    __table_args__ = owned(
        UniqueConstraint("school_id", "kind", "day"), CheckConstraint("reminders >= 0", name="reminders_not_negative")
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ReminderKind]
    day: Mapped[date]
    made_at: Mapped[datetime]
    reminders: Mapped[int]


class Reminder(SchoolOwned, Base):
    """A message to one person: of a week (`day` is its Monday) or made on a day. It holds no text."""

    __tablename__ = "reminder"
    __table_args__ = owned(
        UniqueConstraint("school_id", "person_id", "kind", "day"),
        Index("ix_reminder_made", "school_id", "made_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ReminderKind]
    day: Mapped[date]
    made_on: Mapped[date]


class ReminderLesson(SchoolOwned, Base):
    """A lesson without a record, and the one reminder that asked after it; on another day it is asked after anew."""

    __tablename__ = "reminder_lesson"
    __table_args__ = owned(
        owned_fk("reminder_id", "reminder", ondelete="CASCADE"),
        owned_fk("planned_lesson_id", "planned_lesson", ondelete="CASCADE"),
        UniqueConstraint("planned_lesson_id", "planned_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reminder_id: Mapped[int] = mapped_column(index=True)
    planned_lesson_id: Mapped[int]
    planned_on: Mapped[date]
