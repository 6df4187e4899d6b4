"""Tables of the outbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from eduprog.core.db import Base
from eduprog.core.tenancy import SchoolOwned, owned
from eduprog.mail.rules import MailState, RecipientKind
from eduprog.organisations import models as _organisations  # noqa: F401 - tables here reference the school's by name

_TO_SEND = text("state IN ('pending', 'in_doubt') AND NOT waits_for_person")
_BEING_SENT = text("state = 'sending'")


class OutboundEmail(SchoolOwned, Base):
    """One message to one recipient: what it is about, never its text."""

    __tablename__ = "outbound_email"
    __table_args__ = (  # not `owned()`: nothing refers to a message, and each index more is written at every claim
        UniqueConstraint("school_id", "key"),
        CheckConstraint("(state = 'sending') = (owner IS NOT NULL)", name="owner_while_sending"),
        CheckConstraint("(owner IS NULL) = (lease_until IS NULL)", name="owner_with_lease"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_at_when_sent"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        CheckConstraint("too_late_at IS NULL OR too_late_at > due_at", name="too_late_after_due"),
        CheckConstraint("NOT waits_for_person OR state = 'in_doubt'", name="only_doubt_waits"),
        Index("ix_outbound_email_due", "due_at", "id", sqlite_where=_TO_SEND, postgresql_where=_TO_SEND),
        Index("ix_outbound_email_queue", "school_id", "due_at", "id", sqlite_where=_TO_SEND, postgresql_where=_TO_SEND),
        Index("ix_outbound_email_sending", "owner", sqlite_where=_BEING_SENT, postgresql_where=_BEING_SENT),
        Index("ix_outbound_email_subject", "school_id", "kind", "subject_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    recipient_kind: Mapped[RecipientKind]
    recipient_id: Mapped[int]
    state: Mapped[MailState] = mapped_column(default=MailState.PENDING)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    too_late_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    first_tried_at: Mapped[datetime | None]
    doubts: Mapped[int] = mapped_column(default=0)
    waits_for_person: Mapped[bool] = mapped_column(default=False)
    owner: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(Text)
    let_be_at: Mapped[datetime | None]


class SuppressedAddress(SchoolOwned, Base):
    """A keyed hash of an address that must not be written to."""

    __tablename__ = "suppressed_address"
    __table_args__ = owned(UniqueConstraint("school_id", "address_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(40))
    since: Mapped[datetime]


class NotifyAccount(SchoolOwned, Base):
    """A school's own account at GOV.UK Notify: its key, encrypted, and the template that carries a letter."""

    __tablename__ = "notify_account"
    __table_args__ = owned(UniqueConstraint("school_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key_encrypted: Mapped[str] = mapped_column(String(500))
    template_id: Mapped[str] = mapped_column(String(40))
    saved_at: Mapped[datetime]
