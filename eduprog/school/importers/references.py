"""What else in the database points to a row: asked of the tables themselves, so that no higher feature need be known here."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Table, func, select

from eduprog.core.db import Base, session


def is_referred_to(table: str, row_id: int, *, ignoring: Collection[str]) -> bool:
    """Say whether a row is pointed to by any table but those ignored; rows of other schools count too."""
    for other in Base.metadata.sorted_tables:
        if other.name in ignoring:
            continue
        for column in _pointing(other, table):
            asked = select(func.count()).select_from(other).where(other.c[column] == row_id)
            if "school_id" in other.c:
                asked = asked.where(other.c.school_id > 0)
            if session().scalar(asked):
                return True
    return False


def _pointing(other: Table, table: str) -> list[str]:
    return [
        key.parent.name
        for constraint in other.foreign_key_constraints
        for key in constraint.elements
        if key.column.table.name == table and key.column.name == "id"
    ]
