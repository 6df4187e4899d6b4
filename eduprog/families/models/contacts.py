"""Tables of class codes, parents and carers, their consent, and contacts a school brings in."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eduprog.core.db import Base
from eduprog.core.tenancy import SchoolOwned, owned, owned_fk
from eduprog.families.rules import ConsentAct, ContactBasis, ContactImportState, ContactState


class JoinCode(SchoolOwned, Base):
    """What a parent or carer types or scans to join a class; ends with the half-term."""

    __tablename__ = "join_code"
    __table_args__ = owned(
        owned_fk("teaching_group_id", "teaching_group", ondelete="CASCADE"), UniqueConstraint("code_hash"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    teaching_group_id: Mapped[int]
    code_hash: Mapped[str] = mapped_column(String(64))
    code_encrypted: Mapped[str] = mapped_column(String(255))
    made_at: Mapped[datetime]
    expires_on: Mapped[date]
    revoked_at: Mapped[datetime | None]


class ParentCarer(SchoolOwned, Base):
    """An adult contact: one address within one school. The address is encrypted; a keyed hash finds it again."""

    __tablename__ = "parent_carer"
    __table_args__ = owned(
        UniqueConstraint("school_id", "address_hash"),
        CheckConstraint("(state = 'left') = (address_encrypted IS NULL)", name="address_forgotten_when_left"),
        CheckConstraint("state <> 'joined' OR joined_at IS NOT NULL", name="joined_at_when_joined"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64))
    address_encrypted: Mapped[str | None] = mapped_column(String(500))
    state: Mapped[ContactState] = mapped_column(active_history=True)
    language: Mapped[str] = mapped_column(String(10), default="en-GB")
    asked_at: Mapped[datetime]
    joined_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]

    classes: Mapped[list[ParentCarerClass]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="ParentCarerClass.id"
    )


class ParentCarerClass(SchoolOwned, Base):
    """A class a parent or carer hears about."""

    __tablename__ = "parent_carer_class"
    __table_args__ = owned(
        owned_fk("parent_carer_id", "parent_carer", ondelete="CASCADE"),
        owned_fk("teaching_group_id", "teaching_group", ondelete="CASCADE"),
        UniqueConstraint("parent_carer_id", "teaching_group_id"),
        Index("ix_parent_carer_class_group", "school_id", "teaching_group_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_carer_id: Mapped[int]
    teaching_group_id: Mapped[int]
    since: Mapped[datetime]


class ConsentRecord(SchoolOwned, Base):
    """Proof of what was agreed to, when, in which wording; kept by hash after the address is gone.

    One that was withdrawn names no class: leaving ends them all. One whose class is gone by its age names none any more.
    """

    __tablename__ = "consent_record"
    __table_args__ = owned(
        owned_fk("teaching_group_id", "teaching_group"),
        CheckConstraint("act <> 'withdrawn' OR teaching_group_id IS NULL", name="withdrawn_from_all"),
        Index("ix_consent_record_address", "school_id", "address_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64))
    teaching_group_id: Mapped[int | None]
    act: Mapped[ConsentAct]
    wording: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]


class ContactImport(SchoolOwned, Base):
    """Contacts a school brings in, from the look at them to the end. The addresses are encrypted, and gone once it is decided."""

    __tablename__ = "contact_import"
    __table_args__ = owned(
        CheckConstraint("(state = 'waiting') = (entries_encrypted IS NOT NULL)", name="entries_while_waiting"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_at_when_decided"),
        CheckConstraint("asked >= 0 AND joined >= 0", name="counts_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    basis: Mapped[ContactBasis]
    state: Mapped[ContactImportState] = mapped_column(default=ContactImportState.WAITING)
    entries_encrypted: Mapped[str | None] = mapped_column(Text)
    asked: Mapped[int] = mapped_column(default=0)
    joined: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    started_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
