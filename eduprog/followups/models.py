"""Table of follow-ups."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eduprog.core.db import Base
from eduprog.core.tenancy import SchoolOwned, owned, owned_fk
from eduprog.curriculum.vocabulary import FollowUpPoint
from eduprog.followups.rules import EndReason, FollowUpState, PlacementState
from eduprog.school.models import TeachingGroup


class FollowUp(SchoolOwned, Base):
    """A dated duty that a delivery created: R1 to R4. One of each for a delivery and class, ever.

    One that a class gives because a class that fed it was taught the lesson names the other's in `carried_from_id`.
    `lesson_undone` says that the record of its lesson was undone: what was done by then stays done, and counts. `done_by` is
    empty where a supply teacher gave it.
    """

    __tablename__ = "follow_up"
    __table_args__ = owned(
        owned_fk("teaching_group_id", "teaching_group"),
        owned_fk("delivery_id", "delivery"),
        owned_fk("carried_from_id", "follow_up"),
        UniqueConstraint("delivery_id", "point", "teaching_group_id"),
        CheckConstraint("(placement = 'placed') = (due_on IS NOT NULL)", name="due_on_when_placed"),
        CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", name="done_on_when_done"),
        CheckConstraint("done_by IS NULL OR done_on IS NOT NULL", name="done_by_when_done"),
        CheckConstraint("(state IN ('skipped', 'withdrawn')) = (end_reason IS NOT NULL)", name="reason_when_ended"),
        CheckConstraint("(opens_on IS NULL) = (closes_on IS NULL)", name="opens_on_with_closes_on"),
        CheckConstraint("closes_on >= opens_on", name="closes_after_opening"),
        Index("ix_follow_up_group_due", "school_id", "teaching_group_id", "due_on"),
        Index("ix_follow_up_state_due", "school_id", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    teaching_group_id: Mapped[int]
    delivery_id: Mapped[int]
    module_id: Mapped[str] = mapped_column(String(20))
    point: Mapped[FollowUpPoint]
    taught_on: Mapped[date]
    opens_on: Mapped[date | None]
    closes_on: Mapped[date | None]
    placement: Mapped[PlacementState]
    due_on: Mapped[date | None] = mapped_column(active_history=True)
    state: Mapped[FollowUpState] = mapped_column(default=FollowUpState.DUE, active_history=True)
    end_reason: Mapped[EndReason | None]
    done_on: Mapped[date | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    carried_from_id: Mapped[int | None] = mapped_column(index=True)
    lesson_undone: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    teaching_group: Mapped[TeachingGroup] = relationship(lazy="raise", viewonly=True)

    __mapper_args__ = {"version_id_col": version}
