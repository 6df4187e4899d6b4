"""What the school sent to all parents and carers in its own way."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from eduprog.accounts.models import Person
from eduprog.core.db import session
from eduprog.families.models import SentNotice


def sent_notices() -> Sequence[tuple[SentNotice, str]]:
    """Give the notices that were sent, newest first, each with the name of whoever noted it."""
    wanted = select(SentNotice, Person.name).join(Person, Person.id == SentNotice.noted_by)
    rows = session().execute(wanted.order_by(SentNotice.sent_on.desc(), SentNotice.id.desc()))
    return [(row[0], row[1]) for row in rows]
