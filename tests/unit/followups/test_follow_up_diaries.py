"""Over years of lessons taught, moved, undone and snowed off, the command and the oracle give the same dates."""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from click.testing import CliRunner

from eduprog.core import clock
from eduprog.followups.commands import followups
from eduprog.school.rules import wall_time
from tests.support import oracle, oracle_diary
from tests.support.oracle_diary import Diary
from tests.unit.followups.random_cases import Case, random_calendar, random_pattern

FULL = bool(os.environ.get("EDUPROG_FULL"))
DELIVERIES, A_CLASS = (20_000 if FULL else 800), 50


def _cases(seen: Counter[str]) -> list[Case]:
    """Give the case of every lesson taught or moved in the made-up lives of many classes, as its class stood that day."""
    rng, cases = Random(1203), []
    for _ in range(DELIVERIES // A_CLASS):
        calendar = random_calendar(rng)
        near = date.fromisoformat(calendar["terms"][0][0]) if calendar["terms"] else date(2026, 9, 1)
        diary = Diary(calendar, random_pattern(rng, near), random_pattern(rng, near) if rng.random() < 0.5 else None)
        for event in oracle_diary.events(rng, diary, A_CLASS):
            seen[event.kind] += 1
            if event.kind in ("teach", "move"):
                cases.append({**diary.case(event.lesson, event.taught_on), "id": len(cases)})
            oracle_diary.apply(diary, event)
    return cases


def test_the_command_gives_the_oracles_dates_after_moves_undone_lessons_and_snow() -> None:
    seen: Counter[str] = Counter()
    cases = _cases(seen)
    answered = CliRunner().invoke(followups, ["explain", "--json"], input="\n".join(json.dumps(case) for case in cases))
    assert answered.exit_code == 0, answered.stderr
    given = [json.loads(line) for line in answered.stdout.splitlines()]
    wrong = [(case, one) for case, one in zip(cases, given, strict=True) if one != oracle.decide(case)]
    assert wrong == []
    assert seen["teach"] == DELIVERIES
    assert min(seen[kind] for kind in ("move", "undo", "done", "shut")) > DELIVERIES / 20, seen
    print(f"{len(cases)} cases of {DELIVERIES} lessons agree: {dict(seen)}")


def test_the_schools_day_is_right_around_every_change_of_the_clocks_for_ten_years() -> None:
    for year in range(2026, 2037):
        for month in (3, 10):
            day = date(year, month, 31) - timedelta((date(year, month, 31).weekday() + 1) % 7)
            midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
            for minutes in range(-26 * 60, 27 * 60, 15):
                instant = midnight + timedelta(minutes=minutes)
                assert clock.local(instant).replace(tzinfo=None) == oracle_diary.london(instant), instant
                assert clock.local(instant).date() == oracle_diary.london(instant).date()


def test_a_wall_time_is_the_first_instant_that_shows_it_or_an_hour_on_where_none_does() -> None:
    for year in range(2026, 2037):
        for month in (3, 10):
            day = date(year, month, 31) - timedelta((date(year, month, 31).weekday() + 1) % 7)
            for minutes in range(0, 24 * 60, 10):
                wanted = datetime.combine(day, time(minutes // 60, minutes % 60))
                start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=2) + timedelta(minutes=minutes)
                tried = [start + timedelta(hours=hours) for hours in range(5)]
                shows = [one for one in tried if oracle_diary.london(one) == wanted]
                shifted = [one for one in tried if oracle_diary.london(one) == wanted + timedelta(hours=1)]
                assert wall_time(day, wanted.time()) == (shows or shifted)[0], wanted
