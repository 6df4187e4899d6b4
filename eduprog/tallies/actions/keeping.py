"""Keep figures of rows that many actions change: whoever writes a row, its figure is written in the same flush.

A lesson's figures are added by the few actions that plan and record. A follow-up is placed, moved, given, left out, carried
over and ended in a dozen places, and one of them forgotten would let a figure drift; so what counts in a row is compared, before
and after, wherever rows are written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from eduprog.core.tenancy import SchoolOwned
from eduprog.tallies.actions.changes import FamilyChange, FollowUpChange
from eduprog.tallies.actions.writing import apply

_Change = FollowUpChange | FamilyChange
Counts = Callable[[tuple[Any, ...], int], _Change | None]
"""Say what a row with these values of its attributes adds, once or minus once; None if it does not count."""


def keep(model: type[SchoolOwned], attributes: tuple[str, ...], counts: Counts) -> None:
    """Have the figures that rows of a model stand behind follow every row that is added, changed or deleted.

    The attributes want `active_history`, so that what they were before is known. Statements that change many rows at once are
    not seen: whoever sends one rebuilds.
    """

    @event.listens_for(Session, "after_flush")
    def follow(work: Session, _context: object) -> None:
        changes: dict[int, list[_Change]] = defaultdict(list)
        for rows, before, after in ((work.new, False, True), (work.dirty, True, True), (work.deleted, True, False)):
            for row in rows:
                if isinstance(row, model):
                    changes[row.school_id] += _changes(row, attributes, counts, before=before, after=after)
        for school_id, found in changes.items():
            apply(found, school_id=school_id)


def _changes(row: SchoolOwned, attributes: tuple[str, ...], counts: Counts, *, before: bool, after: bool) -> list[_Change]:
    histories = [inspect(row).attrs[name].history for name in attributes]
    if before and after and not any(history.has_changes() for history in histories):
        return []
    was = counts(tuple(_first(history.deleted or history.unchanged) for history in histories), -1) if before else None
    now = counts(tuple(_first(history.added or history.unchanged) for history in histories), 1) if after else None
    return [change for change in (was, now) if change is not None]


def _first(values: Any) -> Any:
    return values[0] if values else None
