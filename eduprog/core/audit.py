"""Who did what, when: one chain of digests for each school, written in the transaction of the act itself.

Entries hold opaque ids and figures, never names or typed text, so that a person can be erased without breaking the chain.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import CheckConstraint, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from eduprog.core.db import Base, session
from eduprog.core.permissions import Actor, ActorKind
from eduprog.core.tenancy import SchoolOwned, owned


class AuditEntry(SchoolOwned, Base):
    """One act. `digest` covers the entry and the digest before it."""

    __tablename__ = "audit_entry"
    __table_args__ = owned(UniqueConstraint("school_id", "sequence"), CheckConstraint("sequence > 0", name="sequence_positive"))

    id: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int]
    at: Mapped[datetime]
    actor_kind: Mapped[ActorKind]
    actor_id: Mapped[int]
    actor_name: Mapped[str] = mapped_column(String(60))
    act: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[int | None]
    facts: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))


class AuditHead(SchoolOwned, Base):
    """The end of a school's chain; locking its row orders the acts."""

    __tablename__ = "audit_head"
    __table_args__ = owned(UniqueConstraint("school_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))


def record(*, act: str, subject: str, subject_id: int | None, by: Actor, at: datetime, **facts: Any) -> None:
    """Add an entry to the current school's chain. `facts` are ids, codes, dates as text and counts."""
    work = session()
    head = work.scalars(select(AuditHead).with_for_update()).one_or_none()
    if head is None:
        head = AuditHead(sequence=0, digest="")
        work.add(head)
    facts = {name: str(fact) if isinstance(fact, (date, Enum)) else fact for name, fact in facts.items()}
    entry = AuditEntry(
        sequence=head.sequence + 1, at=at, actor_kind=by.kind, actor_id=by.id, actor_name=by.name,
        act=act, subject=subject, subject_id=subject_id, facts=facts, digest="",
    )  # fmt: skip
    entry.digest = digest_of(entry, head.digest)
    head.sequence, head.digest = entry.sequence, entry.digest
    work.add(entry)


def digest_of(entry: AuditEntry, before: str) -> str:
    """Give the digest an entry must have after the one before it (hex SHA-256)."""
    at = entry.at.astimezone(UTC).isoformat()
    content = [entry.sequence, at, entry.actor_kind.value, entry.actor_id, entry.actor_name, entry.act,
               entry.subject, entry.subject_id, entry.facts]  # fmt: skip
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def broken_at() -> int | None:
    """Walk the current school's chain; give the sequence number of the first entry that does not fit or is gone, or None."""
    before = ""
    expected = 1
    for entry in session().scalars(select(AuditEntry).order_by(AuditEntry.sequence).execution_options(populate_existing=True)):
        if entry.sequence != expected or entry.digest != digest_of(entry, before):
            return expected
        before, expected = entry.digest, expected + 1
    head = session().execute(select(AuditHead.sequence, AuditHead.digest)).one_or_none()
    return _where_it_ends_wrongly(reached=expected - 1, digest=before, head=(head[0], head[1]) if head else (0, ""))


def _where_it_ends_wrongly(*, reached: int, digest: str, head: tuple[int, str]) -> int | None:
    if (reached, digest) == head:
        return None
    return reached if reached == head[0] else min(reached, head[0]) + 1
