"""The rule and an oracle that shares no code with it give the same dates."""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

from eduprog.followups.rules import (
    DEFAULT_WINDOWS,
    FollowUpHost,
    PlacementState,
    Window,
    answer,
    iso_week,
    place_follow_ups,
    read_case,
)
from tests.support import oracle
from tests.unit.followups.random_cases import random_cases, wild_cases

CASES = 20_000 if os.environ.get("EDUPROG_FULL") else 3_200


def test_the_rule_and_the_oracle_agree_on_every_random_case() -> None:
    states: Counter[str] = Counter()
    for case in random_cases(seed=2026, count=CASES):
        given = answer(read_case(json.dumps(case)))
        assert given == oracle.decide(case), case
        states.update(str(state) for state in given["why"].values())  # type: ignore[attr-defined]
    # A generator that reached no corner would prove nothing.
    assert min(states[state] for state in PlacementState if state is not PlacementState.LEFT_SCHOOL) > CASES / 50, states


def test_they_agree_on_calendars_no_school_would_send() -> None:
    for case in wild_cases(seed=5, count=CASES // 2):
        assert answer(read_case(json.dumps(case))) == oracle.decide(case), case


def test_they_agree_under_a_weekly_cap_a_floor_and_other_windows() -> None:
    rng = Random(77)
    for case in random_cases(seed=77, count=CASES // 8):
        extras = _extras(rng, date.fromisoformat(case["taught_on"]))
        expected = oracle.decide(
            case,
            cap=extras["cap"],
            load={f"{year}-W{week:02}": count for (year, week), count in extras["load"].items()},
            floor=extras["floor"] and extras["floor"].isoformat(),
            windows=extras["windows"],
        )
        read = read_case(json.dumps(case))
        placements = place_follow_ups(
            taught_on=read.taught_on,
            calendar=read.calendar,
            host=FollowUpHost(read.meets, owner_load=extras["load"]),
            next_host=FollowUpHost(read.next_meets, owner_load=extras["load"]) if read.next_meets else None,
            windows={
                point: Window(*extras["windows"][str(point)]) if str(point) in extras["windows"] else window
                for point, window in DEFAULT_WINDOWS.items()
            },
            taken=read.taken,
            weekly_cap=extras["cap"],
            not_before=extras["floor"],
        )
        for placement in placements:
            due_on = placement.due_on and placement.due_on.isoformat()
            assert (due_on, placement.state) == (expected[placement.point], expected["why"][placement.point]), (
                case,
                extras,
            )


def _extras(rng: Random, taught_on: date) -> dict[str, Any]:
    opens = [rng.randint(0, 20), rng.randint(15, 60), rng.randint(50, 120)]
    return {
        "cap": rng.choice([None, 0, 1, 2, 3]),
        "load": {iso_week(taught_on + timedelta(7 * n)): rng.randint(0, 3) for n in range(60) if rng.random() < 0.7},
        "floor": rng.choice([None, taught_on + timedelta(rng.randint(0, 150))]),
        "windows": {f"R{n}": (first, first + rng.randint(0, 30)) for n, first in enumerate(opens, start=1)},
    }
