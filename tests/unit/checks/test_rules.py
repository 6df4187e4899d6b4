"""May a count be shown, and can a smaller one be worked out from it?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduprog.checks.rules import MINIMUM, Counted, Share, apart, bundles, shown, too_many, whole_of


@pytest.mark.parametrize(("of", "seen"), [(0, False), (9, False), (10, True), (28, True)])
def test_a_count_is_shown_from_ten_answers_up(of: int, seen: bool) -> None:
    assert (shown(Share(0, of)) is not None) is seen


def test_halves_of_a_per_cent_go_up() -> None:
    assert [Share(1, 8).percent, Share(1, 200).percent, Share(28, 28).percent, Share(0, 0).percent] == [13, 1, 100, 0]


def test_boys_and_girls_are_shown_only_if_both_may_be() -> None:
    assert apart(Share(9, 12), Share(8, 10)) == (Share(9, 12), Share(8, 10))
    assert apart(Share(9, 19), Share(8, 9)) is None
    assert apart(Share(9, 19), None) is None


def test_a_whole_class_is_all_or_boys_and_girls_and_never_one_of_them() -> None:
    boys, girls = {Counted.BOYS: Share(9, 12)}, {Counted.GIRLS: Share(4, 5)}
    assert whole_of({Counted.ALL: Share(9, 12)}) == Share(9, 12)
    assert whole_of(boys | girls) == Share(13, 17)
    assert [whole_of(boys), whole_of(girls), whole_of({})] == [None, None, None]


def _pairs(*of: tuple[int, int]) -> list[tuple[Share, Share]]:
    return [(Share(0, before), Share(0, after)) for before, after in of]


def test_large_classes_count_alone_and_small_ones_once_enough_of_them_were_asked_both_times() -> None:
    assert bundles(_pairs((28, 27), (6, 6))) == [(0,)]
    assert bundles(_pairs((6, 6), (28, 27), (7, 4), (5, 7))) == [(1,), (0, 2, 3)]
    assert bundles(_pairs((6, 6), (7, 3))) == []
    assert bundles(_pairs((12, 3), (9, 9), (9, 9))) == [(0, 1, 2)]
    assert bundles([]) == []


def test_whoever_counted_one_of_two_small_classes_is_not_told_the_other() -> None:
    assert bundles(_pairs((6, 6), (6, 6))) == []
    assert bundles(_pairs((9, 9), (9, 9), (2, 1))) == [(0, 1, 2)]


_SHARES = st.integers(0, 40).map(lambda of: Share(of // 2, of))


@given(st.lists(st.tuples(_SHARES, _SHARES), max_size=9), st.integers(0, 9))
def test_no_difference_between_two_days_tells_fewer_than_ten_answers(pairs: list[tuple[Share, Share]], earlier: int) -> None:
    then, now = bundles(pairs[:earlier]), bundles(pairs)
    assert now[: len(then)] == then
    for bundle in now:
        for moment in (0, 1):
            answers = [pairs[place][moment].of for place in bundle]
            known = answers if len(answers) > 1 else [0]
            assert all(sum(answers) - one >= MINIMUM for one in known)
    places = [place for bundle in now for place in bundle]
    assert len(places) == len(set(places))


def test_a_question_may_not_have_more_answers_than_the_class_has_pupils() -> None:
    counts = {"hug": [10, 18, 0], "photo": [20, 9, 0]}
    assert too_many(counts, {}, 28) == "photo"
    assert too_many(counts, {}, 29) is None
    assert too_many(counts, {"hug": 2}, 29) == "hug"
    assert too_many({"hug": [400, 1]}, {}, None) == "hug"
