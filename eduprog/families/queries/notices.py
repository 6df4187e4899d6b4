"""What the school sent to all parents and carers in its own way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from eduprog.accounts.models import Person
from eduprog.core.db import session
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.families.models import SentNotice
from eduprog.families.rules import NoticeChannel, NoticeKind


def sent_notices() -> Sequence[tuple[SentNotice, str]]:
    """Give the notices that were sent, newest first, each with the name of whoever noted it."""
    wanted = select(SentNotice, Person.name).join(Person, Person.id == SentNotice.noted_by)
    rows = session().execute(wanted.order_by(SentNotice.sent_on.desc(), SentNotice.id.desc()))
    return [(row[0], row[1]) for row in rows]


def sent_notice(*, kind: NoticeKind, years: Sequence[YearGroup], channel: NoticeChannel, sent_on: date) -> SentNotice | None:
    """Give the note of exactly this sending, if there is one."""
    wanted = select(SentNotice).where(
        SentNotice.kind == kind,
        SentNotice.year_groups == ",".join(year.value for year in years),
        SentNotice.channel == channel,
        SentNotice.sent_on == sent_on,
    )
    return session().scalars(wanted.order_by(SentNotice.id).limit(1)).one_or_none()
