"""Is the message check right often enough? Measured on labelled sentences, by category and by difficulty."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from eduprog.curriculum.language import LanguageRules

Row = dict[str, str]
Found = Callable[[str], set[str]]


@dataclass
class Score:
    """How a set of rows was judged; disputed rows are counted apart and never decide."""

    caught: int = 0
    missed: list[str] = field(default_factory=list)
    falsely: list[str] = field(default_factory=list)
    by_kind: Counter[tuple[str, str, bool]] = field(default_factory=Counter)

    @property
    def recall(self) -> float:
        return self.caught / (self.caught + len(self.missed))

    @property
    def precision(self) -> float:
        return self.caught / (self.caught + len(self.falsely))

    def share_right(self, kind: str, name: str) -> float:
        right, wrong = self.by_kind[(kind, name, True)], self.by_kind[(kind, name, False)]
        return right / (right + wrong)

    def __str__(self) -> str:
        names = sorted({(kind, name) for kind, name, _ in self.by_kind})
        shares = ", ".join(f"{name} {self.share_right(kind, name):.2f}" for kind, name in names)
        return f"recall {self.recall:.3f}, precision {self.precision:.3f}; right: {shares}"


def judge(rows: Iterable[Row], found: Found) -> Score:
    score = Score()
    for row in rows:
        if row["difficulty"] == "disputed":
            continue
        flagged, problem = bool(found(row["text"])), row["label"] == "problem"
        score.caught += flagged and problem
        score.missed += [row["text"]] * (problem and not flagged)
        score.falsely += [row["text"]] * (flagged and not problem)
        for kind in ("category", "difficulty"):
            score.by_kind[(kind, row[kind], flagged == problem)] += 1
    return score


def test_the_development_sentences_are_judged_well(
    fixtures: Path, categories_found: Found, record_property: Callable[[str, object], None]
) -> None:
    file = fixtures / "message-linter" / "dev.csv"
    if not file.is_file():
        pytest.skip(f"no labelled sentences at {file}")
    with file.open(encoding="utf-8", newline="") as lines:
        score = judge(csv.DictReader(lines), categories_found)
    record_property("score", str(score))
    assert score.recall >= 0.9, score.missed
    assert score.precision >= 0.9, score.falsely


@pytest.mark.parametrize("part", ["tuning", "untouched"])
def test_our_own_sentences_are_judged_well_in_every_category_and_difficulty(
    part: str, our_sentences: list[Row], categories_found: Found, record_property: Callable[[str, object], None]
) -> None:
    score = judge((row for row in our_sentences if row["part"] == part), categories_found)
    record_property("score", str(score))
    assert score.recall >= 0.9, score.missed
    assert score.precision >= 0.9, score.falsely
    for kind, name in {(kind, name) for kind, name, _ in score.by_kind}:
        assert score.share_right(kind, name) >= 0.8, (name, score.missed, score.falsely)


@pytest.mark.parametrize("letter", ["a", "b", "c", "d", "e", "f", "g"])
def test_each_set_written_before_it_was_judged_stays_judged_well(
    letter: str, categories_found: Found, record_property: Callable[[str, object], None]
) -> None:
    file = Path(__file__).parent / f"set_{letter}.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        score = judge(csv.DictReader(lines), categories_found)
    record_property("score", str(score))
    assert score.recall >= 0.9, score.missed
    assert score.precision >= 0.9, score.falsely
    for kind, name in {(kind, name) for kind, name, _ in score.by_kind}:
        assert score.share_right(kind, name) >= 0.5, (name, score.missed, score.falsely)


def test_the_sentences_of_later_rounds_stay_judged_as_they_are(later_sentences: list[Row], categories_found: Found) -> None:
    missed = [row["text"] for row in later_sentences if row["label"] == "problem" and not categories_found(row["text"])]
    falsely = [row["text"] for row in later_sentences if row["label"] == "ok" and categories_found(row["text"])]
    assert len(missed) <= 10, missed
    assert not falsely


def test_a_problem_is_found_under_its_own_category_nearly_always(our_sentences: list[Row], categories_found: Found) -> None:
    problems = [row for row in our_sentences if row["label"] == "problem"]
    elsewhere = [(row["category"], row["text"]) for row in problems if row["category"] not in categories_found(row["text"])]
    assert len(elsewhere) <= len(problems) * 0.1, elsewhere


def test_every_kind_of_discouraged_wording_on_the_reference_list_has_a_rule(fixtures: Path, rules: LanguageRules) -> None:
    file = fixtures / "message-linter" / "phrases.csv"
    if not file.is_file():
        pytest.skip(f"no reference list at {file}")
    with file.open(encoding="utf-8", newline="") as lines:
        wanted = {row["category"] for row in csv.DictReader(lines)}
    assert wanted <= {rule.category for rule in rules.rules}
