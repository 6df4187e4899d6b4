"""What a year group is entitled to."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple, cast

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.orm import joinedload, selectinload

from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.core.tenancy import current_school_id
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.planning.models import SchemeEntry, SchemeOfWork
from eduprog.school.rules import HalfTermBlock


def schemes_of_year(academic_year_id: int) -> dict[YearGroup, SchemeOfWork]:
    """Give the schemes of work of an academic year, with their entries."""
    wanted = (
        select(SchemeOfWork).where(SchemeOfWork.academic_year_id == academic_year_id).options(joinedload(SchemeOfWork.entries))
    )
    found = {scheme.year_group: scheme for scheme in session().scalars(wanted).unique()}
    return {year: found[year] for year in YearGroup if year in found}


class SchemeLine(NamedTuple):
    """A scheme of work as lists name it, and how many modules it has."""

    id: int
    modules: int


def scheme_lines(academic_year_id: int) -> dict[YearGroup, SchemeLine]:
    """Give the schemes of work of an academic year without their entries, youngest first. One statement."""
    wanted = (
        select(SchemeOfWork.year_group, SchemeOfWork.id, func.count(SchemeEntry.id))
        .outerjoin(SchemeEntry, SchemeEntry.scheme_of_work_id == SchemeOfWork.id)
        .where(SchemeOfWork.academic_year_id == academic_year_id)
        .group_by(SchemeOfWork.year_group, SchemeOfWork.id)
    )
    found = {year: SchemeLine(id_, modules) for year, id_, modules in session().execute(wanted)}
    return {year: found[year] for year in YearGroup if year in found}


def entries_of_year(
    academic_year_id: int, year_groups: Collection[YearGroup]
) -> dict[YearGroup, list[tuple[str, HalfTermBlock]]]:
    """Give module and half-term of every entry of the schemes of these year groups, by year group, in order. One statement."""
    work, chosen = session(), {"school": current_school_id(), "year": academic_year_id, "year_groups": list(year_groups)}
    work.flush()
    found: dict[YearGroup, list[tuple[str, HalfTermBlock]]] = {}
    for year, module_id, block in work.execute(_ENTRIES_OF_YEAR, chosen):
        entries = found.setdefault(year, [])
        if module_id is not None:
            entries.append((module_id, block))
    return found


_SCHEMES, _ENTRIES = cast(Table, SchemeOfWork.__table__), cast(Table, SchemeEntry.__table__)
_ENTRIES_OF_YEAR = (
    select(_SCHEMES.c.year_group, _ENTRIES.c.module_id, _ENTRIES.c.block)
    .outerjoin(_ENTRIES, (_ENTRIES.c.school_id == _SCHEMES.c.school_id) & (_ENTRIES.c.scheme_of_work_id == _SCHEMES.c.id))
    .where(
        _SCHEMES.c.school_id == bindparam("school"), _SCHEMES.c.academic_year_id == bindparam("year"),
        _SCHEMES.c.year_group.in_(bindparam("year_groups", expanding=True)),
    )
    .order_by(_SCHEMES.c.id, _ENTRIES.c.position)
)  # fmt: skip


def scheme(scheme_id: int) -> SchemeOfWork:
    """Give a scheme of work with its entries in order. Raises NotHere."""
    wanted = select(SchemeOfWork).where(SchemeOfWork.id == scheme_id).options(selectinload(SchemeOfWork.entries))
    found = session().scalars(wanted).one_or_none()
    if found is None:
        raise NotHere
    return found
