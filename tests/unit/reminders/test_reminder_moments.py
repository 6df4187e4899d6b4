"""Do reminders go at the school's wall time, in term only, whatever the clocks do?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from eduprog.core.clock import LONDON, local
from eduprog.reminders.rules import afternoon_moment, asks_before, day_after, morning_moment, weekly_moment
from eduprog.school.rules import SchoolCalendar

ALL_YEAR = SchoolCalendar(terms=((date(2026, 1, 1), date(2031, 12, 31)),))
YEAR = SchoolCalendar(
    terms=(
        (date(2026, 9, 2), date(2026, 10, 23)),
        (date(2026, 11, 2), date(2026, 12, 18)),
        (date(2027, 4, 12), date(2027, 5, 28)),
    ),
    closures=frozenset({date(2026, 11, 16), date(2026, 11, 17)}),
)
SEVEN, NO_QUIET = time(7, 0), time(0, 0)


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


CHANGES = [_last_sunday(year, month) for year in range(2026, 2031) for month in (3, 10)]


def _weekly(
    week_of: date, calendar: SchoolCalendar = ALL_YEAR, *, at: time = SEVEN, quiet_until: time = SEVEN
) -> datetime | None:
    return weekly_moment(week_of, calendar, at=at, quiet_until=quiet_until)


@pytest.mark.parametrize("sunday", CHANGES, ids=str)
def test_on_both_sides_of_a_clock_change_the_message_goes_at_seven_on_the_wall(sunday: date) -> None:
    before, after = _weekly(sunday - timedelta(days=6)), _weekly(sunday + timedelta(days=1))
    assert before is not None
    assert after is not None
    assert (local(before).hour, local(before).minute, local(before).weekday()) == (7, 0, 0)
    assert (local(after).hour, local(after).minute) == (7, 0)
    assert local(before).utcoffset() != local(after).utcoffset()
    hours = {3: (7, 6), 10: (6, 7)}[sunday.month]
    assert (before.hour, after.hour) == hours  # the instants themselves, in UTC


def test_the_monday_after_the_clocks_go_forward_may_be_easter_monday() -> None:
    assert _weekly(date(2027, 3, 29)) == datetime(2027, 3, 30, 6, 0, tzinfo=UTC)


def test_a_closed_monday_puts_the_message_off_to_the_first_open_day_of_the_week() -> None:
    assert _weekly(date(2026, 11, 16), YEAR) == datetime(2026, 11, 18, 7, 0, tzinfo=UTC)


def test_a_week_of_holiday_has_no_message() -> None:
    assert _weekly(date(2026, 10, 26), YEAR) is None


def test_quiet_hours_that_end_later_put_the_message_off() -> None:
    assert _weekly(date(2026, 11, 9), YEAR, quiet_until=time(8, 15)) == datetime(2026, 11, 9, 8, 15, tzinfo=UTC)
    assert _weekly(date(2026, 11, 9), YEAR, at=time(9, 30)) == datetime(2026, 11, 9, 9, 30, tzinfo=UTC)
    assert morning_moment(date(2026, 9, 7), at=SEVEN, quiet_until=time(7, 30)) == datetime(2026, 9, 7, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("quiet_from", "quiet_until", "at"),
    [
        (time(19, 0), SEVEN, "16:00"),
        (time(15, 0), SEVEN, "07:00"),
        (time(20, 0), time(16, 30), "16:30"),
        (time(16, 0), SEVEN, "07:00"),
    ],
)
def test_the_note_goes_at_four_unless_that_is_quiet(quiet_from: time, quiet_until: time, at: str) -> None:
    moment = afternoon_moment(date(2026, 9, 7), quiet_from=quiet_from, quiet_until=quiet_until)
    assert f"{moment.astimezone(LONDON):%H:%M}" == at


def test_the_note_is_of_the_next_school_day_over_a_weekend_but_not_over_a_holiday() -> None:
    assert day_after(date(2026, 11, 10), YEAR) == date(2026, 11, 11)
    assert day_after(date(2026, 11, 6), YEAR) == date(2026, 11, 9)
    assert day_after(date(2026, 11, 13), YEAR) is None  # Monday and Tuesday are closed
    assert day_after(date(2026, 10, 23), YEAR) is None


def test_a_record_is_asked_for_when_a_whole_school_day_has_passed() -> None:
    since = date(2026, 9, 1)
    assert asks_before(date(2026, 11, 12), YEAR, since=since) == date(2026, 11, 11)  # Tuesday's lessons, on Thursday
    assert asks_before(date(2026, 11, 9), YEAR, since=since) == date(2026, 11, 6)  # Thursday's, on Monday; Friday's not yet
    assert asks_before(date(2026, 11, 18), YEAR, since=since) == date(2026, 11, 13)
    assert asks_before(date(2026, 9, 2), YEAR, since=since) == since
