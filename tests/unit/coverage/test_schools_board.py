"""Can anybody work their way from the figures of a school back to a class, a person or a small school?"""

from __future__ import annotations

import itertools

import pytest

from eduprog.coverage.rules.schools import FLOOR, SchoolElement, SchoolFacts, SchoolRow, needs_of, rows_of


def _school(
    *, classes: int = 7, adults: int = 7, good: tuple[int, int] = (20, 60), safe: tuple[int, int] = (30, 80)
) -> SchoolFacts:
    return SchoolFacts(1, "Elm School", classes, adults, good, safe, (3, 8))


@pytest.mark.parametrize(("classes", "adults"), [(4, 4), (12, 1), (5, 4), (4, 9), (0, 0)])
def test_a_school_of_few_classes_or_few_adults_shows_nothing_at_all(classes: int, adults: int) -> None:
    assert rows_of([_school(classes=classes, adults=adults)])[0].shares == ()
    assert rows_of([_school(classes=FLOOR, adults=FLOOR)])[0].shown


def test_shares_come_in_steps_of_five_and_nothing_and_all_are_said_only_when_true() -> None:
    shares = [rows_of([_school(good=(done, 60), safe=(0, 80))])[0].shares[1] for done in range(61)]
    assert {share for share in shares if share is not None} <= set(range(0, 101, 5))
    assert [number for number, share in enumerate(shares) if share == 0] == [0]
    assert [number for number, share in enumerate(shares) if share == 100] == [60]


def test_one_more_lesson_of_a_class_is_rarely_seen_and_never_says_how_many() -> None:
    """Somebody who looks every day sees the share move at most once in several lessons: no lesson is seen by itself."""
    seen = [rows_of([_school(good=(done, 200), safe=(done, 200))])[0].shares for done in range(1, 200)]
    runs = [len(list(group)) for _key, group in itertools.groupby(seen)]
    assert min(runs[1:-1]) >= 9


def test_part_and_whole_never_give_the_hidden_part_away() -> None:
    row = rows_of([_school(good=(5, 6), safe=(30, 80))])[0]
    assert row.shares[1:3] == (None, None)


def test_there_is_no_sum_over_schools_from_which_a_hidden_one_could_be_taken() -> None:
    rows = rows_of([_school(), _school(classes=2)])
    assert [row.shown for row in rows] == [True, False]
    assert not hasattr(rows[1], "planned")
    assert rows[1].shares == ()


def _families(reached: int, pupils: int) -> int | None:
    facts = SchoolFacts(1, "Elm School", 7, 7, (20, 60), (30, 80), (3, 8), families=(reached, pupils))
    return rows_of([facts])[0].shares[list(SchoolElement).index(SchoolElement.FAMILIES)]


def test_fewer_than_five_families_that_joined_or_did_not_are_never_told_from_none_or_all() -> None:
    assert [_families(reached, 100) for reached in (0, 1, 4)] == [None] * 3
    assert [_families(reached, 100) for reached in (96, 99, 100)] == [None] * 3
    assert [_families(5, 100), _families(52, 100), _families(95, 100)] == [5, 50, 95]
    assert _families(20, 40) is None


def _row(name: str, lessons: int | None, follow_ups: int | None = 80) -> SchoolRow:
    return SchoolRow(1, name, lessons is not None, (lessons, 50, 50, follow_ups, 60, 40) if lessons is not None else ())


def test_the_schools_that_lag_furthest_are_named_first_with_what_they_lag_in() -> None:
    rows = [_row("Elm", 70), _row("Ash", 40), _row("Yew", 75, 20), _row("Oak", 70), _row("Fir", 60), _row("Small", None)]
    found = [(need.name, need.element, need.share, need.middle) for need in needs_of(rows)]
    assert found == [("Yew", SchoolElement.FOLLOW_UPS, 20, 80), ("Ash", SchoolElement.DELIVERED, 40, 70)]


def test_at_most_three_schools_are_named_and_none_where_nothing_can_be_compared() -> None:
    assert len(needs_of([_row(f"S{n}", 10) for n in range(5)] + [_row(f"T{n}", 80) for n in range(9)])) == 3
    assert needs_of([_row("Elm", 10)]) == []
    assert needs_of([_row("Small", None)]) == []
