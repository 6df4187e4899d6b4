"""May a count be shown, and can a smaller one be worked out from it?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduprog.checks.rules import MINIMUM, Share, apart, pooled, shown, too_many


@pytest.mark.parametrize(("of", "seen"), [(0, False), (9, False), (10, True), (28, True)])
def test_a_count_is_shown_from_ten_answers_up(of: int, seen: bool) -> None:
    assert (shown(Share(0, of)) is not None) is seen


def test_halves_of_a_per_cent_go_up() -> None:
    assert [Share(1, 8).percent, Share(1, 200).percent, Share(28, 28).percent, Share(0, 0).percent] == [13, 1, 100, 0]


def test_boys_and_girls_are_shown_only_if_both_may_be() -> None:
    assert apart(Share(9, 12), Share(8, 10)) == (Share(9, 12), Share(8, 10))
    assert apart(Share(9, 19), Share(8, 9)) is None
    assert apart(Share(9, 19), None) is None


def test_one_small_class_is_left_out_of_a_total_and_several_small_ones_are_not() -> None:
    assert pooled([Share(20, 28), Share(3, 6)]) == Share(20, 28)
    assert pooled([Share(20, 28), Share(3, 6), Share(4, 7)]) == Share(27, 41)
    assert pooled([Share(3, 6), Share(4, 7)]) == Share(7, 13)
    assert pooled([Share(3, 6)]) is None
    assert pooled([]) is None


@given(st.lists(st.integers(0, 40).flatmap(lambda of: st.builds(Share, st.integers(0, of), st.just(of))), max_size=8))
def test_what_a_total_holds_beyond_the_counts_shown_is_nothing_or_ten_and_more(shares: list[Share]) -> None:
    total = pooled(shares)
    alone = sum(one.of for one in shares if one.of >= MINIMUM)
    assert total is None or total.of - alone == 0 or total.of - alone >= MINIMUM
    assert total is None or total.of >= MINIMUM


def test_a_question_may_not_have_more_answers_than_the_class_has_pupils() -> None:
    counts = {"hug": [10, 18, 0], "photo": [20, 9, 0]}
    assert too_many(counts, {}, 28) == "photo"
    assert too_many(counts, {}, 29) is None
    assert too_many(counts, {"hug": 2}, 29) == "hug"
    assert too_many({"hug": [400, 1]}, {}, None) == "hug"
