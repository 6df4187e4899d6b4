"""Does a digest go at the school's hour, on open days only?"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from eduprog.families.rules import digest_moment, in_sending_hours, monday_of
from eduprog.school.rules import SchoolCalendar

LONDON = ZoneInfo("Europe/London")
YEAR = SchoolCalendar(terms=((date(2026, 9, 1), date(2027, 7, 21)),), closures=frozenset({date(2026, 11, 26)}))
days = st.dates(date(2026, 7, 1), date(2027, 9, 30))
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(day=days)
def test_the_monday_of_a_day_is_in_its_week(day: date) -> None:
    assert monday_of(day).weekday() == 0
    assert timedelta(0) <= day - monday_of(day) < timedelta(days=7)


@given(
    day=days, weekday=st.integers(0, 4), at=st.times(time(6, 0), time(20, 0)).map(lambda t: t.replace(second=0, microsecond=0))
)
def test_a_digest_is_on_the_first_open_day_from_the_schools_weekday(day: date, weekday: int, at: time) -> None:
    week = monday_of(day)
    moment = digest_moment(week, YEAR, weekday=weekday, at=at)
    open_days = [week + timedelta(days=n) for n in range(weekday, 5) if YEAR.is_open(week + timedelta(days=n))]
    if not open_days:
        assert moment is None
        return
    assert moment is not None
    local = moment.astimezone(LONDON)
    assert (local.date(), local.time()) == (open_days[0], at)


def test_a_closed_thursday_becomes_friday_and_a_closed_end_of_week_nothing() -> None:
    assert digest_moment(date(2026, 11, 23), YEAR, weekday=3, at=time(16, 30)) == datetime(2026, 11, 27, 16, 30, tzinfo=LONDON)
    shut = SchoolCalendar(terms=YEAR.terms, closures=frozenset({date(2026, 11, 26), date(2026, 11, 27)}))
    assert digest_moment(date(2026, 11, 23), shut, weekday=3, at=time(16, 30)) is None


@given(day=days, at=times)
def test_families_are_written_to_on_open_days_outside_quiet_hours(day: date, at: time) -> None:
    local = datetime.combine(day, at, tzinfo=LONDON)
    may = in_sending_hours(local, YEAR, quiet_from=time(19, 0), quiet_until=time(7, 0))
    assert may == (YEAR.is_open(day) and time(7, 0) <= at < time(19, 0))
