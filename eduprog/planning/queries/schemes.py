"""What a year group is entitled to."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.planning.models import SchemeOfWork


def schemes_of_year(academic_year_id: int) -> dict[YearGroup, SchemeOfWork]:
    """Give the schemes of work of an academic year, with their entries."""
    wanted = (
        select(SchemeOfWork).where(SchemeOfWork.academic_year_id == academic_year_id).options(selectinload(SchemeOfWork.entries))
    )
    found = {scheme.year_group: scheme for scheme in session().scalars(wanted)}
    return {year: found[year] for year in YearGroup if year in found}


def scheme(scheme_id: int) -> SchemeOfWork:
    """Give a scheme of work with its entries in order. Raises NotHere."""
    wanted = select(SchemeOfWork).where(SchemeOfWork.id == scheme_id).options(selectinload(SchemeOfWork.entries))
    found = session().scalars(wanted).one_or_none()
    if found is None:
        raise NotHere
    return found
