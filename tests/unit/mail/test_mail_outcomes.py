"""When to try again, and when not any more."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduprog.mail.rules import (
    GIVE_UP_AFTER,
    Letter,
    MailKind,
    UnknownKind,
    install_kinds,
    installed_kinds,
    kind_named,
    may_try_again,
    retry_gap,
)

NOW = datetime(2026, 11, 12, 8, 0, tzinfo=UTC)
LUCK = st.floats(0, 1, exclude_max=True)


@given(attempts=st.integers(0, 10_000), luck=LUCK)
def test_a_gap_is_between_three_quarters_of_a_minute_and_five_hours(attempts: int, luck: float) -> None:
    assert timedelta(seconds=45) <= retry_gap(attempts, luck) <= timedelta(hours=5)


@given(attempts=st.integers(1, 50))
def test_gaps_grow_until_they_are_four_hours(attempts: int) -> None:
    before, after = retry_gap(attempts, 0.5), retry_gap(attempts + 1, 0.5)
    assert after == min(before * 2, timedelta(hours=4))


def test_luck_spreads_what_failed_together() -> None:
    assert retry_gap(1, 0.0) == timedelta(seconds=45)
    assert retry_gap(1, 0.999999) > timedelta(seconds=74)


@pytest.mark.parametrize(
    ("next_try", "too_late_at", "answer"),
    [
        (NOW + timedelta(minutes=1), None, ""),
        (NOW + GIVE_UP_AFTER, None, ""),
        (NOW + GIVE_UP_AFTER + timedelta(seconds=1), None, "gave up"),
        (NOW + timedelta(minutes=1), NOW + timedelta(minutes=1), "too late"),
        (NOW + timedelta(minutes=1), NOW + timedelta(minutes=2), ""),
    ],
)
def test_another_try_ends_after_three_days_or_when_it_would_be_too_late(
    next_try: datetime, too_late_at: datetime | None, answer: str
) -> None:
    assert may_try_again(NOW, next_try, too_late_at) == answer


def _kind(name: str) -> MailKind:
    def render(_letter: Hashable) -> Letter:
        return Letter("a", "b")

    return MailKind(name, lambda _ids, _now: {}, render)


def test_kinds_are_found_by_name_and_names_are_unique() -> None:
    before = installed_kinds()
    try:
        install_kinds([_kind("one"), _kind("two")])
        assert kind_named("two").name == "two"
        assert kind_named("two").doubtful_wait() is False
        with pytest.raises(UnknownKind):
            kind_named("three")
        with pytest.raises(ValueError, match="one"):
            install_kinds([_kind("one"), _kind("one")])
    finally:
        install_kinds(before)
