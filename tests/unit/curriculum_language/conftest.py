"""The rules as they ship, loaded once, and the labelled sentences."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from eduprog.core.paths import LESSONS
from eduprog.curriculum.language import Audience, LanguageRules, check_text, load_rules

_HERE = Path(__file__).parent
Row = dict[str, str]


@pytest.fixture(scope="session")
def rules() -> LanguageRules:
    return load_rules(LESSONS / "language.yaml")


@pytest.fixture(scope="session")
def categories_found(rules: LanguageRules) -> Callable[[str], set[str]]:
    """Returns the categories found in a text."""
    return lambda text: {finding.category for finding in check_text(text, Audience.STAFF, rules)}


@pytest.fixture(scope="session")
def our_sentences() -> list[Row]:
    """Sentences written before the rules, in two halves; one half was looked at only when the rules were done."""
    return _rows("sentences.csv")


@pytest.fixture(scope="session")
def later_sentences() -> list[Row]:
    """Sentences written in rounds to probe finished rules, which were then mended."""
    return _rows("more_sentences.csv")


def _rows(name: str) -> list[Row]:
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
