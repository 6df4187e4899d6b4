"""Contacts brought in: looked at first, then asked or joined, and nothing kept of what was dropped."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from eduprog.core import audit, crypto
from eduprog.core.db import session
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Actor
from eduprog.families import queries
from eduprog.families.actions.joining import ask_to_join, join_by_record
from eduprog.families.importers.table import ContactLine, ContactTable
from eduprog.families.models import ContactImport
from eduprog.families.rules import ContactBasis, ContactImportState
from eduprog.mail import queries as mail
from eduprog.school import queries as school

KEPT_WAITING = timedelta(days=1)


class NothingWaits(Refusal):
    """These contacts were brought in or dropped already."""


@dataclass(frozen=True)
class ContactPreview:
    """What bringing contacts in would do, in counts, class by class; no address is shown."""

    id: int
    basis: ContactBasis
    state: ContactImportState
    families: int
    new: int
    known: int
    left: int
    by_class: tuple[tuple[str, int], ...]
    asked: int
    joined: int


def start_contacts(*, table: ContactTable, basis: ContactBasis, by: Actor, now: datetime) -> ContactImport:
    """Keep what a table holds, encrypted, until somebody has looked at the counts. Nobody is written to.

    The same table sent again while it waits is the one that waits.
    """
    entries = json.dumps([[line.address, line.teaching_group_id] for line in table.lines])
    for waiting in session().scalars(_waiting().where(ContactImport.basis == basis)):
        if crypto.decrypt(waiting.entries_encrypted or "") == entries:
            return waiting
    row = ContactImport(basis=basis, entries_encrypted=crypto.encrypt(entries), started_at=now, started_by=by.person_id)
    session().add(row)
    session().flush()
    audit.record(act="contacts read", subject="contact_import", subject_id=row.id, by=by, at=now, lines=len(table.lines))
    return row


def _waiting() -> Select[ContactImport]:
    return select(ContactImport).where(ContactImport.state == ContactImportState.WAITING).order_by(ContactImport.id)


def contact_preview(import_id: int) -> ContactPreview:
    """Give what an import would do, or did. Raises NotHere."""
    row = _row(import_id)
    lines = _lines(row)
    hashes = {queries.address_hash(line.address) for line in lines}
    suppressed = mail.suppressed([mail.address_hash(line.address) for line in lines])
    left = {line.address for line in lines if mail.address_hash(line.address) in suppressed}
    known = queries.known_hashes(hashes)
    groups = school.groups_by_id({line.teaching_group_id for line in lines})
    counts = [(group.name, sum(line.teaching_group_id == group.id for line in lines)) for group in groups.values()]
    return ContactPreview(
        row.id, row.basis, row.state, len(hashes), len(hashes) - len(known), len(known), len(left), tuple(sorted(counts)),
        row.asked, row.joined,
    )  # fmt: skip


def apply_contacts(*, import_id: int, by: Actor, now: datetime) -> ContactPreview:
    """Ask these contacts to confirm, or join them because the school holds their agreement. Raises NotHere or NothingWaits.

    Nobody who has left is joined again: whoever stopped these emails must ask for them anew.
    """
    row = _row(import_id)
    if row.state is not ContactImportState.WAITING:
        raise NothingWaits
    preview = contact_preview(import_id)
    lines = _lines(row)
    left = mail.suppressed([mail.address_hash(line.address) for line in lines])
    for line in [line for line in lines if mail.address_hash(line.address) not in left]:
        if row.basis is ContactBasis.AGREED:
            join_by_record(teaching_group_id=line.teaching_group_id, address=line.address, by=by, now=now)
            row.joined += 1
        elif ask_to_join(teaching_group_id=line.teaching_group_id, address=line.address, now=now) is not None:
            row.asked += 1
    _decide(row, ContactImportState.APPLIED, now)
    done = {"asked": row.asked, "joined": row.joined}
    audit.record(act="contacts brought in", subject="contact_import", subject_id=row.id, by=by, at=now, **done)
    return preview


def drop_contacts(*, import_id: int, by: Actor, now: datetime) -> None:
    """Forget what was read. Raises NotHere or NothingWaits."""
    row = _row(import_id)
    if row.state is not ContactImportState.WAITING:
        raise NothingWaits
    _decide(row, ContactImportState.DROPPED, now)
    audit.record(act="contacts dropped", subject="contact_import", subject_id=row.id, by=by, at=now)


def drop_forgotten(*, now: datetime) -> int:
    """Forget what was read a day ago and never decided. Gives how many imports."""
    waiting = ContactImport.state == ContactImportState.WAITING
    rows = session().scalars(select(ContactImport).where(waiting, ContactImport.started_at < now - KEPT_WAITING)).all()
    for row in rows:
        _decide(row, ContactImportState.DROPPED, now)
    return len(rows)


def _decide(row: ContactImport, state: ContactImportState, now: datetime) -> None:
    row.state, row.decided_at, row.entries_encrypted = state, now, None
    session().flush()


def _row(import_id: int) -> ContactImport:
    found = session().scalars(select(ContactImport).where(ContactImport.id == import_id).with_for_update()).one_or_none()
    if found is None:
        raise NotHere
    return found


def _lines(row: ContactImport) -> Sequence[ContactLine]:
    if row.entries_encrypted is None:
        return []
    return [ContactLine(address, group_id) for address, group_id in json.loads(crypto.decrypt(row.entries_encrypted))]
