"""Does the proposal for next year fit how schools are built: numbered, named, mixed-age, growing, with and without sixth form?"""

from __future__ import annotations

import pytest

from eduprog.curriculum.vocabulary import YearGroup
from eduprog.organisations.rules import Phase
from eduprog.yearcycle.rules import NextClass, OldClass, leavers, propose

Y = YearGroup


def _school(*classes: tuple[str, tuple[YearGroup, ...]]) -> list[OldClass]:
    return [OldClass(number, name, years, number * 10) for number, (name, years) in enumerate(classes, start=1)]


def _fed_by(old: list[OldClass], phase: Phase) -> dict[str, set[str]]:
    names = {one.id: one.name for one in old}
    return {one.name: {names[feeder] for feeder in one.feeders} for one in propose(old, phase)}


def test_each_numbered_class_is_fed_by_the_one_that_takes_its_name() -> None:
    old = _school(("7X", (Y.Y7,)), ("7Y", (Y.Y7,)), ("8X", (Y.Y8,)), ("8Y", (Y.Y8,)), ("9X", (Y.Y9,)))
    fed = _fed_by(old, Phase.SECONDARY)
    assert fed["7X"] == set()
    assert fed["8X"] == {"7X"}
    assert fed["8Y"] == {"7Y"}
    assert fed["9X"] == {"8X"}


def test_classes_named_without_their_year_are_fed_by_all_of_the_year_before() -> None:
    old = _school(("Oak", (Y.Y1,)), ("Ash", (Y.Y1,)), ("Elm", (Y.Y2,)))
    assert _fed_by(old, Phase.PRIMARY)["Elm"] == {"Oak", "Ash"}


def test_a_mixed_age_class_feeds_itself_and_the_next() -> None:
    old = _school(("Wren", (Y.Y1, Y.Y2)), ("Owl", (Y.Y3, Y.Y4)), ("Kite", (Y.Y5, Y.Y6)))
    assert _fed_by(old, Phase.PRIMARY) == {"Wren": {"Wren"}, "Owl": {"Wren", "Owl"}, "Kite": {"Owl", "Kite"}}


def test_reception_feeds_year_1() -> None:
    assert _fed_by(_school(("Rec Oak", (Y.R,)), ("1 Oak", (Y.Y1,)), ("1 Ash", (Y.Y1,))), Phase.PRIMARY)["1 Oak"] == {"Rec Oak"}


def test_a_school_that_grows_gets_a_class_for_its_oldest() -> None:
    old = _school(("7X", (Y.Y7,)), ("8X", (Y.Y8,)))
    assert _fed_by(old, Phase.SECONDARY) == {"7X": set(), "8X": {"7X"}, "9X": {"8X"}}


@pytest.mark.parametrize(
    ("phase", "classes", "gone"),
    [
        (Phase.PRIMARY, (("5 Oak", (Y.Y5,)), ("6 Oak", (Y.Y6,))), {"6 Oak"}),
        (Phase.ALL_THROUGH, (("6 Oak", (Y.Y6,)), ("7X", (Y.Y7,)), ("8X", (Y.Y8,))), set()),
        (Phase.SECONDARY, (("10X", (Y.Y10,)), ("11X", (Y.Y11,))), {"11X"}),
        (Phase.SECONDARY, (("11X", (Y.Y11,)), ("12A", (Y.Y12,)), ("13A", (Y.Y13,))), {"13A"}),
    ],
)
def test_those_who_leave_are_named(phase: Phase, classes: tuple[tuple[str, tuple[YearGroup, ...]], ...], gone: set[str]) -> None:
    old = _school(*classes)
    assert {one.name for one in leavers(old, propose(old, phase))} == gone


def test_classes_that_are_there_already_are_taken_as_they_are() -> None:
    old = _school(("7X", (Y.Y7,)))
    existing = [OldClass(77, "8X", (Y.Y8,), 5), OldClass(78, "7X", (Y.Y7,), None)]
    assert propose(old, Phase.SECONDARY, existing) == [
        NextClass("7X", (Y.Y7,), None, (), existing_id=78),
        NextClass("8X", (Y.Y8,), 5, (1,), existing_id=77),
    ]


def test_each_class_keeps_its_teacher_and_times() -> None:
    old = _school(("1 Oak", (Y.Y1,)), ("2 Oak", (Y.Y2,)))
    assert [(one.name, one.lead_teacher_id, one.like_id) for one in propose(old, Phase.PRIMARY)][:2] == [
        ("1 Oak", 10, 1),
        ("2 Oak", 20, 2),
    ]
