"""Over term dates that real councils and schools published, the rule and the oracle agree on every lesson day."""

from __future__ import annotations

import csv
import json
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from eduprog.followups.rules import answer, read_case
from eduprog.school.rules import SchoolCalendar
from tests.support import oracle

ONE_DAY = timedelta(days=1)
STEP = 1 if os.environ.get("EDUPROG_FULL") else 5


def calendars(fixtures: Path) -> dict[str, dict[str, Any]]:
    """Read each authority's year as the command takes it: teaching spans as terms, the rest as closures."""
    found: dict[str, dict[str, Any]] = {}
    with (fixtures / "calendars" / "term-dates.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            calendar = found.setdefault(f"{row['authority']} {row['year']}", {"terms": [], "closures": []})
            if row["kind"] in ("term", "teaching"):
                calendar["terms"].append([row["start"], row["end"]])
            else:
                calendar["closures"] += [day.isoformat() for day in days(row["start"], row["end"])]
    return {name: calendar for name, calendar in found.items() if len(calendar["terms"]) >= 3}


def days(first: str, last: str) -> list[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def test_real_term_dates_give_the_oracles_answers_for_every_lesson_day(fixtures: Path) -> None:
    found = calendars(fixtures)
    assert len(found) >= 8
    for name, calendar in found.items():
        starts = date(int(calendar["terms"][0][0][:4]), 8, 1)
        for number in range(0, 395, STEP):
            weeks = (None, ["A"], ["B"])[number % 3]
            pattern = {"weekdays": [number % 5, 4], "weeks": weeks, "first_week_a": starts.isoformat()}
            case = {
                "id": f"{name} {number}",
                "taught_on": (starts + timedelta(days=number)).isoformat(),
                "calendar": calendar,
                "meets": pattern,
                "next_meets": pattern if number % 2 else None,
                "taken": [],
            }
            assert answer(read_case(json.dumps(case))) == oracle.decide(case), case


@pytest.mark.parametrize("name", ["2025-26", "2026-27", "2027-28"])
def test_the_open_days_of_a_council_are_the_school_days_it_lists(fixtures: Path, name: str) -> None:
    council = json.loads((fixtures / "calendars" / "sheffield" / "term_dates.json").read_text(encoding="utf-8"))
    year = next(one for one in council["academic_years"] if one["name"] == name)
    listed = [date.fromisoformat(day["date"]) for day in year["dates"]]
    shut = {day for holiday in year["school_holidays"] for day in days(holiday["start"], holiday["end"])}
    calendar = SchoolCalendar(terms=((listed[0], listed[-1]),), closures=frozenset(shut))
    assert list(calendar.open_days(listed[0] - 30 * ONE_DAY, listed[-1] + 30 * ONE_DAY)) == listed
