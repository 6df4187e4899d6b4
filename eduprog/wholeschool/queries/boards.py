"""How the seven aspects stand in a year, what the year still asks for, and the training log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import select

from eduprog.core.db import session
from eduprog.curriculum import catalogue
from eduprog.curriculum.schema.acts import Act
from eduprog.curriculum.vocabulary import Aspect, YearGroup, stage_of
from eduprog.school import queries as school
from eduprog.wholeschool.models import WholeSchoolAct
from eduprog.wholeschool.queries.rows import ActLine, acts_of_year
from eduprog.wholeschool.rules import ActState, AspectFigures, expected_in, figures_of


def aspect_figures(academic_year_id: int, *, today: date) -> tuple[AspectFigures, ...]:
    """Give all seven aspects of the whole school in an academic year, in order. A fixed number of statements."""
    rows = [line.counted for line in acts_of_year(academic_year_id)]
    return figures_of(rows, expected_acts(academic_year_id), today=today)


def aspect_figures_by_year_group(academic_year_id: int, *, today: date) -> Mapping[YearGroup, tuple[AspectFigures, ...]]:
    """Give all seven aspects for each year group that has a class, youngest first: what is for its stage or for everybody.

    Acts for the whole school count in each year group, so the rows must not be added up. A fixed number of statements.
    """
    rows = [line.counted for line in acts_of_year(academic_year_id)]
    years = _year_groups(academic_year_id)
    expected = _expected(academic_year_id, years)
    return {year: figures_of(rows, expected, today=today, stage=stage_of(year)) for year in years}


def expected_acts(academic_year_id: int) -> list[Act]:
    """Give the acts of the library an academic year asks for, given the year groups the school has. Raises NotHere."""
    return _expected(academic_year_id, _year_groups(academic_year_id))


def training_of_year(academic_year_id: int) -> Sequence[ActLine]:
    """Give the staff training that was done, by day: when, and how many were there; never who."""
    done = [line for line in acts_of_year(academic_year_id) if line.aspect is Aspect.STAFF and line.state is ActState.DONE]
    return sorted(done, key=lambda line: (line.done_on or line.due_on, line.id))


def _year_groups(academic_year_id: int) -> list[YearGroup]:
    held = {year for group in school.classes_of_year(academic_year_id) for year in group.year_groups}
    return sorted(held, key=lambda year: year.number)


def _expected(academic_year_id: int, years: Sequence[YearGroup]) -> list[Act]:
    starts_on = school.academic_year_by_id(academic_year_id).starts_on
    lately = select(WholeSchoolAct.act_id).where(
        WholeSchoolAct.state == ActState.DONE, WholeSchoolAct.done_on.between(starts_on - timedelta(days=365), starts_on)
    )
    done = {act_id for act_id in session().scalars(lately) if act_id is not None}
    return expected_in(catalogue.current().acts.values(), {stage_of(year) for year in years}, done)
