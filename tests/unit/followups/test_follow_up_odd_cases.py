"""Odd corners of the date rule, worked out by hand from its ten sentences; the oracle has to agree with the hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from eduprog.followups.rules import answer, read_case
from tests.support import oracle

TUESDAYS = {"weekdays": [1], "weeks": None, "first_week_a": "2026-09-01"}
MONDAYS = {"weekdays": [0], "weeks": None, "first_week_a": "2026-09-01"}
YEAR = [
    ["2026-09-01", "2026-10-23"], ["2026-11-02", "2026-12-18"], ["2027-01-04", "2027-02-12"],
    ["2027-02-22", "2027-03-25"], ["2027-04-12", "2027-05-28"], ["2027-06-07", "2027-07-21"],
]  # fmt: skip
NEXT = [["2027-09-02", "2027-10-22"], ["2027-11-01", "2027-12-17"]]
WAITS, NO_CALENDAR, NOWHERE = "awaiting_next_year", "awaiting_calendar", "unplaced"


def lettered(weekday: int, letters: list[str], first_week_a: str) -> dict[str, Any]:
    return {"weekdays": [weekday], "weeks": letters, "first_week_a": first_week_a}


CASES: dict[str, tuple[dict[str, Any], tuple[str, str, str, str]]] = {
    "no term is known": ({"terms": []}, (NO_CALENDAR, NO_CALENDAR, NO_CALENDAR, WAITS)),
    "no term is known and the successor is": ({"terms": [], "next_meets": MONDAYS}, (NO_CALENDAR,) * 4),
    "terms that are over long ago are the last known": ({"terms": [["2020-09-01", "2020-12-18"]]}, (NO_CALENDAR,) * 3 + (WAITS,)),
    "taught on the last day of August the next year begins tomorrow": (
        {"taught_on": "2027-08-31", "terms": YEAR + NEXT, "next_meets": MONDAYS},
        # R1 is open 7 to 14 September: Monday the 13th. R4 opens on the 2nd: Monday the 6th.
        ("2027-09-13", "2027-09-27", "2027-11-15", "2027-09-06"),
    ),
    "taught on 25 August R1 opens on 1 September itself": (
        {"taught_on": "2027-08-25", "terms": YEAR + NEXT},
        (WAITS, WAITS, WAITS, WAITS),
    ),
    "taught on 24 August R1 opens on 31 August, R2 in September": (
        {"taught_on": "2027-08-24", "terms": YEAR + NEXT},
        ("2027-09-07", WAITS, WAITS, WAITS),
    ),
    "taught on 1 September the year has begun": (
        {"taught_on": "2026-09-01", "terms": YEAR + NEXT, "next_meets": MONDAYS},
        ("2026-09-08", "2026-09-22", "2026-11-10", "2027-09-06"),
    ),
    "a window that begins in July keeps the old class, also for its 28 days after in September": (
        # R2 is open 28 July to 11 August, and the 28 days after end on 8 September: Tuesday the 7th, not Monday the 6th.
        {"taught_on": "2027-07-07", "terms": YEAR + NEXT, "next_meets": MONDAYS},
        ("2027-07-20", "2027-09-07", "2027-09-20", "2027-09-06"),
    ),
    "R4 begins on the first open day, whoever meets on it": (
        # The 2nd is a Thursday, and with 28 days the window ends on Wednesday 29 September: the Thursday of the 30th is out.
        {
            "taught_on": "2026-11-03", "terms": YEAR + NEXT,
            "next_meets": {"weekdays": [3], "weeks": ["B"], "first_week_a": "2027-08-30"},
        },
        ("2026-11-10", "2026-11-24", "2027-01-12", "2027-09-09"),
    ),
    "an INSET day at the start pushes the window of R4": (
        {"taught_on": "2026-11-03", "terms": YEAR + NEXT, "closures": ["2027-09-02", "2027-09-03"], "next_meets": TUESDAYS},
        ("2026-11-10", "2026-11-24", "2027-01-12", "2027-09-07"),
    ),
    "a year left out of the terms makes R4 wait for the next one known": (
        {"taught_on": "2026-11-03", "terms": [*YEAR, ["2028-09-04", "2028-10-20"]], "next_meets": MONDAYS},
        ("2026-11-10", "2026-11-24", "2027-01-12", "2028-09-04"),
    ),
    "a class that never meets is told so while terms are known": (
        {"terms": YEAR + NEXT, "meets": {**TUESDAYS, "weekdays": []}, "next_meets": {**TUESDAYS, "weekdays": []}},
        (NOWHERE,) * 4,
    ),
    "a timetable without a letter is no meeting at all": (
        {"terms": YEAR, "meets": {**TUESDAYS, "weeks": []}},
        (NOWHERE, NOWHERE, NOWHERE, WAITS),
    ),
    "both letters are every week": (
        {"terms": YEAR, "meets": {**TUESDAYS, "weeks": ["B", "A"]}},
        ("2026-11-10", "2026-11-24", "2027-01-12", WAITS),
    ),
    "letters count from a day in the holidays, backwards too": (
        # 25 December 2026 lies in a week A; the weeks of 21 December less 6 and less 4 are 9 November and 23 November: both A.
        {"terms": YEAR, "meets": lettered(1, ["A"], "2026-12-25")},
        ("2026-11-10", "2026-11-24", "2027-01-19", WAITS),
    ),
    "a Sunday belongs to the week that it ends": (
        {"terms": YEAR, "meets": lettered(1, ["A"], "2026-11-15")},
        ("2026-11-10", "2026-11-24", "2027-01-19", WAITS),
    ),
    "a Monday begins the next one": (
        {"terms": YEAR, "meets": lettered(1, ["A"], "2026-11-16")},
        ("2026-11-17", "2026-12-01", "2027-01-12", WAITS),
    ),
    "the lesson's own day may be shut, a Sunday or in a holiday": (
        {"taught_on": "2026-11-01", "terms": YEAR, "closures": ["2026-11-01"]},
        ("2026-11-10", "2026-11-24", "2027-01-12", WAITS),
    ),
    "terms may overlap, touch, repeat and come in any order, closures and taken days too": (
        {
            "terms": [*reversed(YEAR), *YEAR, ["2026-11-09", "2026-11-20"], ["2026-11-10", "2026-11-10"]],
            "closures": ["2026-11-17", "2026-11-10", "2026-11-10"], "taken": ["2026-12-01", "2026-11-24", "2026-12-01"],
        },
        # 10 and 17 November are shut, of the 28 days after the 24th and 1 December are taken: R1 has the 8th, R2 shares the 24th.
        ("2026-12-08", "2026-11-24", "2027-01-12", WAITS),
    ),
    "a term of a weekend opens no day": (
        {"terms": [["2026-11-07", "2026-11-08"]], "meets": {**TUESDAYS, "weekdays": [0, 1, 2, 3, 4]}},
        (NO_CALENDAR, NO_CALENDAR, NO_CALENDAR, WAITS),
    ),
    "the 28 days that end on the last known day are final": (
        # R1 closes on 17 November, the 28 days end on 15 December.
        {"terms": [["2026-09-01", "2026-11-06"], ["2026-12-15", "2026-12-15"]], "closures": ["2026-12-15"]},
        (NOWHERE, NO_CALENDAR, NO_CALENDAR, WAITS),
    ),
    "the 28 days that end a day after it are not": (
        {"terms": [["2026-09-01", "2026-11-06"], ["2026-12-14", "2026-12-14"]]},
        (NO_CALENDAR, NO_CALENDAR, NO_CALENDAR, WAITS),
    ),
    "the last day of the 28 is still one of them": (
        # For R2 it is the only day there is: it shares it.
        {"terms": [["2026-09-01", "2026-11-06"], ["2026-12-15", "2026-12-18"]]},
        ("2026-12-15", "2026-12-15", NO_CALENDAR, WAITS),
    ),
    "taken days on which the class does not meet are nobody's business": (
        {"terms": YEAR, "taken": ["2026-11-09", "2026-11-11", "2026-11-03"]},
        ("2026-11-10", "2026-11-24", "2027-01-12", WAITS),
    ),
    "all of window and extension taken gives the first of the window": (
        {"terms": YEAR, "taken": ["2026-11-10", "2026-11-17", "2026-11-24", "2026-12-01", "2026-12-08", "2026-12-15"]},
        ("2026-11-10", "2026-11-24", "2027-01-12", WAITS),
    ),
    "one extension taken by R1 is passed over by R2": (
        {"taught_on": "2026-10-13", "terms": YEAR, "closures": ["2026-10-20"]},
        # R1: 20 October is shut, the 27th half-term; after it 3 November. R2 opens on that day and takes the 10th.
        ("2026-11-03", "2026-11-10", "2027-01-05", WAITS),
    ),
    "the day of a royal funeral is a bank holiday": (
        {"taught_on": "2022-09-12", "terms": [["2022-09-05", "2022-10-21"], ["2022-10-31", "2022-12-16"]], "meets": MONDAYS},
        ("2022-09-26", "2022-10-03", "2022-11-21", WAITS),
    ),
    "the moved early May holiday of 2020 is the Friday": (
        {
            "taught_on": "2020-04-27", "terms": [["2020-04-20", "2020-05-22"], ["2020-06-01", "2020-07-17"]],
            "meets": {**MONDAYS, "weekdays": [0, 4]}, "closures": ["2020-05-11"],
        },
        # R1 is open 4 to 11 May: the Monday of the 4th is a school day that year.
        ("2020-05-04", "2020-05-18", "2020-07-06", WAITS),
    ),
    "Christmas on a Saturday gives Monday and Tuesday": (
        {
            "taught_on": "2027-12-20", "terms": [["2027-12-01", "2028-01-31"], ["2028-02-01", "2028-06-30"]],
            "meets": {**MONDAYS, "weekdays": [0, 1]},
        },
        # 27 and 28 December are the holidays in lieu, 3 January that of New Year's Day.
        ("2028-01-04", "2028-01-10", "2028-02-28", WAITS),
    ),
    "on 29 February everything goes on": (
        {"taught_on": "2028-02-29", "terms": [["2028-01-04", "2028-07-20"]]},
        ("2028-03-07", "2028-03-21", "2028-05-09", WAITS),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_case_worked_out_by_hand_comes_out(name: str) -> None:
    changes, expected = CASES[name]
    case = {
        "id": name,
        "taught_on": changes.get("taught_on", "2026-11-03"),
        "calendar": {"terms": changes["terms"], "closures": changes.get("closures", [])},
        "meets": changes.get("meets", TUESDAYS),
        "next_meets": changes.get("next_meets"),
        "taken": changes.get("taken", []),
    }
    given = answer(read_case(json.dumps(case)))
    why = given["why"]
    assert isinstance(why, dict)
    assert tuple(given[point] or why[point] for point in ("R1", "R2", "R3", "R4")) == expected
    assert given == oracle.decide(case)
