"""Are single cells of import files read rightly: years, addresses, days, formulas, and what could mislead a page?"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduprog.school.importers.values import Finding, Weight
from eduprog.school.importers.wording import day_of, email_of, is_formula, tidy, years_in_title, years_of


@pytest.mark.parametrize(
    ("cell", "years"),
    [("7", "Y7"), ("07", "Y7"), ("Year 10", "Y10"), ("Yr 3", "Y3"), ("R", "R"), ("Reception", "R"), ("KG", "R"), ("0", "R"),
     ("5/6", "Y5 Y6"),
     ("7-9", "Y7 Y8 Y9"), ("Year 5 and 6", "Y5 Y6"), ("R-2", "R Y1 Y2"), ("12,13", "Y12 Y13"), ("", "")],
)  # fmt: skip
def test_a_year_cell_names_its_year_groups(cell: str, years: str) -> None:
    assert [year.value for year in years_of(cell) or ()] == years.split()


@pytest.mark.parametrize("cell", ["14", "Nursery", "N2", "PK", "other", "7A", "Year"])
def test_what_is_no_year_group_is_not_guessed(cell: str) -> None:
    assert years_of(cell) is None


@pytest.mark.parametrize(
    ("title", "years"),
    [("7A", "Y7"), ("10X/Ps1", "Y10"), ("Year 5/6 Oak", "Y5 Y6"), ("Reception Elm", "R"), ("1 Oak", "Y1"), ("12X", "Y12"),
     ("Introduction to Physics", ""), ("History - 2", ""), ("Class 2", ""), ("3D design", ""), ("2nd set", ""), ("g124z-1a", "")],
)  # fmt: skip
def test_a_title_shows_its_year_only_where_schools_write_it(title: str, years: str) -> None:
    assert [year.value for year in years_in_title(title)] == years.split()


@pytest.mark.parametrize("typed", ["a@b.example", "O'Brien@school.sch.uk", " MAILTO:x.y@school.org.uk ", "a+b@school.ac.uk"])
def test_an_address_schools_use_is_taken(typed: str) -> None:
    assert email_of(typed) == typed.strip().lower().removeprefix("mailto:")


@pytest.mark.parametrize(
    "typed", ["", "john", "a@b", "a b@c.uk", "a@@b.uk", ".a@b.uk", "a.@b.uk", "a..b@c.uk", "a@b.uk,c@d.uk", "<a@b.uk>", "a@b-.uk"]
)
def test_what_is_no_address_we_would_write_to_is_not_taken(typed: str) -> None:
    assert email_of(typed) is None


def test_no_address_the_standard_calls_wrong_is_taken(fixtures: Path) -> None:
    cases = json.loads((fixtures / "bad-input" / "isemail-dev.json").read_text())
    rows = cases if isinstance(cases, list) else cases["tests"]
    wrong = [row for row in rows if "ERR" in str(row.get("category", ""))]
    assert len(wrong) > 20
    assert [row["address"] for row in wrong if email_of(row["address"]) and email_of(row["address"]) == row["address"]] == []


def test_every_published_formula_is_known_as_one(fixtures: Path) -> None:
    lines = (fixtures / "bad-input" / "csv-injection-payloads.txt").read_text().splitlines()
    assert lines
    assert [line for line in lines if not is_formula(line)] == []


@pytest.mark.parametrize("cell", ["7A", "O'Brien", "-", "Year 7 (mixed)", "+44 test", "Änne", "1-2"])
def test_what_schools_write_is_no_formula(cell: str) -> None:
    assert not is_formula(cell)


@pytest.mark.parametrize(
    ("cell", "day"),
    [("2026-09-01", date(2026, 9, 1)), ("2026-09-01T08:00:00Z", date(2026, 9, 1)), ("2017-05-06 08:01:05", date(2017, 5, 6)),
     ("01/09/2026", date(2026, 9, 1)), ("1 September 2026", date(2026, 9, 1)), ("31/02/2026", None), ("soon", None), ("", None)],
)  # fmt: skip
def test_days_are_read_as_exports_write_them(cell: str, day: date | None) -> None:
    assert day_of(cell) == day


@given(st.text(max_size=60))
def test_tidy_text_holds_nothing_that_turns_or_hides_letters(text: str) -> None:
    tidied = tidy(text)
    assert tidied == tidy(tidied)
    assert not any(ord(letter) < 32 or letter in "\u202e\u200b\u2066\ufeff" for letter in tidied)


@given(st.text(max_size=30))
def test_no_cell_makes_the_readers_fail(text: str) -> None:
    for read in (years_of, years_in_title, email_of, day_of, is_formula):
        read(text)


def test_a_finding_says_its_rows_shortly() -> None:
    finding = Finding(weight=Weight.FAULT, text="x", file="users.csv", rows=(2, 3, 4, 9, 12), column="email")
    assert finding.place == "users.csv, rows 2 to 4, 9 and 12, column email"
