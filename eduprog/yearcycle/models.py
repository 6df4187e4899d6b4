"""Table of roll-overs from one academic year to the next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from eduprog.core.db import Base
from eduprog.core.tenancy import SchoolOwned, owned, owned_fk


class RollOver(SchoolOwned, Base):
    """The step of a school from one academic year to the next; undone, it stays on record."""

    __tablename__ = "roll_over"
    __table_args__ = owned(
        owned_fk("from_year_id", "academic_year", ondelete="CASCADE"),
        owned_fk("to_year_id", "academic_year", ondelete="CASCADE"),
        CheckConstraint("from_year_id <> to_year_id", name="to_another_year"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_at_with_undone_by"),
        Index("uq_roll_over_standing", "school_id", "from_year_id", unique=True,
              sqlite_where=text("undone_at IS NULL"), postgresql_where=text("undone_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    from_year_id: Mapped[int]
    to_year_id: Mapped[int]
    applied_at: Mapped[datetime]
    applied_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    undo_record: Mapped[dict[str, Any]]  # ids of the classes it opened and of the class codes it closed
