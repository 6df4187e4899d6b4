"""Leave, or never confirm: no further message, the address forgotten, the proof kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from eduprog.core import audit, crypto
from eduprog.core.db import session
from eduprog.core.permissions import contact
from eduprog.families import queries
from eduprog.families.actions.joining import LinkNotGood
from eduprog.families.models import ConsentRecord, FamilyDigest, ParentCarer, ParentCarerClass
from eduprog.families.queries import DIGEST, JOIN_CONFIRM
from eduprog.families.rules import CONFIRM_DAYS, CURRENT_WORDING, ConsentAct, ContactState, Obstacle
from eduprog.mail import actions as mail
from eduprog.mail import queries as outbox
from eduprog.mail.rules import MailState

UNCONFIRMED_KEPT = timedelta(days=CONFIRM_DAYS + 1)


def leave(*, contact_id: int, now: datetime) -> None:
    """End everything a contact gets; doing it again changes nothing. Raises LinkNotGood for a contact that is not here."""
    found = queries.contact_to_change(contact_id=contact_id)
    if found is None:
        raise LinkNotGood
    if found.state is ContactState.LEFT or found.address_encrypted is None:
        return
    by = contact(found.id)
    mail.suppress(address=crypto.decrypt(found.address_encrypted), reason="left", now=now)
    digests = session().scalars(select(FamilyDigest.id).where(FamilyDigest.parent_carer_id == found.id)).all()
    asked = (
        session()
        .scalars(
            select(ConsentRecord.id).where(
                ConsentRecord.address_hash == found.address_hash, ConsentRecord.act == ConsentAct.ASKED
            )
        )
        .all()
    )
    for kind, ids in ((DIGEST, digests), (JOIN_CONFIRM, asked)):
        for subject_id, state in outbox.states_of(kind, ids).items():
            if state in (MailState.PENDING, MailState.IN_DOUBT):
                mail.cancel(kind=kind, subject_id=subject_id, by=by, now=now, reason=Obstacle.LEFT.sentence)
    session().execute(delete(ParentCarerClass).where(ParentCarerClass.parent_carer_id == found.id))
    found.state, found.address_encrypted, found.left_at = ContactState.LEFT, None, now
    record = ConsentRecord(address_hash=found.address_hash, act=ConsentAct.WITHDRAWN, wording=CURRENT_WORDING, at=now)
    session().add(record)
    session().flush()
    audit.record(act="left", subject="consent_record", subject_id=record.id, by=by, at=now)


def forget_unconfirmed(*, now: datetime) -> int:
    """Forget the addresses that were asked to confirm and did not while their link worked. Gives how many."""
    old = (ParentCarer.state == ContactState.ASKED, ParentCarer.asked_at < now - UNCONFIRMED_KEPT)
    count = session().scalar(select(func.count(ParentCarer.id)).where(*old)) or 0
    if count:
        gone = {"state": ContactState.LEFT, "address_encrypted": None, "left_at": now}
        session().execute(update(ParentCarer).where(*old).values(gone).execution_options(synchronize_session=False))
    return count
