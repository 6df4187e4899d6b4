"""The board of schools: aggregates only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from eduprog.core.db import session
from eduprog.core.tenancy import across_schools
from eduprog.organisations import queries as organisations
from eduprog.school.models import AcademicYear
from eduprog.tallies.models import SchoolTally


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A school's line on the schools board: aggregates only."""

    school_id: int
    name: str
    planned: int
    delivered: int
    part: int


def schools_board(school_group_id: int, today: date) -> Sequence[SchoolRow]:
    """Give the schools of a group with what they planned and delivered in the academic year that holds the day."""
    names = {school.id: school.name for school in organisations.schools_of_group(school_group_id)}
    with across_schools("schools board"):
        current = select(AcademicYear.id).where(AcademicYear.starts_on <= today, AcademicYear.ends_on >= today)
        totals = (
            select(
                SchoolTally.school_id, func.sum(SchoolTally.planned), func.sum(SchoolTally.delivered), func.sum(SchoolTally.part)
            )
            .where(SchoolTally.school_id.in_(names), SchoolTally.academic_year_id.in_(current))
            .group_by(SchoolTally.school_id)
        )
        found = {row[0]: tuple(row) for row in session().execute(totals)}
    rows = []
    for school_id, name in names.items():
        _, planned, delivered, part = found.get(school_id, (school_id, 0, 0, 0))
        rows.append(SchoolRow(school_id, name, int(planned), int(delivered), int(part)))
    return rows
