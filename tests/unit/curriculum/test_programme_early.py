"""A first lesson that may be taught earlier."""

from __future__ import annotations

import pytest

from eduprog.core.paths import LESSONS
from eduprog.curriculum.loader import load_curriculum
from eduprog.curriculum.vocabulary import YearGroup
from tests.unit.curriculum.conftest import Folder


def test_only_what_sexual_content_leaves_out_may_begin_in_year_7() -> None:
    entries = load_curriculum(LESSONS).programme.entries.values()
    early = {entry.id: entry.first_lesson_from for entry in entries if entry.first_lesson_from}
    assert early == {"K3-M2": YearGroup.Y7}


@pytest.mark.parametrize("year", ["Y4", "Y2", "Y7"])
def test_a_first_lesson_may_only_come_earlier_and_within_its_stage(folder: Folder, year: str) -> None:
    line = next(one for one in folder.path("programme.yaml").read_text(encoding="utf-8").split("\n") if "id: L2-B7" in one)
    folder.edit("programme.yaml", line, line.replace("id: L2-B7,", f"id: L2-B7, first_lesson_from: {year},"))
    faults = [str(fault) for fault in folder.faults() if "first_lesson_from" in fault.sentence]
    assert len(faults) == 1
    assert "must be a year group of L2 younger than its own" in faults[0]
