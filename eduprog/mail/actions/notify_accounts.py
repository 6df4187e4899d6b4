"""A school's own account at GOV.UK Notify: keep its key, forget it, and stop writing to addresses that do not work."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from eduprog.core import audit, crypto
from eduprog.core.db import session
from eduprog.core.permissions import Actor
from eduprog.mail import queries
from eduprog.mail.actions.suppression import suppress
from eduprog.mail.models import NotifyAccount


def save_notify_account(*, key: str, template_id: str, by: Actor, now: datetime) -> None:
    """Send the current school's messages through its own account from now on. The key is encrypted and never shown again."""
    held = queries.notify_account()
    encrypted = crypto.encrypt(key.strip())
    if held is None:
        held = NotifyAccount(key_encrypted=encrypted, template_id=template_id.strip(), saved_at=now)
        session().add(held)
    else:
        held.key_encrypted, held.template_id, held.saved_at = encrypted, template_id.strip(), now
    session().flush()
    audit.record(act="notify account saved", subject="notify_account", subject_id=held.id, by=by, at=now)


def remove_notify_account(*, by: Actor, now: datetime) -> None:
    """Send the current school's messages by the installation's way out again; nothing happens if they are already."""
    held = queries.notify_account()
    if held is not None:
        audit.record(act="notify account removed", subject="notify_account", subject_id=held.id, by=by, at=now)
        session().delete(held)
        session().flush()


def note_gone_wrong(*, addresses: Iterable[str], now: datetime) -> int:
    """Write no more to addresses that Notify says do not work. Gives how many are new."""
    wanted = list(addresses)
    known = queries.suppressed([queries.address_hash(address) for address in wanted])
    fresh = [address for address in wanted if queries.address_hash(address) not in known]
    for address in fresh:
        suppress(address=address, reason="refused", now=now)
    return len(fresh)
