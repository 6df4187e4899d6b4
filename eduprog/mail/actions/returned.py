"""What a message that came back changes: it counts as failed, and its address is not written to again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import update

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.permissions import Actor
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.mail import queries
from eduprog.mail.actions.suppression import suppress
from eduprog.mail.models import OutboundEmail
from eduprog.mail.rules import MailState, kind_named
from eduprog.mail.rules.returned import Returned

_KNOWN_FOR = timedelta(days=30)
_OUTBOX = cast(Any, OutboundEmail.__table__)


def take_returned(*, returned: Returned, by: Actor, now: datetime) -> bool:
    """Note that a message of the last thirty days could not be delivered, or was called spam. False if it is none of ours.

    Only who has the message knows its Message-ID, so a report is believed about its own recipient and nobody else.
    """
    with across_schools("a message that came back"):
        sent = queries.sent_with(returned.mark, since=now - _KNOWN_FOR)
    if sent is None:
        return False
    with school_scope(sent.school_id):
        address = kind_named(sent.kind).address_of(sent.recipient_id)
        if address:
            suppress(address=address, reason="left" if returned.is_complaint else "refused", now=now)
        if not returned.is_complaint:
            failed = {
                "state": MailState.FAILED, "sent_at": None,
                "outcome": f"The mail server took it and said later that it could not be delivered ({returned.status}).",
            }  # fmt: skip
            theirs = (_OUTBOX.c.school_id == sent.school_id, _OUTBOX.c.id == sent.id, _OUTBOX.c.state == MailState.SENT)
            session().execute(update(_OUTBOX).where(*theirs).values(**failed))
        act = "mail called spam" if returned.is_complaint else "mail came back"
        audit.record(act=act, subject="outbound_email", subject_id=sent.id, by=by, at=now)
    return True
