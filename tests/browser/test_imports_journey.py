"""Can a school admin bring staff and classes in from files, on a phone as on a desk, and take it back?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import scenes
from tests.browser.conftest import Visit
from tests.browser.scenes import journey_of
from tests.browser.walking import NARROW
from tests.support.rosters import CANARY, a_school_set
from tests.support.serving import Served


@pytest.mark.parametrize("width", [1280, NARROW])
def test_a_roster_is_looked_at_asked_about_applied_and_undone(morning: Served, visit: Visit, tmp_path: Path, width: int) -> None:
    journey = journey_of(morning.call(scenes.a_school, name=f"Linnet School {width}", planned_already=False))
    made = a_school_set(classes=3, pupils=4, names=["Kestrels", "2 Larch", "3 Rowan"])
    made.rows["classes"][0]["grades"] = ""
    made.rows["users"][0]["email"] = ""
    made.rows["enrollments"][-1]["classSourcedId"] = "no-such-class"
    file = tmp_path / "set.zip"
    file.write_bytes(made.zipped())
    admin = visit(width=width, email=journey.emails["admin"])
    admin.go("/school/imports")
    admin.tap("Import files")
    admin.page.get_by_label("Files", exact=True).set_input_files(file)
    admin.tap("Show what would change")
    assert "1 question must be answered" in admin.words()
    assert "enrollments.csv, row 16, column classSourcedId" in admin.words()
    assert CANARY not in admin.page.content()
    admin.page.get_by_label("Which year group is Kestrels in?").select_option("Y5")
    admin.page.get_by_label("Email address of Robin Teacher 1").fill("robin@linnet.example")
    admin.tap("Save answers")
    assert "3 classes would be added" in admin.words()
    admin.tap("Apply the import")
    assert admin.heading == "Import done"
    admin.go("/staff")
    assert "robin@linnet.example" in admin.words()
    admin.go("/school/imports")
    admin.tap(admin.page.locator("tbody a").first)
    admin.tap("Undo")
    assert admin.heading == "Import undone"


def test_columns_nobody_can_guess_are_asked_about_with_the_file_again(morning: Served, visit: Visit, tmp_path: Path) -> None:
    journey = journey_of(morning.call(scenes.a_school, name="Siskin School", planned_already=False))
    file = tmp_path / "reg.csv"
    file.write_text(f"Forename,Surname,Reg\nAda,{CANARY},6 Ash\nBen,{CANARY},6 Ash\n")
    admin = visit(width=NARROW, email=journey.emails["admin"])
    admin.go("/school/imports/new")
    admin.page.get_by_label("Files", exact=True).set_input_files(file)
    admin.tap("Show what would change")
    assert admin.heading == "Which column is which?"
    admin.page.get_by_label("Column 1: Forename").select_option("pupil")
    admin.page.get_by_label("Column 2: Surname").select_option("pupil")
    admin.page.get_by_label("The file again").set_input_files(file)
    admin.tap("Show what would change")
    assert "6 Ash" in admin.words()
    assert "Pupils: 2" in admin.words()
    assert CANARY not in admin.page.content()
