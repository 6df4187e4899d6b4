"""Join by a class code: ask, get a link to the address given, confirm there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy.dialects import postgresql, sqlite

from eduprog.core import audit, crypto
from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.core.permissions import Actor, contact
from eduprog.core.tenancy import current_school_id
from eduprog.families import queries
from eduprog.families.models import ConsentRecord, ParentCarer, ParentCarerClass
from eduprog.families.queries import JOIN_CONFIRM
from eduprog.families.rules import CURRENT_WORDING, ENGLISH, RECORDED_WORDING, ConsentAct, ContactState
from eduprog.mail import actions as mail
from eduprog.mail.rules import RecipientKind, as_address

_CONTACTS = cast(Any, ParentCarer.__table__)
_CLASSES = cast(Any, ParentCarerClass.__table__)
_ASKED_A_DAY = 3


class LinkNotGood(NotHere):
    """This link does not work any more."""


def ask_to_join(*, teaching_group_id: int, address: str, now: datetime, language: str = "") -> int | None:
    """Ask the owner of an address to confirm that messages about a class are wanted. Raises NotAnAddress.

    Gives the id of the record of asking; None where this address was asked three times in a day already, and is left in
    peace. Whoever asked is told the same either way, and whatever was known of the address before.
    """
    address = as_address(address)
    hashed = queries.address_hash(address)
    found = _contact(address, hashed, now)
    if queries.recently_asked(hashed, now - timedelta(days=1)) >= _ASKED_A_DAY:
        return None
    if found.state is ContactState.LEFT:
        found.state, found.address_encrypted, found.asked_at = ContactState.ASKED, crypto.encrypt(address), now
        found.joined_at = found.left_at = None
    if language:
        found.language = language
    asked = _consent(hashed, ConsentAct.ASKED, teaching_group_id, now)
    mail.unsuppress(address=address)
    mail.enqueue(
        key=f"{JOIN_CONFIRM}:{asked.id}",
        kind=JOIN_CONFIRM,
        subject_id=asked.id,
        recipient_kind=RecipientKind.CONTACT,
        recipient_id=found.id,
        due_at=now,
        now=now,
        too_late_at=now + timedelta(days=1),
    )
    audit.record(act="asked to join", subject="consent_record", subject_id=asked.id, by=contact(found.id), at=now)
    return asked.id


def _contact(address: str, hashed: str, now: datetime) -> ParentCarer:
    """Give the contact with this address, a new one if it is not known."""
    work = session()
    dialect = postgresql if work.get_bind().dialect.name == "postgresql" else sqlite
    row = {
        "school_id": current_school_id(),
        "address_hash": hashed,
        "address_encrypted": crypto.encrypt(address),
        "state": ContactState.ASKED,
        "language": "en-GB",
        "asked_at": now,
    }
    once = dialect.insert(_CONTACTS).values(row).on_conflict_do_nothing(index_elements=["school_id", "address_hash"])
    work.execute(once)
    found = queries.contact_to_change(hashed=hashed)
    assert found is not None
    return found


def confirm_joining(*, consent_id: int, now: datetime, language: str = ENGLISH.code) -> ParentCarer:
    """Do what was asked for, because the owner of the address says so; doing it again changes nothing. Raises LinkNotGood.

    `language` is the one in which they read what they agreed to; the proof says it.
    """
    asked = session().get(ConsentRecord, consent_id)
    if asked is None or asked.act is not ConsentAct.ASKED or asked.teaching_group_id is None:
        raise LinkNotGood
    found = queries.contact_to_change(hashed=asked.address_hash)
    if found is None or found.state is ContactState.LEFT:
        raise LinkNotGood
    if found.state is ContactState.JOINED and queries.has_class(found.id, asked.teaching_group_id):
        return found
    read = CURRENT_WORDING if language == ENGLISH.code else f"{CURRENT_WORDING}:{language}"
    _join(found, asked.teaching_group_id, by=contact(found.id), now=now, wording=read)
    return found


def join_by_record(*, teaching_group_id: int, address: str, by: Actor, now: datetime) -> ParentCarer:
    """Join an address to a class because the school states that it holds the owner's agreement. Raises NotAnAddress."""
    address = as_address(address)
    found = _contact(address, queries.address_hash(address), now)
    if found.state is ContactState.LEFT:
        found.state, found.address_encrypted, found.left_at = ContactState.ASKED, crypto.encrypt(address), None
    _join(found, teaching_group_id, by=by, now=now, act=ConsentAct.RECORDED, wording=RECORDED_WORDING)
    return found


def _join(
    found: ParentCarer,
    teaching_group_id: int,
    *,
    by: Actor,
    now: datetime,
    act: ConsentAct = ConsentAct.CONFIRMED,
    wording: str = CURRENT_WORDING,
) -> None:
    work = session()
    dialect = postgresql if work.get_bind().dialect.name == "postgresql" else sqlite
    row = {"school_id": current_school_id(), "parent_carer_id": found.id, "teaching_group_id": teaching_group_id, "since": now}
    once = dialect.insert(_CLASSES).values(row)
    work.execute(once.on_conflict_do_nothing(index_elements=["parent_carer_id", "teaching_group_id"]))
    if found.state is not ContactState.JOINED:
        found.state, found.joined_at = ContactState.JOINED, now
    record = _consent(found.address_hash, act, teaching_group_id, now, wording)
    audit.record(act="joined", subject="consent_record", subject_id=record.id, by=by, at=now)


def _consent(
    hashed: str, act: ConsentAct, teaching_group_id: int | None, now: datetime, wording: str = CURRENT_WORDING
) -> ConsentRecord:
    record = ConsentRecord(address_hash=hashed, act=act, teaching_group_id=teaching_group_id, wording=wording, at=now)
    session().add(record)
    session().flush()
    return record
