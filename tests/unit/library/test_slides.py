"""Are the words of a slide as large as fits, and is a help card put on as few slides as hold it?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eduprog.library.rules import SIZES, lines_of, packed, size_for
from tests.conftest import FULL  # noqa: F401 - the profile of hypothesis is set there

LARGE, MEDIUM, SMALL = SIZES


def test_a_few_words_are_large_and_many_are_small() -> None:
    assert size_for("Wait. Listen.") is LARGE
    assert size_for("A sentence of some length. " * 12) is MEDIUM
    assert size_for("A sentence of some length. " * 24) is SMALL
    assert size_for("A sentence of some length. " * 240) is SMALL


def test_lines_are_counted_with_the_gaps_between_them() -> None:
    assert lines_of("one\n\ntwo", LARGE) == 3
    assert lines_of("x" * (LARGE.letters + 1), LARGE) == 2.5
    assert lines_of("", LARGE) == 0


@given(st.lists(st.text(alphabet="ab \n", max_size=400), max_size=8))
def test_parts_keep_their_order_and_share_a_slide_only_where_they_fit(texts: list[str]) -> None:
    slides = packed([(number, text) for number, text in enumerate(texts)])
    assert [number for slide in slides for number in slide] == list(range(len(texts)))
    for slide in slides:
        assert len(slide) == 1 or sum(lines_of(texts[number], SMALL) for number in slide) <= SMALL.lines
