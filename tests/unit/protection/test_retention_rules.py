"""When is a row's time up, by London's calendar: never a day early, never a day late?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from eduprog import wiring as _wiring  # noqa: F401 - it imports every table
from eduprog.core.db import Base
from eduprog.protection.rules import CLASSES, Keeping, cut

LONDON = ZoneInfo("Europe/London")


def _due_on(begun: date, months: int) -> date:
    """The same day so many months later, or that month's last: written apart from the rule, day by day."""
    year, month = begun.year + (begun.month - 1 + months) // 12, (begun.month - 1 + months) % 12 + 1
    day = begun.day
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


@pytest.mark.parametrize("months", [1, 6, 12, 24, 72, 300])
def test_every_day_of_years_with_leap_days_and_clock_changes_is_due_on_its_own_day_and_not_the_day_before(months: int) -> None:
    for number in range(4 * 366):
        begun = date(2023, 3, 1) + timedelta(days=number)
        last_moment = datetime(begun.year, begun.month, begun.day, 23, 59, 59, tzinfo=LONDON)
        due = _due_on(begun, months)
        assert last_moment < cut(due, months), begun
        assert last_moment >= cut(due - timedelta(days=1), months), begun


def test_a_row_of_half_past_midnight_in_summer_belongs_to_londons_day() -> None:
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # 2 July in London
    assert late >= cut(date(2026, 8, 1), 1)
    assert late < cut(date(2026, 8, 2), 1)


def test_every_table_states_how_long_its_rows_are_kept() -> None:
    assert set(CLASSES) == {table.name for table in Base.metadata.sorted_tables}
    assert all(keeping.meaning.endswith(".") for keeping in Keeping)
