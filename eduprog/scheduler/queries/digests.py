"""What a database holds, as figures that are the same on every engine: rows and a digest for each table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Row, Table, func, select

from eduprog.core.db import Base

_AT_ONCE = 2000


@dataclass(frozen=True)
class Held:
    """What a table holds: so many rows, and the SHA-256 of their values in the order of their keys."""

    rows: int
    digest: str


def tables() -> Sequence[Table]:
    """Give every table of eduprog, those that are referenced first."""
    return Base.metadata.sorted_tables


def held_by(connection: Connection) -> dict[str, Held]:
    """Give what each table of a database holds."""
    return {table.name: _held(connection, table) for table in tables()}


def rows_in(connection: Connection) -> dict[str, int]:
    """Give how many rows each table holds that holds any."""
    counts = {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables()}
    return {name: count for name, count in counts.items() if count}


def read_table(connection: Connection, table: Table, *conditions: Any) -> Iterator[Sequence[Row[Any]]]:
    """Read a table in the order of its keys, some thousand rows at a time."""
    wanted = select(table).where(*conditions).order_by(*table.primary_key.columns)
    with connection.execute(wanted, execution_options={"stream_results": True}) as result:
        yield from result.partitions(_AT_ONCE)


def _held(connection: Connection, table: Table) -> Held:
    digest, count = hashlib.sha256(), 0
    for rows in read_table(connection, table):
        for row in rows:
            digest.update(json.dumps([_plain(value) for value in row], sort_keys=True).encode() + b"\n")
        count += len(rows)
    return Held(count, digest.hexdigest())


def _plain(value: Any) -> Any:
    """Write a value so that both engines' ways of keeping it look the same."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else value
