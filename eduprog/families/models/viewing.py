"""Tables of the viewing room: what families could see since when, how often it was opened, the policy and what they say of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eduprog.core.db import Base
from eduprog.core.tenancy import SchoolOwned, owned, owned_fk
from eduprog.families.rules import ConsultationQuestion, Opinion


class ViewingEntry(SchoolOwned, Base):
    """A module that the families of a class can read in full, in one revision, since a moment."""

    __tablename__ = "viewing_entry"
    __table_args__ = owned(
        owned_fk("teaching_group_id", "teaching_group", ondelete="CASCADE"),
        UniqueConstraint("teaching_group_id", "module_id", "revision"),
        CheckConstraint("revision > 0", name="revision_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    teaching_group_id: Mapped[int]
    module_id: Mapped[str] = mapped_column(String(20))
    revision: Mapped[int]
    since: Mapped[datetime]


class ViewingCount(SchoolOwned, Base):
    """How often a page of the viewing room was opened on a day: of a module or, with an empty id, the list of them."""

    __tablename__ = "viewing_count"
    __table_args__ = owned(
        owned_fk("teaching_group_id", "teaching_group", ondelete="CASCADE"),
        UniqueConstraint("teaching_group_id", "module_id", "day"),
        CheckConstraint("opened > 0", name="opened_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    teaching_group_id: Mapped[int]
    module_id: Mapped[str] = mapped_column(String(20))
    day: Mapped[date]
    opened: Mapped[int] = mapped_column(default=1)


class PolicyDocument(SchoolOwned, Base):
    """A school's policy as a PDF."""

    __tablename__ = "policy_document"
    __table_args__ = owned()

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    published_at: Mapped[datetime]
    published_by: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Consultation(SchoolOwned, Base):
    """A span of days in which families are asked what they think of a policy; both ends are in it."""

    __tablename__ = "consultation"
    __table_args__ = owned(
        owned_fk("policy_document_id", "policy_document"), CheckConstraint("closes_on >= opens_on", name="closes_after_opening"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_document_id: Mapped[int]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    opened_by: Mapped[int] = mapped_column(ForeignKey("person.id"))


class ConsultationAnswer(SchoolOwned, Base):
    """What one family says to one question, by keyed hash, so that it is counted once and known of nobody."""

    __tablename__ = "consultation_answer"
    __table_args__ = owned(
        owned_fk("consultation_id", "consultation", ondelete="CASCADE"),
        UniqueConstraint("consultation_id", "family_hash", "question"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    family_hash: Mapped[str] = mapped_column(String(64))
    question: Mapped[ConsultationQuestion]
    opinion: Mapped[Opinion]
    answered_at: Mapped[datetime]
