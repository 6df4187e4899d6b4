"""Keep the roll-ups current inside the transaction that changes a figure; rebuild them; compare them with a recount."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import Executable, Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from eduprog.core.db import session
from eduprog.core.tenancy import current_school_id
from eduprog.curriculum.vocabulary import Strand, YearGroup
from eduprog.school.rules import HalfTermBlock
from eduprog.tallies.models import CoverageTally, SchoolTally

_COUNTS = ("planned", "delivered", "part", "minutes")
_Figures = Mapping[tuple[Any, ...], list[int]]


@dataclass(frozen=True, slots=True)
class TallyChange:
    """How one planned or taught lesson changes the figures: plus or minus, for every year group in the class."""

    academic_year_id: int
    year_groups: tuple[YearGroup, ...]
    strand: Strand
    block: HalfTermBlock
    planned: int = 0
    delivered: int = 0
    part: int = 0
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """A roll-up row that does not equal the recount."""

    table: str
    cell: tuple[Any, ...]
    kept: tuple[int, ...]
    counted: tuple[int, ...]


def apply(changes: Iterable[TallyChange]) -> None:
    """Add the changes to the current school's roll-ups."""
    by_cell, by_strand = _sum(changes)
    _add(CoverageTally, ("academic_year_id", "year_group", "strand", "block"), by_cell)
    _add(SchoolTally, ("academic_year_id", "strand"), by_strand)


def rebuild(facts: Iterable[TallyChange]) -> None:
    """Replace the current school's roll-ups by a recount of all facts."""
    for table in (CoverageTally, SchoolTally):
        session().execute(delete(table).where(table.school_id == current_school_id()))
    apply(facts)


def compare(facts: Iterable[TallyChange]) -> list[Difference]:
    """Give every roll-up row of the current school that differs from a recount of all facts; empty if they agree."""
    by_cell, by_strand = _sum(facts)
    return [
        *_differences(CoverageTally, ("academic_year_id", "year_group", "strand", "block"), by_cell),
        *_differences(SchoolTally, ("academic_year_id", "strand"), by_strand),
    ]


def _sum(changes: Iterable[TallyChange]) -> tuple[dict[tuple[Any, ...], list[int]], dict[tuple[Any, ...], list[int]]]:
    by_cell: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    by_strand: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for change in changes:
        figures = (change.planned, change.delivered, change.part, change.minutes)
        targets = [by_cell[change.academic_year_id, year, change.strand, change.block] for year in change.year_groups]
        targets.append(by_strand[change.academic_year_id, change.strand])
        for target in targets:
            for index, figure in enumerate(figures):
                target[index] += figure
    return by_cell, by_strand


def _add(table: type[CoverageTally] | type[SchoolTally], key: tuple[str, ...], sums: _Figures) -> None:
    school_id = current_school_id()
    rows = [
        {"school_id": school_id, **dict(zip(key, cell, strict=True)), **dict(zip(_COUNTS, figures, strict=True))}
        for cell, figures in sums.items()
        if any(figures)
    ]
    work = session()
    for row in [row for row in rows if any(row[name] < 0 for name in _COUNTS)]:
        # A row that goes down stands already, and an insert of minus one would break its check before any conflict is seen.
        here = [getattr(table, name) == row[name] for name in ("school_id", *key)]
        work.execute(update(table).where(*here).values({name: getattr(table, name) + row[name] for name in _COUNTS}))
        rows.remove(row)
    if not rows:
        return
    work.execute(_upsert(work.get_bind().dialect.name, table, key), rows)


@cache
def _upsert(dialect: str, model: type[CoverageTally] | type[SchoolTally], key: tuple[str, ...]) -> Executable:
    """Give the statement that adds figures to a cell whether it stands or not; rows name their school themselves."""
    table = cast(Table, model.__table__)
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(table)
    kept = {name: table.c[name] + statement.excluded[name] for name in _COUNTS}
    upsert = statement.on_conflict_do_update(index_elements=["school_id", *key], set_=kept)
    return upsert.returning(table.c.id) if dialect == "postgresql" else upsert  # asked for ids, it sends many rows at once


def _differences(table: type[CoverageTally] | type[SchoolTally], key: tuple[str, ...], counted: _Figures) -> list[Difference]:
    columns = [getattr(table, name) for name in (*key, *_COUNTS)]
    width = len(key)
    kept = {tuple(row[:width]): tuple(row[width:]) for row in session().execute(select(*columns).where(table.id.is_not(None)))}
    nothing = (0,) * len(_COUNTS)
    return [
        Difference(table.__tablename__, cell, kept.get(cell, nothing), tuple(counted.get(cell, nothing)))
        for cell in sorted({*kept, *counted}, key=str)
        if kept.get(cell, nothing) != tuple(counted.get(cell, nothing))
    ]
