"""Tables of parents and carers, their consent, and what they were sent."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eduprog.core.db import Base
from eduprog.core.tenancy import SchoolOwned, owned, owned_fk
from eduprog.families.rules import ConsentAct, ContactState, PromptReply, PromptState, StopReason
from eduprog.school.models import TeachingGroup


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
    state: Mapped[ContactState]
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

    One that was withdrawn names no class: leaving ends them all.
    """

    __tablename__ = "consent_record"
    __table_args__ = owned(
        owned_fk("teaching_group_id", "teaching_group"),
        CheckConstraint("(act = 'withdrawn') = (teaching_group_id IS NULL)", name="class_unless_withdrawn"),
        Index("ix_consent_record_address", "school_id", "address_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64))
    teaching_group_id: Mapped[int | None]
    act: Mapped[ConsentAct]
    wording: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]


class ParentPrompt(SchoolOwned, Base):
    """One sending of a module's home activity to one class's parents and carers, because a lesson was taught."""

    __tablename__ = "parent_prompt"
    __table_args__ = owned(
        owned_fk("teaching_group_id", "teaching_group"),
        owned_fk("delivery_id", "delivery"),
        CheckConstraint("(state = 'stopped') = (stop_reason IS NOT NULL)", name="reason_when_stopped"),
        CheckConstraint("(state = 'stopped') = (stopped_at IS NOT NULL)", name="stopped_at_when_stopped"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_at_when_sent"),
        CheckConstraint("(state = 'held') = (held_by IS NOT NULL)", name="held_by_when_held"),
        Index("uq_parent_prompt_standing", "school_id", "teaching_group_id", "module_id", unique=True,
              sqlite_where=text("state <> 'stopped'"), postgresql_where=text("state <> 'stopped'")),
        Index("ix_parent_prompt_waiting", "school_id", "not_before",
              sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    teaching_group_id: Mapped[int]
    delivery_id: Mapped[int]
    module_id: Mapped[str] = mapped_column(String(20))
    not_before: Mapped[datetime]
    state: Mapped[PromptState] = mapped_column(default=PromptState.WAITING)
    stop_reason: Mapped[StopReason | None]
    stopped_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    held_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    teaching_group: Mapped[TeachingGroup] = relationship(lazy="raise", viewonly=True)


class FamilyDigest(SchoolOwned, Base):
    """One week's message to one family: at most one, whatever it carries."""

    __tablename__ = "family_digest"
    __table_args__ = owned(
        owned_fk("parent_carer_id", "parent_carer", ondelete="CASCADE"), UniqueConstraint("parent_carer_id", "week_of"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_carer_id: Mapped[int]
    week_of: Mapped[date]
    created_at: Mapped[datetime]

    prompts: Mapped[list[FamilyDigestPrompt]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="FamilyDigestPrompt.id"
    )


class FamilyDigestPrompt(SchoolOwned, Base):
    """A prompt that a family's digest carries."""

    __tablename__ = "family_digest_prompt"
    __table_args__ = owned(
        owned_fk("family_digest_id", "family_digest", ondelete="CASCADE"),
        owned_fk("parent_prompt_id", "parent_prompt", ondelete="CASCADE"),
        UniqueConstraint("family_digest_id", "parent_prompt_id"),
        Index("ix_family_digest_prompt_prompt", "school_id", "parent_prompt_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    family_digest_id: Mapped[int]
    parent_prompt_id: Mapped[int]


class PromptAnswer(SchoolOwned, Base):
    """A family's one answer to a prompt, by keyed hash, so that it is counted once and read by nobody."""

    __tablename__ = "prompt_answer"
    __table_args__ = owned(
        owned_fk("parent_prompt_id", "parent_prompt", ondelete="CASCADE"), UniqueConstraint("parent_prompt_id", "family_hash"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_prompt_id: Mapped[int]
    family_hash: Mapped[str] = mapped_column(String(64))
    reply: Mapped[PromptReply]
    answered_at: Mapped[datetime]
