"""Does a class of several ages meet the scheme of each of its year groups in turn?"""

from __future__ import annotations

import pytest

from eduprog.curriculum.vocabulary import Stage, YearGroup, stage_of
from eduprog.planning.rules import scheme_year, years_followed

MIXED = (
    (YearGroup.Y1, YearGroup.Y2),
    (YearGroup.Y4, YearGroup.Y3),
    (YearGroup.Y2, YearGroup.Y3),
    (YearGroup.Y3, YearGroup.Y4, YearGroup.Y5),
)


@pytest.mark.parametrize("years", MIXED, ids=lambda years: "+".join(year.value for year in years))
def test_in_as_many_years_as_it_has_ages_a_class_meets_each_scheme_once(years: tuple[YearGroup, ...]) -> None:
    cycle = years_followed(years, stage_of(years[0]))
    for first in range(2024, 2030):
        met = [scheme_year(cycle, first + number) for number in range(len(years))]
        assert sorted(met, key=lambda year: year.number) == sorted(years, key=lambda year: year.number)


def test_a_class_taught_at_another_stage_takes_the_schemes_of_that_stage_in_turn() -> None:
    cycle = years_followed((YearGroup.Y8,), Stage.K1)
    assert {scheme_year(cycle, year) for year in range(2026, 2026 + len(cycle))} == set(Stage.K1.years)
