"""Are the rules about codes, figures, activities and standing right?"""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduprog.curriculum.vocabulary import YearGroup
from eduprog.families.rules import (
    CURRENT_WORDING,
    WORDINGS,
    DigestItem,
    Obstacle,
    PromptState,
    Standing,
    StopReason,
    draw_code,
    from_five,
    merged,
    obstacle_of,
    read_code,
    shown_code,
    wording,
    years_label,
)


@given(seed=st.integers())
def test_a_code_is_read_back_however_it_is_typed(seed: int) -> None:
    code = draw_code(random.Random(seed).choice)
    for typed in (code, code.lower(), shown_code(code), f" {shown_code(code).replace('-', ' – ')} "):
        assert read_code(typed) == code


@given(typed=st.text())
def test_what_is_no_code_is_read_as_none(typed: str) -> None:
    read = read_code(typed)
    assert read == "" or (len(read) == 8 and read.isascii() and read.isalnum())


def test_no_letter_of_a_code_looks_like_another() -> None:
    letters = {letter for seed in range(200) for letter in draw_code(random.Random(seed).choice)}
    assert letters.isdisjoint("AEIOUL01S5Z2B6")


@pytest.mark.parametrize(("count", "shown"), [(0, "fewer than 5"), (4, "fewer than 5"), (5, "5–9"), (1204, "1,200–1,204")])
def test_counts_begin_at_five_and_go_in_steps_of_five(count: int, shown: str) -> None:
    assert from_five(count) == shown


def test_the_wording_names_school_and_years_and_an_unknown_one_is_refused() -> None:
    said = wording(CURRENT_WORDING, school="Oakfield", years="Year 1")
    assert "Oakfield" in said
    assert "Year 1" in said
    with pytest.raises(KeyError):
        wording("never-was", school="Oakfield", years="Year 1")
    assert all(len(name) <= 40 for name in WORDINGS)


@pytest.mark.parametrize(
    ("years", "label"),
    [
        ((), ""),
        ((YearGroup.Y4,), "Year 4"),
        ((YearGroup.Y1, YearGroup.R), "Reception and Year 1"),
        ((YearGroup.Y9, YearGroup.Y7, YearGroup.Y8, YearGroup.Y7), "Year 7, Year 8 and Year 9"),
    ],
)
def test_year_groups_are_named_in_order(years: tuple[YearGroup, ...], label: str) -> None:
    assert years_label(years) == label


def test_an_activity_of_two_classes_is_told_once_and_gated_if_it_is_for_one() -> None:
    taught = [
        DigestItem("K3-C1", (YearGroup.Y8,), gated=False),
        DigestItem("K1-C1", (YearGroup.Y2,), gated=False),
        DigestItem("K1-C1", (YearGroup.Y1, YearGroup.Y2), gated=True),
    ]
    assert merged(taught, ("K1-C1", "K3-C1")) == (
        DigestItem("K1-C1", (YearGroup.Y1, YearGroup.Y2), gated=True),
        DigestItem("K3-C1", (YearGroup.Y8,), gated=False),
    )


def test_an_activity_the_order_does_not_know_comes_last() -> None:
    taught = [DigestItem("X9-X9", (), gated=False), DigestItem("K1-C1", (), gated=False)]
    assert [item.module_id for item in merged(taught, ("K1-C1",))] == ["K1-C1", "X9-X9"]


@pytest.mark.parametrize("state", [PromptState.WAITING, PromptState.SENT])
def test_nothing_stands_in_the_way_of_a_prompt_as_it_should_be(state: PromptState) -> None:
    assert obstacle_of(Standing(state)) is None


@pytest.mark.parametrize(
    ("standing", "obstacle"),
    [
        (Standing(PromptState.HELD), Obstacle.HELD),
        (Standing(PromptState.STOPPED, StopReason.DELIVERY_UNDONE), Obstacle.UNDONE),
        (Standing(PromptState.STOPPED, StopReason.SENT_BY_HAND), Obstacle.BY_HAND),
        (Standing(PromptState.STOPPED, StopReason.TOO_LATE), Obstacle.STOPPED),
        (Standing(PromptState.WAITING, told_by_hand=True), Obstacle.BY_HAND),
        (Standing(PromptState.WAITING, module_is_live=False), Obstacle.RETIRED),
        (Standing(PromptState.SENT, on_hold=True), Obstacle.PAUSED),
        (Standing(PromptState.SENT, in_class=False), Obstacle.CLASS_LEFT),
        (Standing(PromptState.WAITING, class_ended=True), Obstacle.CLASS_ENDED),
    ],
)
def test_each_obstacle_is_named(standing: Standing, obstacle: Obstacle) -> None:
    assert obstacle_of(standing) is obstacle


@pytest.mark.parametrize("obstacle", Obstacle)
def test_every_obstacle_has_a_sentence_for_people(obstacle: Obstacle) -> None:
    assert obstacle.sentence.endswith(".")
    assert "_" not in obstacle.sentence
    assert [other for other in Obstacle if other.sentence == obstacle.sentence] == [obstacle]
