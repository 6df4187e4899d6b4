"""Bank holidays equal the government's own list and rules written by hand."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest

from eduprog.school.rules import Nation, bank_holidays
from tests.support import oracle

FIXTURES = Path(os.environ.get("EDUPROG_FIXTURES", Path(__file__).parents[4] / "shared" / "fixtures"))
GOVERNMENT_LIST = FIXTURES / "calendars" / "bank-holidays-api-shape.json"


@pytest.mark.skipif(not GOVERNMENT_LIST.exists(), reason=f"the fixture {GOVERNMENT_LIST.name} is not here")
@pytest.mark.parametrize(
    ("nation", "division"),
    [
        (Nation.ENGLAND, "england-and-wales"),
        (Nation.WALES, "england-and-wales"),
        (Nation.SCOTLAND, "scotland"),
        (Nation.NORTHERN_IRELAND, "northern-ireland"),
    ],
)
def test_ten_years_of_bank_holidays_equal_the_governments_list(nation: Nation, division: str) -> None:
    events = json.loads(GOVERNMENT_LIST.read_text(encoding="utf-8"))[division]["events"]
    listed = {date.fromisoformat(event["date"]) for event in events}
    years = {day.year for day in listed}
    assert len(years) == 10
    assert {day for year in years for day in bank_holidays(nation, year)} == listed


@pytest.mark.parametrize("year", range(2003, 2100))
def test_englands_bank_holidays_follow_the_rules_written_by_hand(year: int) -> None:
    assert {day.toordinal() for day in bank_holidays(Nation.ENGLAND, year)} == oracle.england(year)


def test_days_of_a_weekend_are_left_out_and_their_substitutes_kept() -> None:
    assert date(2026, 12, 26) not in bank_holidays(Nation.ENGLAND, 2026)
    assert date(2026, 12, 28) in bank_holidays(Nation.ENGLAND, 2026)


@pytest.mark.parametrize("year", [1979, 2101])
def test_a_year_without_known_bank_holidays_is_refused(year: int) -> None:
    with pytest.raises(ValueError, match="from 1980 to 2100"):
        bank_holidays(Nation.ENGLAND, year)
