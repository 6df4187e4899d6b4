"""Random cases of the date rule over calendars of up to ten years, in the shape the command reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

Case = dict[str, Any]
Pairs = list[tuple[date, date]]


def random_cases(seed: int, count: int, per_calendar: int = 50) -> Iterator[Case]:
    """Give `count` cases, a new calendar every `per_calendar` of them; the same seed gives the same cases."""
    rng = Random(seed)
    for number in range(count):
        if number % per_calendar == 0:
            calendar = random_calendar(rng)
        yield random_case(rng, f"{seed}-{number}", calendar)


def random_case(rng: Random, identity: str, calendar: Case) -> Case:
    taught_on = _lesson_day(rng, calendar)
    return {
        "id": identity,
        "taught_on": taught_on.isoformat(),
        "calendar": calendar,
        "meets": random_pattern(rng, taught_on),
        "next_meets": random_pattern(rng, taught_on) if rng.random() < 0.6 else None,
        "taken": _taken(rng, taught_on),
    }


def random_calendar(rng: Random) -> Case:
    """Draw one to ten academic years, as three terms with breaks among the closures or as six half-terms."""
    start, years = rng.randint(2012, 2040), rng.choice([1, 2, 3, 10, 10, 10])
    as_half_terms = rng.random() < 0.5
    terms: Pairs = []
    closures: set[date] = set()
    for year in range(start, start + years):
        if years > 2 and rng.random() < 0.03:
            continue
        for (first, last), (break_first, break_last) in _terms_of_year(rng, year):
            if as_half_terms:
                terms += [(first, break_first - timedelta(1)), (break_last + timedelta(1), last)]
            else:
                terms.append((first, last))
                closures.update(_span(break_first, break_last))
    closures.update(_odd_closures(rng, terms))
    rng.shuffle(terms)
    return {
        "terms": [[first.isoformat(), last.isoformat()] for first, last in terms],
        "closures": sorted(day.isoformat() for day in closures),
    }


def random_pattern(rng: Random, near: date) -> Case:
    weeks = rng.choice([None, None, None, ["A"], ["B"], ["A", "B"]])
    return {
        "weekdays": rng.sample(range(5), rng.choice([0, 1, 1, 1, 1, 1, 2, 2, 3, 5])),
        "weeks": weeks,
        "first_week_a": (near + timedelta(rng.randint(-700, 700))).isoformat(),
    }


def _terms_of_year(rng: Random, year: int) -> list[tuple[tuple[date, date], tuple[date, date]]]:
    """Give terms with their half-term breaks; one year in five begins in August, as many councils' years do."""
    autumn = date(year, 8, rng.randint(16, 31)) if rng.random() < 0.2 else date(year, 9, rng.randint(1, 9))
    october = _monday(date(year, 10, rng.randint(14, 28)))
    february = _monday(date(year + 1, 2, rng.randint(10, 22)))
    whitsun = _monday(date(year + 1, 5, 31))
    spring_ends = date(year + 1, 3, 20) + timedelta(rng.randint(0, 22))
    return [
        ((autumn, date(year, 12, rng.randint(15, 23))), (october, october + timedelta(rng.choice([4, 11, 13])))),
        ((date(year + 1, 1, rng.randint(2, 8)), spring_ends), (february, february + timedelta(4))),
        (
            (spring_ends + timedelta(rng.randint(14, 19)), date(year + 1, 7, rng.randint(12, 28))),
            (whitsun, whitsun + timedelta(4)),
        ),
    ]


def _odd_closures(rng: Random, terms: Pairs) -> Iterator[date]:
    """Give INSET and snow days, a few of them outside terms, and now and then a shut fortnight."""
    for first, last in terms:
        yield from (first + timedelta(rng.randint(-3, (last - first).days + 3)) for _ in range(rng.randint(0, 5)))
        if rng.random() < 0.1:
            begin = first + timedelta(rng.randint(0, (last - first).days))
            yield from _span(begin, begin + timedelta(rng.choice([4, 13, 60])))


def _lesson_day(rng: Random, calendar: Case) -> date:
    days = [date.fromisoformat(text) for pair in calendar["terms"] for text in pair] or [date(2026, 9, 1)]
    if rng.random() < 0.15:
        return date(rng.choice(days).year, *rng.choice([(8, 31), (9, 1), (8, 25), (7, 10), (6, 24), (2, 28), (12, 31)]))
    return min(days) + timedelta(rng.randint(-40, (max(days) - min(days)).days + 40))


def _taken(rng: Random, taught_on: date) -> list[str]:
    """Give from no day to so many that every meeting day of a window is gone."""
    if rng.random() < 0.2:
        opens = rng.choice([7, 21, 70])
        return [(taught_on + timedelta(n)).isoformat() for n in range(opens, opens + rng.choice([8, 15, 29, 64]))]
    return [(taught_on + timedelta(rng.randint(0, 420))).isoformat() for _ in range(rng.randint(0, 40))]


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())


def _span(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(n) for n in range((last - first).days + 1))


def wild_cases(seed: int, count: int) -> Iterator[Case]:
    """Give cases no school would send: terms of a weekend, overlapping, in any order, twice; the same day twice in a list."""
    rng = Random(seed)
    for number in range(count):
        start = date(rng.randint(2004, 2080), rng.randint(1, 12), rng.randint(1, 28))
        firsts = [start + timedelta(rng.randint(-200, 800)) for _ in range(rng.choice([0, 1, 2, 5, 12]))]
        terms = [(first, first + timedelta(rng.choice([0, 1, 6, 30, 90, 400]))) for first in firsts]
        terms += rng.choices(terms, k=len(terms) // 2) if terms else []
        days = [start + timedelta(rng.randint(-30, 500)) for _ in range(rng.choice([0, 3, 80]))]
        patterns = [
            {
                "weekdays": rng.choices(range(5), k=rng.choice([0, 1, 1, 2, 7])),
                "weeks": rng.choice([None, None, [], ["A"], ["B", "B"], ["B", "A"]]),
                "first_week_a": (start + timedelta(rng.randint(-4000, 4000))).isoformat(),
            }
            for _ in range(2)
        ]
        yield {
            "id": number,
            "taught_on": start.isoformat(),
            "calendar": {
                "terms": [[first.isoformat(), last.isoformat()] for first, last in terms],
                "closures": [day.isoformat() for day in days],
            },
            "meets": patterns[0],
            "next_meets": rng.choice([None, patterns[1], patterns[0]]),
            "taken": [day.isoformat() for day in rng.choices(days, k=len(days)) if days] + _taken(rng, start),
        }
