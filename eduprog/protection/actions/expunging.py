"""Take words out that should never have been written: out of every table, the outbox and the audit, for good."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint, update

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Actor
from eduprog.core.tenancy import current_school_id
from eduprog.protection import queries
from eduprog.protection.queries import Found

REMOVED = "[removed]"
SHORTEST = 4


class NotFound(Refusal):
    """These words stand nowhere in this school's records. Check the spelling; part of a sentence is enough."""


class TooShort(Refusal):
    """Give at least four letters, so that nothing else is taken out."""


def expunge(*, words: str, by: Actor, now: datetime) -> list[Found]:
    """Take these words, in any case of letters, out of the current school's records; give where they stood.

    A text that holds them goes as a whole. The audit keeps that something was taken out and where, never what.
    Raises TooShort, NotFound.
    """
    words = words.strip()
    if len(words) < SHORTEST:
        raise TooShort
    found = queries.places_of(words)
    if not found:
        raise NotFound
    for one in found:
        if one.table != "audit_entry":
            _take_out(one, words)
    entries = [one.row_id for one in found if one.table == "audit_entry"]
    audit.expunge(entry_ids=entries, by=by, now=now)
    places = sorted({f"{one.table}.{one.column}" for one in found})
    audit.record(act="words taken out", subject="school", subject_id=None, by=by, at=now, places=places, rows=len(found))
    return found


def _take_out(one: Found, words: str) -> None:
    table = queries.table(one.table)
    column = table.c[one.column]
    mine = [table.c.school_id == current_school_id()] if "school_id" in table.c else []
    where = (next(iter(table.primary_key.columns)) == one.row_id, *mine)
    if isinstance(column.type, JSON):
        held = session().execute(table.select().with_only_columns(column).where(*where)).scalar_one()
        session().execute(update(table).where(*where).values({one.column: _without(held, words.lower())}))
        return
    session().execute(update(table).where(*where).values({one.column: _instead(column, one.row_id)}))


def _instead(column: Any, row_id: int) -> str | None:
    """Give what stands there afterwards: nothing where that may be, else a mark, short enough for the column."""
    if column.nullable and not isinstance(column.type, JSON) and column.name not in _PAIRED:
        return None
    length = column.type.length if isinstance(column.type, String) and column.type.length else len(REMOVED)
    return f"{REMOVED} {row_id}"[:length] if _is_part_of_a_key(column) else REMOVED[:length]


def _is_part_of_a_key(column: Any) -> bool:
    """Say whether no two rows may be alike in this column, alone or together with others."""
    return any(isinstance(one, UniqueConstraint) and column.name in one.columns for one in column.table.constraints)


# Empty in step with another column, so they keep a mark.
_PAIRED = ("sentence",)


def _without(value: Any, words: str) -> Any:
    if isinstance(value, dict):
        return {key: _without(inner, words) for key, inner in value.items() if words not in key.lower()}
    if isinstance(value, list):
        return [_without(inner, words) for inner in value]
    return REMOVED if isinstance(value, str) and words in value.lower() else value
