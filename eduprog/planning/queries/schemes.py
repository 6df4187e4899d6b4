"""What a year group is entitled to."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from eduprog.core.db import session
from eduprog.core.errors import NotHere
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
    wanted = (
        select(SchemeOfWork.year_group, SchemeEntry.module_id, SchemeEntry.block)
        .outerjoin(SchemeEntry, SchemeEntry.scheme_of_work_id == SchemeOfWork.id)
        .where(SchemeOfWork.academic_year_id == academic_year_id, SchemeOfWork.year_group.in_(year_groups))
        .order_by(SchemeOfWork.id, SchemeEntry.position)
    )
    found: dict[YearGroup, list[tuple[str, HalfTermBlock]]] = {}
    for year, module_id, block in session().execute(wanted):
        entries = found.setdefault(year, [])
        if module_id is not None:
            entries.append((module_id, block))
    return found


def scheme(scheme_id: int) -> SchemeOfWork:
    """Give a scheme of work with its entries in order. Raises NotHere."""
    wanted = select(SchemeOfWork).where(SchemeOfWork.id == scheme_id).options(selectinload(SchemeOfWork.entries))
    found = session().scalars(wanted).one_or_none()
    if found is None:
        raise NotHere
    return found
