"""Put the lessons of a bought scheme into the schemes of work of a year."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm.attributes import flag_modified

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.permissions import Actor
from eduprog.library.queries import own
from eduprog.planning import queries
from eduprog.planning.models import SchemeEntry
from eduprog.planning.rules import BLOCK_ORDER


def take_up_mapped(*, academic_year_id: int, by: Actor, now: datetime) -> int:
    """Add every live mapped lesson to the scheme of work of its year group, in its half-term after what is there.

    Gives how many were added; what is there already stays where it is, and year groups without a scheme are left out.
    """
    live = [row for row in own.mapped_lessons() if row.retired_at is None]
    added = 0
    for year, scheme in queries.schemes_of_year(academic_year_id).items():
        there = {entry.module_id for entry in scheme.entries}
        new = [row for row in live if row.year_group is year and row.module_id not in there]
        if not new:
            continue
        scheme.entries.extend(SchemeEntry(module_id=row.module_id, block=row.block, position=len(there) + 1) for row in new)
        in_order = sorted(scheme.entries, key=lambda entry: (BLOCK_ORDER[entry.block], entry.position, entry.module_id))
        for position, entry in enumerate(in_order, start=1):
            entry.position = position
        flag_modified(scheme, "year_group")  # raises the version even where only entries changed
        added += len(new)
    if added:
        session().flush()
        audit.record(
            act="mapped lessons planned", subject="academic_year", subject_id=academic_year_id, by=by, at=now, added=added
        )
    return added
