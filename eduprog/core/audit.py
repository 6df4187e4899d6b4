"""Who did what, when: one chain of digests for each school, written in the transaction of the act itself.

Entries hold opaque ids and figures, never names or typed text, so that a person can be erased without breaking the chain.
Should text have come in all the same, the facts of an entry can be expunged: the chain holds their salted digest, not them.
What is too old is cut off, and the head remembers where, so that the rest can still be walked.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, cast

from sqlalchemy import CheckConstraint, String, Table, UniqueConstraint, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from eduprog.core.db import Base, session
from eduprog.core.permissions import Actor, ActorKind
from eduprog.core.tenancy import SchoolOwned, current_school_id, owned


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
    salt: Mapped[str] = mapped_column(String(32), default="")  # so that few possible facts cannot be guessed from their digest
    facts_digest: Mapped[str] = mapped_column(String(64), default="")
    expunged_at: Mapped[datetime | None]
    digest: Mapped[str] = mapped_column(String(64))


class AuditHead(SchoolOwned, Base):
    """The end of a school's chain; locking its row orders the acts."""

    __tablename__ = "audit_head"
    __table_args__ = owned(UniqueConstraint("school_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    sealed_sequence: Mapped[int] = mapped_column(default=0)  # the last entry that was cut off, and its digest
    sealed_digest: Mapped[str] = mapped_column(String(64), default="")


def record(*, act: str, subject: str, subject_id: int | None, by: Actor, at: datetime, **facts: Any) -> None:
    """Add an entry to the current school's chain. `facts` are ids, codes, dates as text and counts.

    Every act does this, so its own two rows pass the session's book-keeping by: the head is read and locked, then both are
    written.
    """
    work, school_id = session(), current_school_id()
    work.flush()
    head = work.execute(_HEAD, {"school": school_id}).one_or_none()
    sequence, before = (head.sequence + 1, head.digest) if head else (1, "")
    entry = AuditEntry(
        school_id=school_id, sequence=sequence, at=at, actor_kind=by.kind, actor_id=by.id, actor_name=by.name, act=act,
        subject=subject, subject_id=subject_id, salt=secrets.token_hex(16),
        facts={name: str(fact) if isinstance(fact, (date, Enum)) else fact for name, fact in facts.items()},
    )  # fmt: skip
    entry.facts_digest = facts_digest(entry)
    entry.digest = digest_of(entry, before)
    work.execute(_NEW_ENTRY, {name: getattr(entry, name) for name in _WRITTEN})
    work.execute(_NEXT if head else _FIRST, {"school": school_id, "reached": sequence, "last": entry.digest})


_HEADS, _ENTRIES = cast(Table, AuditHead.__table__), cast(Table, AuditEntry.__table__)
_HEAD = select(_HEADS.c.sequence, _HEADS.c.digest).where(_HEADS.c.school_id == bindparam("school")).with_for_update()
_FIRST = insert(_HEADS).inline().values(school_id=bindparam("school"), sequence=bindparam("reached"), digest=bindparam("last"))
_NEXT = update(_HEADS).where(_HEADS.c.school_id == bindparam("school"))
_NEXT = _NEXT.values(sequence=bindparam("reached"), digest=bindparam("last"))
_NEW_ENTRY = insert(_ENTRIES).inline()
_WRITTEN = tuple(column.name for column in _ENTRIES.c if column.name not in ("id", "expunged_at"))


def digest_of(entry: AuditEntry, before: str) -> str:
    """Give the digest an entry must have after the one before it (hex SHA-256)."""
    at = entry.at.astimezone(UTC).isoformat()
    content = [entry.sequence, at, entry.actor_kind.value, entry.actor_id, entry.actor_name, entry.act,
               entry.subject, entry.subject_id, entry.facts_digest]  # fmt: skip
    return hashlib.sha256(f"{before}\n{_canonical(content)}".encode()).hexdigest()


def facts_digest(entry: AuditEntry) -> str:
    """Give the digest of an entry's facts with its salt (hex SHA-256)."""
    return hashlib.sha256(f"{entry.salt}\n{_canonical(entry.facts)}".encode()).hexdigest()


def _canonical(content: Any) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)


def broken_at() -> int | None:
    """Walk the current school's chain; give the sequence number of the first entry that does not fit or is gone, or None."""
    head = session().scalars(select(AuditHead).execution_options(populate_existing=True)).one_or_none()
    before, expected = (head.sealed_digest, head.sealed_sequence + 1) if head else ("", 1)
    emptied: set[int] = set()
    for entry in session().scalars(select(AuditEntry).order_by(AuditEntry.sequence).execution_options(populate_existing=True)):
        if entry.sequence != expected or entry.digest != digest_of(entry, before):
            return expected
        if entry.expunged_at is not None:
            emptied.add(entry.sequence)
        elif entry.facts_digest != facts_digest(entry):
            return expected
        if (entry.act, entry.subject) == _EXPUNGED:
            emptied -= set(entry.facts.get("entries", ()))
        before, expected = entry.digest, expected + 1
    if emptied:
        return min(emptied)  # emptied, and no entry says so
    return _where_it_ends_wrongly(reached=expected - 1, digest=before, head=(head.sequence, head.digest) if head else (0, ""))


def expunge(*, entry_ids: Sequence[int], by: Actor, now: datetime) -> None:
    """Empty the facts of entries of the current school for good, and write down which. The chain still fits."""
    entries = session().scalars(select(AuditEntry).where(AuditEntry.id.in_(entry_ids)).order_by(AuditEntry.sequence)).all()
    for entry in entries:
        entry.facts, entry.salt, entry.expunged_at = {}, "", now
    if entries:
        record(act=_EXPUNGED[0], subject=_EXPUNGED[1], subject_id=None, by=by, at=now, entries=[one.sequence for one in entries])


def cut_off(*, before: datetime) -> int:
    """Delete the current school's entries from before a moment, but for the newest; the head seals the place. Gives how many."""
    head = session().scalars(select(AuditHead).with_for_update()).one_or_none()
    kept = select(func.min(AuditEntry.sequence)).where(AuditEntry.at >= before)
    if head is None:
        return 0
    until = (session().scalar(kept) or head.sequence) - 1
    last = session().scalars(select(AuditEntry.digest).where(AuditEntry.sequence == until)).one_or_none()
    if last is None:
        return 0
    gone = until - head.sealed_sequence
    head.sealed_sequence, head.sealed_digest = until, last
    session().flush()
    old = delete(AuditEntry).where(AuditEntry.sequence <= until, AuditEntry.school_id == current_school_id())
    session().execute(old.execution_options(synchronize_session=False))
    return gone


def _where_it_ends_wrongly(*, reached: int, digest: str, head: tuple[int, str]) -> int | None:
    if (reached, digest) == head:
        return None
    return reached if reached == head[0] else min(reached, head[0]) + 1


_EXPUNGED = ("expunged", "audit_entry")
