"""Which modules each year group has in a term, and when the first class meets them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select

from eduprog.core.db import session
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState
from eduprog.school.models import TeachingGroup, TeachingGroupYear
from eduprog.school.rules import HalfTermBlock

ModulesOfYears = dict[YearGroup, list[tuple[str, date | None]]]


def modules_of_term(academic_year_id: int, blocks: Collection[HalfTermBlock], first: date, last: date) -> ModulesOfYears:
    """Give, by year group, the planned modules that begin in a term with their first day, soonest first. One statement.

    A module without any day yet counts in the term its half-term belongs to.
    """
    wanted = (
        select(
            TeachingGroupYear.year_group, PlannedLesson.module_id, func.min(PlannedLesson.planned_on),
            func.min(PlannedLesson.block),
        )
        .join(TeachingGroup, TeachingGroup.id == PlannedLesson.teaching_group_id)
        .join(TeachingGroupYear, TeachingGroupYear.teaching_group_id == TeachingGroup.id)
        .where(
            TeachingGroup.academic_year_id == academic_year_id, PlannedLesson.state != PlanState.WITHDRAWN,
            PlannedLesson.make_good_of.is_(None),
        )
        .group_by(TeachingGroupYear.year_group, PlannedLesson.module_id)
    )  # fmt: skip
    found: ModulesOfYears = {}
    for year, module_id, day, block in session().execute(wanted):
        if (first <= day <= last) if day is not None else (HalfTermBlock(block) in blocks):
            found.setdefault(year, []).append((module_id, day))
    for modules in found.values():
        modules.sort(key=lambda one: (one[1] is None, one[1] or last, one[0]))
    return {year: found[year] for year in YearGroup if year in found}
