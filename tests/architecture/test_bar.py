"""Does the table of the bar name tests that are there, and is every row of it either tested or open about it?"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.trial import asvs
from tests.trial.bar import BAR

ROOT = Path(__file__).resolve().parent.parent.parent
COUNTS = {"M": 14, "S": 6, "X": 13, "D": 5}
WANTED = [f"{letter}{number}" for letter, count in COUNTS.items() for number in range(1, count + 1)]


def test_every_row_of_the_bar_is_there_once_and_tested_or_open_about_it() -> None:
    names = [row.name for row in BAR if not row.name.endswith("+")]
    assert names == WANTED
    assert [row.name for row in BAR if not row.tests and not row.lacks] == []


def test_every_test_that_a_row_names_is_there() -> None:
    missing = []
    for row in BAR:
        for name in row.tests:
            path, _, function = name.partition("::")
            place = ROOT / path
            if not place.exists() or (function and function not in _functions(place)):
                missing.append(f"{row.name}: {name}")
    assert missing == []


def _functions(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)}


def test_the_page_has_a_line_for_every_row() -> None:
    said = re.findall(r"^\| (\w+\+?) \|", (ROOT / "docs" / "trial.md").read_text("utf-8"), re.M)
    assert [name for name in said if name != "row"] == [row.name for row in BAR]


def test_each_of_the_118_requirements_of_asvs_names_tests_that_are_there_or_says_that_there_is_none() -> None:
    assert len(asvs.SHOWN) == 118
    named = {test for _words, tests in asvs.SHOWN.values() for test in tests}
    assert sorted(name for name in named if name.partition("::")[2] not in _functions(ROOT / name.partition("::")[0])) == []
    assert (ROOT / "docs" / "asvs.md").read_text("utf-8") == asvs.page(), "python -m tests.trial.asvs > docs/asvs.md"
