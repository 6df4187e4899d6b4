"""The roll-ups of a school made anew from its rows."""

from __future__ import annotations

from datetime import datetime

from eduprog.core import audit
from eduprog.core.permissions import Actor
from eduprog.core.tenancy import current_school_id
from eduprog.delivery.queries import tally_facts
from eduprog.tallies import actions as tallies


def rebuild_tallies(*, by: Actor, now: datetime) -> list[tallies.Difference]:
    """Make the current school's roll-ups equal a recount of its rows; give what was different before.

    Whoever writes in the school waits meanwhile, as units of work of one school do, so that nothing is recorded between
    the recount and what it is kept as.
    """
    school_id = current_school_id()
    audit.record(act="roll-ups rebuilt", subject="school", subject_id=school_id, by=by, at=now)
    return tallies.rebuild(tally_facts())
