"""Choose what to hear about."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Actor, Role
from eduprog.reminders.models import ReminderChoice
from eduprog.reminders.rules import About, offered_to


class NotForYourRole(Refusal):
    """That reminder is not for people with your roles. Open the page again: your roles may have changed."""


def choose(*, person_id: int, roles: Collection[Role], wanted: Collection[About], by: Actor, now: datetime) -> frozenset[About]:
    """Keep which of the reminders offered to somebody with these roles they want. Gives what changed.

    Raises NotForYourRole for a reminder that is not offered to them.
    """
    offered = offered_to(roles)
    if not set(wanted) <= set(offered):
        raise NotForYourRole
    asked = select(ReminderChoice).where(ReminderChoice.person_id == person_id).with_for_update()
    held = {row.about: row for row in session().scalars(asked)}
    changed = set()
    for about in offered:
        row, wants = held.get(about), about in wanted
        if (row.wanted if row is not None else about.unless_chosen) == wants:
            continue
        changed.add(about)
        if row is None:
            session().add(ReminderChoice(person_id=person_id, about=about, wanted=wants, changed_at=now))
        else:
            row.wanted, row.changed_at = wants, now
    if changed:
        audit.record(act="reminders chosen", subject="person", subject_id=person_id, by=by, at=now, changed=sorted(changed))
        session().flush()
    return frozenset(changed)
