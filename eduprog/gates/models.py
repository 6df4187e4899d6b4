"""Tables of gate decisions and pauses."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from eduprog.core.db import Base
from eduprog.core.tenancy import SchoolOwned, owned, owned_fk
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.gates.rules import Agreed, AheadReason, Condition, GateReason, PauseScope, SignOffReason


class GateDecision(SchoolOwned, Base):
    """A condition of a module, met for a year group in an academic year.

    Of the withdrawal register, which stays in the school's own system, only a count is kept: `withdrawn`.
    """

    __tablename__ = "gate_decision"
    __table_args__ = owned(
        owned_fk("academic_year_id", "academic_year", ondelete="CASCADE"),
        UniqueConstraint("school_id", "academic_year_id", "module_id", "year_group", "condition"),
        CheckConstraint("(withdrawn IS NOT NULL) = (condition = 'withdrawals_checked')", name="withdrawn_when_checked"),
        CheckConstraint("withdrawn BETWEEN 0 AND 500", name="withdrawn_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academic_year_id: Mapped[int]
    module_id: Mapped[str] = mapped_column(String(20))
    year_group: Mapped[YearGroup]
    condition: Mapped[Condition]
    reason: Mapped[GateReason] = mapped_column(default=GateReason.DONE)
    withdrawn: Mapped[int | None]
    decided_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]


class WentAhead(SchoolOwned, Base):
    """A lesson that began on a day although conditions were missing: who let it go on, and why, from a closed list."""

    __tablename__ = "went_ahead"
    __table_args__ = owned(
        owned_fk("teaching_group_id", "teaching_group", ondelete="CASCADE"),
        UniqueConstraint("school_id", "teaching_group_id", "module_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    teaching_group_id: Mapped[int]
    module_id: Mapped[str] = mapped_column(String(20))
    day: Mapped[date]
    missing: Mapped[str] = mapped_column(String(200))
    reason: Mapped[AheadReason]
    decided_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]


class AheadNotice(SchoolOwned, Base):
    """One head of PSHE who is told that a lesson went ahead."""

    __tablename__ = "ahead_notice"
    __table_args__ = owned(
        owned_fk("went_ahead_id", "went_ahead", ondelete="CASCADE"), UniqueConstraint("went_ahead_id", "person_id")
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    went_ahead_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Pause(SchoolOwned, Base):
    """A module, strand or year group on hold. No reason is stored."""

    __tablename__ = "pause"
    __table_args__ = owned(
        CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted_at_with_lifted_by"),
        Index("uq_pause_standing", "school_id", "scope", "subject", unique=True,
              sqlite_where=text("lifted_at IS NULL"), postgresql_where=text("lifted_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[PauseScope]
    subject: Mapped[str] = mapped_column(String(20))
    started_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime]
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    lifted_at: Mapped[datetime | None]


class TrainedTeacher(SchoolOwned, Base):
    """A person of the school who is trained to teach sensitive lessons (gate G1), as the school has recorded it."""

    __tablename__ = "trained_teacher"
    __table_args__ = owned(UniqueConstraint("school_id", "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class DeputyCover(SchoolOwned, Base):
    """Days on which a deputy stands in for the designated safeguarding lead."""

    __tablename__ = "deputy_cover"
    __table_args__ = owned(
        UniqueConstraint("school_id", "first_day"), CheckConstraint("last_day >= first_day", name="last_day_not_before_first")
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(120), default="")
    first_day: Mapped[date]
    last_day: Mapped[date]
    added_at: Mapped[datetime]


class ClosedSignOff(SchoolOwned, Base):
    """A session of a closed pack (gate G2), opened for one class, one teacher and some days; of what led to it nothing is kept.

    Parents and carers were told on `parents_told_on`. It ends by itself after `closes_on`, or when somebody ends it.
    """

    __tablename__ = "closed_sign_off"
    __table_args__ = owned(
        owned_fk("teaching_group_id", "teaching_group", ondelete="CASCADE"),
        CheckConstraint("closes_on > parents_told_on", name="closes_after_parents_told"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_at_with_ended_by"),
        Index("uq_closed_sign_off_standing", "school_id", "teaching_group_id", unique=True,
              sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    teaching_group_id: Mapped[int]
    act_id: Mapped[str] = mapped_column(String(60))
    teacher_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    agreed: Mapped[Agreed]
    reason: Mapped[SignOffReason]
    parents_told_on: Mapped[date]
    closes_on: Mapped[date]
    signed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
