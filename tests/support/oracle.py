"""A second opinion on follow-up dates.

Written from the date rule in docs/follow-up-dates.md alone. It imports nothing of the product, computes bank holidays by
hand instead of by a package, and answers by scoring whole sets of day numbers instead of searching day by day.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

WINDOWS = {"R1": (7, 14), "R2": (21, 35), "R3": (70, 98)}


def decide(
    case: dict[str, Any],
    *,
    cap: int | None = None,
    load: dict[str, int] | None = None,
    floor: str | None = None,
    windows: dict[str, tuple[int, int]] | None = None,
    points: tuple[str, ...] | None = None,
) -> dict[str, Any]:
    """Answer a case as the command does; `load` counts by ISO week ("2026-W46"), `floor` is the first day allowed.

    `points` names the follow-ups wanted, where not all four are.
    """
    opened = _open(json.dumps(case["calendar"]))
    last_known = max((_number(last) for _, last in case["calendar"]["terms"]), default=0)
    taught = _number(case["taught_on"])
    year, month = int(case["taught_on"][:4]), int(case["taught_on"][5:7])
    september = date(year + 1 if month > 8 else year, 9, 1).toordinal()
    later = [number for number in opened if number >= september]
    ranges: dict[str, range | None] = {
        point: range(taught + first, taught + last + 1) for point, (first, last) in (windows or WINDOWS).items()
    }
    ranges["R4"] = range(min(later), min(later) + 28) if later else None
    taken = {_number(text) for text in case["taken"]}
    weeks = dict(load or {})
    dates: dict[str, str | None] = {}
    why: dict[str, str] = {}
    for point in sorted(points or ranges):
        window = ranges[point]
        next_year = point == "R4" or (window is not None and window.start >= september)
        pattern = case["next_meets"] if next_year else case["meets"]
        dates[point] = None
        if pattern is None:
            why[point] = "awaiting_next_year"
            continue
        if window is None:
            why[point] = "awaiting_calendar"
            continue
        after = range(window.stop, window.stop + 28)
        near = opened & set(range(window.start, after.stop))
        allowed = {n for n in _meeting(near, pattern) if n > taught and (floor is None or n >= _number(floor))}
        pool = allowed & set(window) or allowed & set(after)
        if pool:
            chosen = min(pool, key=lambda n: (_tier(n, taken, weeks, cap), n))
            taken.add(chosen)
            weeks[_week(chosen)] = weeks.get(_week(chosen), 0) + 1
            dates[point], why[point] = date.fromordinal(chosen).isoformat(), "placed"
        else:
            why[point] = "awaiting_calendar" if after[-1] > last_known else "unplaced"
    return {"id": case["id"], **dates, "why": why}


def _tier(number: int, taken: set[int], weeks: dict[str, int], cap: int | None) -> int:
    """Score a candidate: 0 free and under the cap, 1 free, 2 the rest."""
    if number in taken:
        return 2
    return 0 if cap is None or weeks.get(_week(number), 0) < cap else 1


def _week(number: int) -> str:
    return date.fromordinal(number).strftime("%G-W%V")


def _number(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def _meeting(opened: Iterable[int], pattern: dict[str, Any]) -> set[int]:
    """Ordinal 1 was a Monday, so that day numbers fall into weeks by division."""
    on = {n for n in opened if (n - 1) % 7 in pattern["weekdays"]}
    if pattern["weeks"] is None:
        return on
    parity = ((_number(pattern["first_week_a"]) - 1) // 7) % 2
    return {n for n in on if "AB"[((n - 1) // 7 - parity) % 2] in pattern["weeks"]}


@lru_cache(maxsize=64)
def _open(calendar: str) -> frozenset[int]:
    read = json.loads(calendar)
    days: set[int] = set()
    for first, last in read["terms"]:
        days |= set(range(_number(first), _number(last) + 1))
    years = {date.fromordinal(n).year for n in days}
    shut = {_number(text) for text in read["closures"]} | {n for year in years for n in england(year)}
    return frozenset(n for n in days - shut if (n - 1) % 7 < 5)


@lru_cache
def england(year: int) -> frozenset[int]:
    """Give the day numbers of England's bank holidays, from 2003 on, by the rules of the acts and proclamations."""
    easter = _easter(year)
    days = {easter - 2, easter + 1, _monday_on_or_after(year, 8, 25)}
    days.add(date(2020, 5, 8).toordinal() if year == 2020 else _monday_on_or_after(year, 5, 1))
    spring = {2012: (6, 4), 2022: (6, 2)}.get(year)
    days.add(date(year, *spring).toordinal() if spring else _monday_on_or_after(year, 5, 25))
    extra = {2011: [(4, 29)], 2012: [(6, 5)], 2022: [(6, 3), (9, 19)], 2023: [(5, 8)]}
    days |= {date(year, *pair).toordinal() for pair in extra.get(year, [])}
    days.add(_weekday_from(date(year, 1, 1)))
    christmas = date(year, 12, 25)
    # On a Friday the 26th moves to Monday; on a Saturday both move to Monday and Tuesday; on a Sunday the 25th to Tuesday.
    shifts = {4: (0, 3), 5: (2, 3), 6: (1, 2)}.get(christmas.weekday(), (0, 1))
    days |= {christmas.toordinal() + shift for shift in shifts}
    return frozenset(days)


def _weekday_from(day: date) -> int:
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day.toordinal()


def _monday_on_or_after(year: int, month: int, day: int) -> int:
    number = date(year, month, day).toordinal()
    return number + (1 - number) % 7


def _easter(year: int) -> int:
    """Easter Sunday by Gauss's method for 1900 to 2099."""
    d = (19 * (year % 19) + 24) % 30
    e = (2 * (year % 4) + 4 * (year % 7) + 6 * d + 5) % 7
    late = d + e
    if (d, e) == (29, 6) or (d == 28 and e == 6 and year % 19 > 10):
        late -= 7
    return date(year, 3, 22).toordinal() + late
