"""A head of PSHE brings the scheme the school bought: 36 lessons from a spreadsheet, mended, confirmed, in the plan."""

from __future__ import annotations

import time
from pathlib import Path

import openpyxl
import pytest

from tests.browser import scenes
from tests.browser.conftest import Visit
from tests.browser.scenes import journey_of
from tests.support.serving import Served

_BLOCKS = ("Autumn 1", "Autumn 2", "Spring 1", "Spring 2", "Summer 1", "Summer 2")
_TITLES = ("Being me", "Friends online", "My body is private", "Asking for help", "Kind families", "Dreams and goals")
_ROWS = [(f"{title} {number}", "Year 4", block) for number, block in enumerate(_BLOCKS, 1) for title in _TITLES]
_MOST_SECONDS = 20 * 60


def _workbook(path: Path, rows: list[tuple[str, str, str]]) -> Path:
    book = openpyxl.Workbook()
    for row in [("Title", "Year group", "Half-term"), *rows]:
        book.active.append(row)
    book.save(path)
    return path


def test_a_bought_scheme_of_thirty_six_lessons_is_mapped_in_minutes(
    visit: Visit, morning: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journey = journey_of(morning.call(scenes.a_school, name="Rowan Bank School"))
    lead = visit(email=journey.emails["lead"])
    begun, taps = time.monotonic(), lead.taps
    lead.go("/lessons")
    lead.tap("Mapped schemes")
    wrong = [*_ROWS[:5], ("Kind families 9", "Yaer 4", "soon"), *_ROWS[5:]]
    lead.page.get_by_label("Name of the scheme").fill("Bright Steps")
    lead.page.get_by_label("Spreadsheet").set_input_files(_workbook(tmp_path / "wrong.xlsx", wrong))
    lead.tap("Look at it", answer=422)
    assert "Row 7, column B (Year group): “Yaer 4” is not a year group" in lead.words()
    assert "Row 7, column C (Half-term): “soon” is not a half-term" in lead.words()
    lead.page.get_by_label("Spreadsheet").set_input_files(_workbook(tmp_path / "right.xlsx", _ROWS))
    lead.tap("Look at it")
    assert len(lead.table("What the rows say")) == 36
    lead.tap("Keep these lessons")
    lead.tap("Confirm all 36 that wait")
    assert "Their clauses count from now on" in lead.words()
    lead.tap("Put them into the plan")
    assert "36 lessons were added to the schemes of work" in lead.words()
    spent = time.monotonic() - begun
    assert spent < _MOST_SECONDS
    with capsys.disabled():
        print(f"\n36 lessons mapped in {spent:.0f} seconds of a browser and {lead.taps - taps} taps")
