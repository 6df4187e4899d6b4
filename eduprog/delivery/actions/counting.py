"""The roll-ups of a school made anew from its rows."""

from __future__ import annotations

from datetime import datetime

from eduprog.core import audit
from eduprog.core.permissions import Actor
from eduprog.core.tenancy import current_school_id
from eduprog.delivery.queries import tally_facts
from eduprog.tallies import actions as tallies


def rebuild_tallies(*, by: Actor, now: datetime) -> list[tallies.Difference]:
    """Replace the current school's roll-ups by a recount of its rows; give what was different before.

    The school's acts wait meanwhile, because its audit chain is held first.
    """
    school_id = current_school_id()
    audit.record(act="roll-ups rebuilt", subject="school", subject_id=school_id, by=by, at=now)
    facts = tally_facts()
    found = tallies.compare(facts)
    tallies.rebuild(facts)
    return found
