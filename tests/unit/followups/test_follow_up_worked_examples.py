"""Every worked example of docs/follow-up-dates.md is true."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from eduprog.followups.rules import answer, read_case
from eduprog.school.rules import wall_time
from tests.support import oracle

PAGE = (Path(__file__).parents[3] / "docs" / "follow-up-dates.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^### (.+?)\n.*?```json\n(.+?)```.*?```text\n(.+?)```", PAGE, re.MULTILINE | re.DOTALL)
WALL_TIMES = re.findall(r"^\| (\d{4}-\d\d-\d\d) (\d\d:\d\d) \| (\S+)Z \|", PAGE, re.MULTILINE)
FIRST = json.loads(EXAMPLES[0][1])


def whole_case(changes: dict[str, Any]) -> dict[str, Any]:
    """Lay what an example names over the first example; `calendar` and `meets` are laid over part by part."""
    merged = {name: {**FIRST[name], **changes.get(name, {})} for name in ("calendar", "meets")}
    return {**FIRST, **changes, **merged}


@pytest.mark.parametrize(("title", "changes", "expected"), EXAMPLES, ids=[title for title, _, _ in EXAMPLES])
def test_a_worked_example_of_the_page_is_true(title: str, changes: str, expected: str) -> None:
    case = whole_case(json.loads(changes))
    given = answer(read_case(json.dumps(case)))
    why = given["why"]
    assert isinstance(why, dict)
    lines = [f"{point} {given[point] or '-'} {why[point]}" for point in ("R1", "R2", "R3", "R4")]
    assert lines == expected.splitlines(), title
    assert given == oracle.decide(case)


@pytest.mark.parametrize(("day", "at", "instant"), WALL_TIMES)
def test_a_wall_time_of_the_page_is_true(day: str, at: str, instant: str) -> None:
    assert wall_time(date.fromisoformat(day), time.fromisoformat(at)) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


def test_the_page_holds_the_examples_we_think_it_does() -> None:
    assert len(EXAMPLES) == PAGE.count("```text") == 10
    assert len(WALL_TIMES) == 5
