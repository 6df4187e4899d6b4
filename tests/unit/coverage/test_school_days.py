"""Is a day so many school weeks ago exactly if it lies before the day that is named for it?"""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from eduprog.coverage.rules.school_days import SchoolDays
from tests.support.scenes import HALF_TERMS

DAYS = SchoolDays(HALF_TERMS)
any_day = st.dates(date(2026, 7, 1), date(2027, 9, 30))


@given(any_day, any_day, st.integers(1, 50))
def test_what_lies_before_it_is_at_least_so_many_weeks_ago_and_nothing_else(day: date, today: date, weeks: int) -> None:
    assert (day < DAYS.before_weeks(today, weeks)) == (DAYS.weeks_since(day, today) >= weeks)


def test_where_no_half_term_is_known_nothing_is_weeks_ago() -> None:
    assert SchoolDays(()).before_weeks(date(2026, 11, 3), 1) == date.min
