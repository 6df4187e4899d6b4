"""Is guessing slowed down, and only guessing?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from eduprog.accounts.rules import WINDOW, next_try_at

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LIMIT = 10


def ago(seconds: float) -> datetime:
    return NOON - timedelta(seconds=seconds)


def test_three_wrong_tries_cost_nothing() -> None:
    assert next_try_at([], LIMIT, NOON) is None
    assert next_try_at([ago(3), ago(2), ago(0)][:2], LIMIT, NOON) is None


def test_each_further_try_doubles_the_wait() -> None:
    waits = []
    for count in range(3, LIMIT):
        tries = [ago(0)] * count
        until = next_try_at(tries, LIMIT, NOON)
        assert until is not None
        waits.append((until - NOON).total_seconds())
    assert waits == [1, 2, 4, 8, 16, 32, 64]


def test_a_wait_that_is_over_no_longer_holds() -> None:
    assert next_try_at([ago(9), ago(8), ago(2)], LIMIT, NOON) is None


def test_the_tenth_wrong_try_closes_the_account_until_the_first_is_a_quarter_of_an_hour_old() -> None:
    tries = [ago(600 - 10 * n) for n in range(LIMIT)]
    assert next_try_at(tries, LIMIT, NOON) == tries[0] + WINDOW


def test_tries_older_than_the_window_are_forgotten() -> None:
    assert next_try_at([ago(901)] * 50, LIMIT, NOON) is None


@given(st.integers(3, 20), st.lists(st.floats(0, 2000), max_size=40))
def test_whoever_waits_as_long_as_told_may_try(limit: int, seconds: list[float]) -> None:
    tries = sorted(ago(s) for s in seconds)
    until = next_try_at(tries, limit, NOON)
    if until is not None:
        assert until > NOON
        assert next_try_at(tries, limit, until) is None


@given(st.integers(3, 20))
def test_nobody_gets_more_tries_in_a_quarter_of_an_hour_than_the_limit(limit: int) -> None:
    tries: list[datetime] = []
    moment = NOON
    while moment < NOON + WINDOW:
        until = next_try_at(tries, limit, moment)
        if until is None:
            tries.append(moment)
        moment = until or moment
    assert len(tries) == limit
