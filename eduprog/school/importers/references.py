"""What else in the database points to a row: asked of the tables themselves, so that no higher feature need be known here."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Table, select

from eduprog.core.db import Base, session


def referred_to(table: str, row_ids: Collection[int], *, ignoring: Collection[str]) -> set[int]:
    """Give those of the rows that any table but those ignored points to; rows of other schools count too."""
    found: set[int] = set()
    for other in Base.metadata.sorted_tables:
        for column in _pointing(other, table) if other.name not in ignoring and row_ids else ():
            asked = select(other.c[column]).distinct().where(other.c[column].in_(sorted(row_ids)))
            if "school_id" in other.c:
                asked = asked.where(other.c.school_id > 0)
            found |= set(session().scalars(asked))
    return found


def _pointing(other: Table, table: str) -> list[str]:
    return [
        key.parent.name
        for constraint in other.foreign_key_constraints
        for key in constraint.elements
        if key.column.table.name == table and key.column.name == "id"
    ]
