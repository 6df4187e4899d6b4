"""Does the bill of materials name what is installed, and does a tick find a job due when its time has come?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import pytest

from eduprog.scheduler.commands.bill import bill_of_materials
from eduprog.scheduler.rules import is_due, tick_pattern

NOW = datetime(2026, 11, 9, 10, tzinfo=UTC)


def test_the_bill_names_every_package_with_version_and_licence_and_no_tool_of_the_tests() -> None:
    bill = bill_of_materials()
    parts = {part["name"]: part for part in bill["components"]}
    assert parts["flask"]["version"] == version("flask")
    assert parts["werkzeug"]["purl"] == f"pkg:pypi/werkzeug@{version('werkzeug')}"
    assert not {"pytest", "mypy", "ruff", "hypothesis"} & set(parts)
    assert [name for name, part in parts.items() if "licenses" not in part] == []
    marks = {part["bom-ref"] for part in bill["components"]} | {bill["metadata"]["component"]["bom-ref"]}
    assert {need for one in bill["dependencies"] for need in one["dependsOn"]} <= marks


@pytest.mark.parametrize(
    ("seconds", "pattern"),
    [
        (1, "* * * * * */1"),
        (2, "* * * * * */2"),
        (7, "* * * * * */6"),
        (15, "* * * * * */15"),
        (59, "* * * * * */30"),
        (300, "* * * * *"),
    ],
)
def test_a_tick_comes_at_least_as_often_as_asked_and_evenly_over_the_minute(seconds: int, pattern: str) -> None:
    assert tick_pattern(seconds) == pattern


def test_a_job_is_due_when_it_never_ran_when_its_time_has_come_and_when_its_last_start_lies_ahead() -> None:
    assert is_due(None, 60, NOW)
    assert is_due(NOW - timedelta(seconds=60), 60, NOW)
    assert not is_due(NOW - timedelta(seconds=59), 60, NOW)
    assert is_due(NOW + timedelta(hours=1), 60, NOW)  # a clock was put back
