"""Is a class a year later called what a school would call it, and may it be taught in the stage asked for?"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduprog.curriculum.vocabulary import Stage, YearGroup, stage_of
from eduprog.organisations.rules import Phase
from eduprog.school.rules import Feeder, least_served, leaves_school, name_next_year, stages_allowed, stages_by_age

Y = YearGroup


@pytest.mark.parametrize(
    ("name", "years", "after"),
    [
        ("7X", (Y.Y7,), "8X"),
        ("Year 9 set 3", (Y.Y9,), "Year 10 set 3"),
        ("10/2", (Y.Y10,), "11/2"),
        ("Rec Oak", (Y.R,), "1 Oak"),
        ("Reception", (Y.R,), "Year 1"),
        ("R/1", (Y.R, Y.Y1), "1/2"),
        ("3/4 Elm", (Y.Y3, Y.Y4), "4/5 Elm"),
        ("Oak", (Y.Y2,), "Oak"),
        ("11B", (Y.Y11,), "12B"),
        ("13A", (Y.Y13,), "13A"),
        ("Red Kites", (Y.R,), "Red Kites"),
    ],
)
def test_a_class_is_called_what_its_year_says(name: str, years: tuple[YearGroup, ...], after: str) -> None:
    assert name_next_year(name, years) == after


@given(st.sampled_from([year for year in YearGroup if year.next and year is not Y.R]), st.sampled_from("ABCXYZ"))
def test_every_numbered_class_moves_up_by_one(year: YearGroup, letter: str) -> None:
    assert year.next is not None
    assert name_next_year(f"{year.number}{letter}", (year,)) == f"{year.next.number}{letter}"


@given(st.sets(st.sampled_from(list(YearGroup)), min_size=1))
def test_a_stage_may_be_its_age_or_three_younger_and_never_older(years: set[YearGroup]) -> None:
    allowed, order = stages_allowed(years), list(Stage)
    own = {stage_of(year) for year in years}
    assert own <= set(allowed)
    assert max(map(order.index, allowed)) == max(map(order.index, own))
    assert min(map(order.index, allowed)) == max(min(map(order.index, own)) - 3, 0)
    assert set(stages_by_age(years)) == own


def test_a_class_without_year_groups_has_no_stage() -> None:
    assert stages_allowed(()) == ()


def test_pupils_leave_a_primary_after_year_6_and_any_school_after_year_13() -> None:
    assert [year for year in YearGroup if leaves_school(year, Phase.PRIMARY)] == [Y.Y6, Y.Y13]
    assert [year for year in YearGroup if leaves_school(year, Phase.SECONDARY)] == [Y.Y13]


def test_the_feeder_that_never_met_it_is_served_least_then_the_one_that_met_it_longest_ago() -> None:
    early, late, never = Feeder(1, date(2026, 9, 8)), Feeder(2, date(2027, 3, 1)), Feeder(3, None)
    assert least_served([late, early]) == early
    assert least_served([late, never, early]) == never
    assert least_served([]) is None
