"""Is the demo's year one a school could have had, and does its clock stand on a school-day morning and only go forward?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from eduprog.demo.rules import first_morning, inset_days, is_school_time, resumed, snow_day, starting_year, year_dates
from eduprog.school.rules import HalfTermBlock, SchoolCalendar

LONDON = ZoneInfo("Europe/London")
YEARS = range(2022, 2045)


def _calendar(starting: int) -> SchoolCalendar:
    dates = year_dates(starting)
    return SchoolCalendar(
        tuple((s.first, s.last) for s in dates.half_terms), frozenset(inset_days(dates)), half_terms=dates.half_terms
    )


@pytest.mark.parametrize("starting", YEARS)
def test_a_year_has_six_half_terms_of_four_to_eight_weeks_with_a_break_after_each(starting: int) -> None:
    dates = year_dates(starting)
    assert [span.block for span in dates.half_terms] == list(HalfTermBlock)
    assert dates.first == date(starting, 9, 1)
    assert dates.last == dates.half_terms[-1].last
    for span in dates.half_terms:
        assert timedelta(days=24) <= span.last - span.first <= timedelta(days=56), span
        assert span.first.weekday() <= 4
        assert span.last.weekday() <= 4
    for before, after in zip(dates.half_terms, dates.half_terms[1:], strict=False):
        assert timedelta(days=9) <= after.first - before.last <= timedelta(days=19), (before, after)


def test_the_year_2026_has_the_dates_many_councils_published() -> None:
    spans = [(str(span.first), str(span.last)) for span in year_dates(2026).half_terms]
    assert spans == [
        ("2026-09-01", "2026-10-23"), ("2026-11-02", "2026-12-18"), ("2027-01-04", "2027-02-12"),
        ("2027-02-22", "2027-03-25"), ("2027-04-12", "2027-05-28"), ("2027-06-07", "2027-07-21"),
    ]  # fmt: skip


@pytest.mark.parametrize("starting", YEARS)
def test_inset_days_and_the_snow_day_fall_on_days_that_would_be_open(starting: int) -> None:
    dates = year_dates(starting)
    spans = tuple((span.first, span.last) for span in dates.half_terms)
    inset = inset_days(dates)
    assert len(set(inset)) == 5
    assert all(SchoolCalendar(spans).is_open(day) for day in inset)
    assert _calendar(starting).is_open(snow_day(dates))
    assert snow_day(dates).month == 1


@pytest.mark.parametrize("starting", YEARS)
def test_the_demo_begins_on_a_mid_week_morning_a_term_and_a_half_into_the_year(starting: int) -> None:
    calendar = _calendar(starting)
    begins = first_morning(starting, (calendar,)).astimezone(LONDON)
    assert (begins.hour, begins.minute) == (8, 20)
    assert begins.weekday() in (1, 2, 3)
    assert calendar.is_open(begins.date())
    assert begins.date() in year_dates(starting).half_terms[3]


def test_the_demo_year_is_the_one_whose_beginning_is_nearest() -> None:
    for passed in range(0, 1500, 13):
        today = date(2025, 1, 1) + timedelta(days=passed)
        begins = year_dates(starting_year(today)).half_terms[3].first + timedelta(days=8)
        assert abs((begins - today).days) <= 190, today


def test_without_an_open_morning_there_is_no_beginning() -> None:
    spring = year_dates(2026).half_terms[3]
    closed = frozenset(spring.first + timedelta(days=n) for n in range(400))
    shut = SchoolCalendar(((spring.first, spring.last),), closed)
    with pytest.raises(ValueError, match="2027"):
        first_morning(2026, (shut,))


def test_a_demo_left_in_school_time_goes_on_at_once() -> None:
    left = datetime(2027, 3, 2, 10, 0, tzinfo=UTC)
    assert resumed(left, (_calendar(2026),)) == left + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (datetime(2027, 3, 2, 18, 0, tzinfo=UTC), datetime(2027, 3, 3, 8, 20, tzinfo=UTC)),
        (datetime(2027, 3, 5, 18, 0, tzinfo=UTC), datetime(2027, 3, 9, 8, 20, tzinfo=UTC)),
        (datetime(2027, 3, 3, 3, 0, tzinfo=UTC), datetime(2027, 3, 3, 8, 20, tzinfo=UTC)),
        (datetime(2027, 3, 25, 18, 0, tzinfo=UTC), datetime(2027, 4, 13, 7, 20, tzinfo=UTC)),
    ],
    ids=["evening", "Friday evening", "night", "Easter holiday, with the clocks changed"],
)
def test_a_demo_left_out_of_school_time_goes_on_the_next_mid_week_morning(left: datetime, expected: datetime) -> None:
    assert resumed(left, (_calendar(2026),)) == expected


def test_a_demo_never_goes_back() -> None:
    calendars = (_calendar(2026),)
    left = datetime(2027, 2, 20, 0, 0, tzinfo=UTC)
    for _ in range(800):
        left += timedelta(hours=5, minutes=17)
        assert resumed(left, calendars) > left


def test_after_its_year_the_demo_goes_on_anyway() -> None:
    left = datetime(2027, 8, 10, 9, 0, tzinfo=UTC)
    assert resumed(left, (_calendar(2026),)) == left + timedelta(minutes=1)


def test_school_time_is_when_all_schools_are_open() -> None:
    here, elsewhere = _calendar(2026), SchoolCalendar(((date(2027, 1, 4), date(2027, 2, 12)),))
    morning = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
    assert is_school_time(morning, (here,))
    assert not is_school_time(morning, (here, elsewhere))
