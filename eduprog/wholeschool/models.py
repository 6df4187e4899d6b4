"""The table of a school's acts."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from eduprog.core.db import Base
from eduprog.core.tenancy import SchoolOwned, owned, owned_fk
from eduprog.curriculum.vocabulary import ActKind, Aspect
from eduprog.wholeschool.rules import ActState, DropReason


class WholeSchoolAct(SchoolOwned, Base):
    """A dated duty of the whole school. `act_id` names the act of the library it follows, if any; its history is in the audit.

    `attended` is a count of people and no list. `evidence` is one sentence on what happened; its form says not to write
    about a child.
    """

    __tablename__ = "whole_school_act"
    __table_args__ = owned(
        owned_fk("academic_year_id", "academic_year", ondelete="CASCADE"),
        CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", name="done_on_when_done"),
        CheckConstraint("(state = 'dropped') = (drop_reason IS NOT NULL)", name="reason_when_dropped"),
        CheckConstraint("attended IS NULL OR (state = 'done' AND attended BETWEEN 1 AND 5000)", name="attended_when_done"),
        CheckConstraint("evidence = '' OR state = 'done'", name="evidence_when_done"),
        Index("ix_whole_school_act_year", "school_id", "academic_year_id", "due_on"),
        Index("ix_whole_school_act_owner", "school_id", "owner_id", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academic_year_id: Mapped[int]
    kind: Mapped[ActKind]
    aspect: Mapped[Aspect]
    act_id: Mapped[str | None] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(80), default="")
    due_on: Mapped[date]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    state: Mapped[ActState] = mapped_column(default=ActState.PLANNED)
    done_on: Mapped[date | None]
    attended: Mapped[int | None]
    evidence: Mapped[str] = mapped_column(String(300), default="")
    drop_reason: Mapped[DropReason | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
