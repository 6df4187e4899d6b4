"""Note that a statutory notice went to all parents and carers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Actor
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.families import queries
from eduprog.families.models import SentNotice
from eduprog.families.rules import NOTICE_WORDING, NoticeChannel, NoticeKind


class NotYetSent(Refusal):
    """A notice is noted once it has gone: choose today or a day before"""


def note_sent(
    *, kind: NoticeKind, years: Sequence[YearGroup], channel: NoticeChannel, sent_on: date, by: Actor, now: datetime, today: date
) -> SentNotice:
    """Note that a notice went to all parents and carers of these year groups; the same once more is once. Raises NotYetSent."""
    if sent_on > today:
        raise NotYetSent
    known = queries.sent_notice(kind=kind, years=years, channel=channel, sent_on=sent_on)
    if known is not None:
        return known
    assert by.person_id is not None
    codes = ",".join(year.value for year in years)
    made = SentNotice(
        kind=kind,
        wording=NOTICE_WORDING,
        year_groups=codes,
        channel=channel,
        sent_on=sent_on,
        noted_by=by.person_id,
        noted_at=now,
    )
    session().add(made)
    session().flush()
    audit.record(act="notice sent to all", subject="sent_notice", subject_id=made.id, by=by, at=now, kind=kind, channel=channel)
    return made
