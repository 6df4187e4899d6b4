"""Does a filter let through what was asked for, and only that?"""

from __future__ import annotations

from functools import cache

import pytest

from eduprog.core.paths import LESSONS
from eduprog.curriculum.catalogue import Curriculum
from eduprog.curriculum.loader import load_curriculum
from eduprog.library.rules import LENGTHS, Wanted


@cache
def _curriculum() -> Curriculum:
    return load_curriculum(LESSONS)


def _fitting(**chosen: str) -> set[tuple[str, int]]:
    wanted = Wanted(**chosen)
    modules = [module for module in _curriculum().all_modules if wanted.module(module)]
    return {(module.id, lesson.number) for module in modules for lesson in module.lessons if wanted.lesson(lesson)}


def test_without_a_filter_every_lesson_fits() -> None:
    assert len(_fitting()) == sum(len(module.lessons) for module in _curriculum().all_modules)


@pytest.mark.parametrize(
    ("chosen", "in_", "out"),
    [
        ({"stage": "K1"}, ("K1-C1", 1), ("L2-C1", 1)),
        ({"strand": "media"}, ("K3-M1", 1), ("K1-C1", 1)),
        ({"year": "Y1"}, ("K1-C1", 1), ("K4-C1", 1)),
        ({"gate": "G1"}, ("K4-C1", 1), ("K1-C1", 1)),
        ({"statement": "P-RK"}, ("K1-C1", 1), ("K4-C1", 1)),
        ({"method": "puppets"}, ("K1-C1", 1), ("K5-H1", 1)),
    ],
)
def test_a_filter_lets_through_what_fits_and_nothing_else(
    chosen: dict[str, str], in_: tuple[str, int], out: tuple[str, int]
) -> None:
    assert in_ in _fitting(**chosen)
    assert out not in _fitting(**chosen)


def test_every_lesson_has_exactly_one_length() -> None:
    fitting = [_fitting(length=length) for length in LENGTHS]
    assert set().union(*fitting) == _fitting()
    assert sum(map(len, fitting)) == len(_fitting())


def test_filters_narrow_each_other() -> None:
    assert _fitting(stage="K3", skill="BY") == _fitting(stage="K3") & _fitting(skill="BY")
    assert _fitting(message="3", evidence="tested") == _fitting(message="3") & _fitting(evidence="tested")


def test_a_single_clause_is_part_of_its_statement_and_of_its_heading() -> None:
    clause = next(step.clauses[0] for step in _curriculum().modules["K1-C1"].lessons[0].steps if step.clauses)
    assert ("K1-C1", 1) in _fitting(statement=clause) & _fitting(statement=clause.rstrip("abcdefgh")) & _fitting(
        statement=clause[:4]
    )
