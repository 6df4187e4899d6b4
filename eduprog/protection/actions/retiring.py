"""Delete what is too old, with all that hangs on it, and say in the audit how much."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, delete, update

from eduprog.core import audit, clock
from eduprog.core.db import session
from eduprog.core.permissions import Actor
from eduprog.followups import queries as followups
from eduprog.protection import queries
from eduprog.protection.rules import Schedule, cut
from eduprog.tallies import actions as tallies


def retire_old(*, schedule: Schedule, by: Actor, now: datetime) -> int:
    """Delete the current school's rows whose time is up, unless a hold stands. Gives how many."""
    if queries.is_held():
        return 0
    gone: dict[str, int] = {}
    for table, which in queries.old_rows(schedule, now):
        if not queries.are_there(table, which):  # so on almost every night: nobody waits for us to find out what hangs on none
            continue
        for name, count in delete_with_all(table, which).items():
            gone[name] = gone.get(name, 0) + count
    if "follow_up" in gone:
        tallies.rebuild_follow_ups(followups.tally_facts())
    sealed = audit.cut_off(before=cut(clock.local(now).date(), schedule.audit_years * 12))
    if sealed:
        gone["audit_entry"] = sealed
    if gone:
        audit.record(act="retired", subject="school", subject_id=None, by=by, at=now, **gone)
    return sum(gone.values())


def delete_with_all(table: Table, which: ColumnElement[bool]) -> dict[str, int]:
    """Delete rows of the current school and everything that hangs on them; give how many went, by table."""
    hanging = queries.hanging_on(table.name, which)
    for one, condition in hanging:
        for staying, column, pointing in queries.staying_with(one, condition):
            session().execute(update(staying).where(pointing).values({column.name: None}))
    gone = {}
    for one, condition in hanging:
        result: Any = cast(Any, session().execute(delete(one).where(condition)))
        if result.rowcount:
            gone[one.name] = int(result.rowcount)
    return gone
