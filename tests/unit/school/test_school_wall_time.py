"""A time on the school's wall becomes one instant, also on the two days of the year on which that is hard."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduprog.school.rules import wall_time

YEARS = range(2020, 2041)


def last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def is_summer_time(day: date, at: time) -> bool:
    """British summer time by the law: from 01:00 UTC on the last Sunday of March to 01:00 UTC on that of October.

    A skipped time counts as winter (so that it moves forward), a repeated one as summer (the first of the two).
    """
    begins = datetime.combine(last_sunday(day.year, 3), time(2))
    ends = datetime.combine(last_sunday(day.year, 10), time(2))
    return begins <= datetime.combine(day, at) < ends


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.times())
def test_any_wall_time_is_utc_in_winter_and_an_hour_ahead_in_summer(day: date, at: time) -> None:
    expected = datetime.combine(day, at.replace(fold=0), tzinfo=UTC)
    assert wall_time(day, at) == expected - timedelta(hours=1 if is_summer_time(day, at) else 0)


@pytest.mark.parametrize("year", YEARS)
def test_a_time_skipped_in_march_moves_forward_by_the_hour_skipped(year: int) -> None:
    day = last_sunday(year, 3)
    for minute in range(60):
        skipped = wall_time(day, time(1, minute))
        assert skipped == wall_time(day, time(2, minute))
    assert wall_time(day, time(0, 59)) < wall_time(day, time(1, 0))


@pytest.mark.parametrize("year", YEARS)
def test_a_time_that_exists_twice_in_october_is_the_first(year: int) -> None:
    day = last_sunday(year, 10)
    assert wall_time(day, time(1, 30)) == datetime.combine(day, time(0, 30), tzinfo=UTC)
    assert wall_time(day, time(1, 30, fold=1)) == wall_time(day, time(1, 30))
    assert wall_time(day, time(2, 0)) == datetime.combine(day, time(2, 0), tzinfo=UTC)


def test_the_instant_is_aware_and_in_utc() -> None:
    assert wall_time(date(2026, 7, 1), time(8)).tzinfo is UTC


def test_a_time_with_a_zone_of_its_own_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone of its own"):
        wall_time(date(2026, 7, 1), time(8, tzinfo=timezone(timedelta(hours=2))))
