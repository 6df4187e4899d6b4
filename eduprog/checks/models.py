"""Tables of counted slips. A count names a class, a module, a moment and an answer; no slip and no child has a row."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eduprog.checks.rules import Counted, Moment
from eduprog.core.db import Base
from eduprog.core.tenancy import SchoolOwned, owned, owned_fk


class CheckTally(SchoolOwned, Base):
    """The slips of one class on one module at one moment, counted together, or boys and girls apart."""

    __tablename__ = "check_tally"
    __table_args__ = owned(
        owned_fk("teaching_group_id", "teaching_group", ondelete="CASCADE"),
        UniqueConstraint("teaching_group_id", "module_id", "moment", "counted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    teaching_group_id: Mapped[int]
    module_id: Mapped[str] = mapped_column(String(20))
    revision: Mapped[int]
    moment: Mapped[Moment]
    counted: Mapped[Counted]
    held_on: Mapped[date]
    entered_at: Mapped[datetime]
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    answers: Mapped[list[CheckAnswer]] = relationship(lazy="raise", cascade="all, delete-orphan", order_by="CheckAnswer.id")

    __mapper_args__ = {"version_id_col": version}


class CheckAnswer(SchoolOwned, Base):
    """How many slips chose one answer of one question; `is_right` as the module said when they were counted."""

    __tablename__ = "check_answer"
    __table_args__ = owned(
        owned_fk("check_tally_id", "check_tally", ondelete="CASCADE"),
        UniqueConstraint("check_tally_id", "question", "answer"),
        CheckConstraint("answer BETWEEN 1 AND 9", name="answer_in_range"),
        CheckConstraint("slips BETWEEN 0 AND 400", name="slips_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    check_tally_id: Mapped[int]
    question: Mapped[str] = mapped_column(String(60))
    answer: Mapped[int]
    slips: Mapped[int]
    is_right: Mapped[bool]
