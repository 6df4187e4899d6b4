"""Tables of prompts, the digests that carry them, their answers, and what a school has chosen about them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eduprog.core.db import Base
from eduprog.core.tenancy import SchoolOwned, owned, owned_fk
from eduprog.families.rules import PromptReply, PromptState, StopReason
from eduprog.school.models import TeachingGroup


class FamilyChoices(SchoolOwned, Base):
    """What a school has chosen for its families. `draft_languages` are codes with a comma between."""

    __tablename__ = "family_choices"
    __table_args__ = owned(UniqueConstraint("school_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    sentences_need_approval: Mapped[bool] = mapped_column(default=False)
    draft_languages: Mapped[str] = mapped_column(String(100), default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


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
        CheckConstraint("(sentence IS NULL) = (sentence_by IS NULL)", name="sentence_with_sentence_by"),
        CheckConstraint("NOT sentence_approved OR sentence IS NOT NULL", name="only_a_sentence_is_approved"),
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
    sentence: Mapped[str | None] = mapped_column(String(200))
    sentence_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sentence_approved: Mapped[bool] = mapped_column(default=False)

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
    taken_back_at: Mapped[datetime | None]

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
