"""What the checks of one module need to know of the rest, and the bounds each stage sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eduprog.curriculum.frameworks import Framework
from eduprog.curriculum.help_sources import HelpSource
from eduprog.curriculum.programme import Programme
from eduprog.curriculum.vocabulary import Stage, Vocabulary


@dataclass(frozen=True)
class Context:
    """The lists a module refers to; None where a list could not be read, so that its checks are passed over."""

    vocabulary: Vocabulary | None
    programme: Programme | None
    framework: Framework | None
    help_sources: Mapping[str, HelpSource] | None
    module_ids: frozenset[str]


@dataclass(frozen=True)
class StageBounds:
    """What fits a stage: minutes of a lesson, words on the board, reading grade of pupil text, ages, questions."""

    minutes: tuple[int, int]
    board_words: int
    grade: float
    ages: tuple[int, int]
    check_items: int = 3
    splits: bool = True


BOUNDS = {
    Stage.EY: StageBounds((15, 20), 15, 3, (4, 5), check_items=2, splits=False),
    Stage.K1: StageBounds((30, 40), 15, 3, (5, 7), splits=False),
    Stage.L2: StageBounds((40, 50), 40, 4, (7, 9)),
    Stage.U2: StageBounds((40, 50), 40, 5.5, (9, 11)),
    Stage.K3: StageBounds((50, 60), 40, 7, (11, 14)),
    Stage.K4: StageBounds((50, 60), 40, 9, (14, 16)),
    Stage.K5: StageBounds((50, 60), 40, 9, (16, 18)),
}
PARENT_GRADE = 6.0
STAFF_GRADE = 10.0


def words(text: str) -> int:
    """Return the number of words of a text; marks of bullets and quotations are not words."""
    return sum(1 for word in text.split() if any(character.isalnum() for character in word))
