"""Tables of schools and school groups."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eduprog.core.db import Base
from eduprog.core.tenancy import SchoolOwned, owned
from eduprog.organisations.rules import GroupKind, Nation, Phase


class SchoolGroup(Base):
    """A trust, federation or authority over several schools."""

    __tablename__ = "school_group"
    __table_args__ = (UniqueConstraint("slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    slug: Mapped[str] = mapped_column(String(60))
    kind: Mapped[GroupKind]
    created_at: Mapped[datetime]


class School(Base):
    """One school, the controller of its data."""

    __tablename__ = "school"
    __table_args__ = (UniqueConstraint("slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    school_group_id: Mapped[int | None] = mapped_column(ForeignKey("school_group.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    slug: Mapped[str] = mapped_column(String(60))
    nation: Mapped[Nation]
    phase: Mapped[Phase]
    contact_email: Mapped[str] = mapped_column(String(254))
    contact_phone: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]


class SchoolSettings(SchoolOwned, Base):
    """What a school has chosen, and what its help card says."""

    __tablename__ = "school_settings"
    __table_args__ = owned(
        UniqueConstraint("school_id"),
        CheckConstraint("digest_weekday BETWEEN 0 AND 4", name="digest_on_a_weekday"),
        CheckConstraint("weekly_follow_up_cap BETWEEN 1 AND 20", name="weekly_follow_up_cap_in_range"),
        CheckConstraint("quiet_until < quiet_from", name="quiet_overnight"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    digest_weekday: Mapped[int] = mapped_column(default=3)  # Thursday: Friday is when schools send everything else
    digest_time: Mapped[time] = mapped_column(default=time(16, 30))
    staff_digest_time: Mapped[time] = mapped_column(default=time(7, 0))
    quiet_from: Mapped[time] = mapped_column(default=time(19, 0))
    quiet_until: Mapped[time] = mapped_column(default=time(7, 0))
    weekly_follow_up_cap: Mapped[int] = mapped_column(default=4)
    sex_education_prompts: Mapped[bool] = mapped_column(default=False)
    doubtful_prompts_wait: Mapped[bool] = mapped_column(default=False)
    dsl_name: Mapped[str] = mapped_column(String(120), default="")
    dsl_deputies: Mapped[str] = mapped_column(String(240), default="")
    dsl_place: Mapped[str] = mapped_column(String(120), default="")
    question_box_reader: Mapped[str] = mapped_column(String(120), default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
