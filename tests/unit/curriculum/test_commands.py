"""`eduprog lessons` as an author uses it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from eduprog.curriculum.commands import lessons
from eduprog.curriculum.schema.export import FILE_KINDS
from tests.unit.curriculum.conftest import MODULE, Folder


def test_check_of_a_good_folder_counts_and_ends_well(folder: Folder) -> None:
    result = CliRunner().invoke(lessons, ["check", str(folder.root)])
    assert result.exit_code == 0, result.output
    assert "Modules: 1 written of 7. Lessons: 1." in result.output
    assert "Year 6, primary: 3 of 3 planned (the phase has 2 items)." in result.output
    assert "Who appears in L2: boy 2, asks-well 1, harmed 1" in result.output
    assert result.output.endswith("No fault found.\n")


def test_check_of_a_broken_folder_names_each_fault_and_fails(folder: Folder) -> None:
    folder.edit("lesson-1.md", "minutes: 40", "minutes: 41")
    folder.edit("module.md", "- source: childline", "- source: kidline")
    result = CliRunner().invoke(lessons, ["check", str(folder.root), "--quiet"])
    assert result.exit_code == 1
    assert result.output.startswith(f"lessons/{MODULE}/lesson-1.md:4: The lesson says 41 minutes but its steps add up to 40.\n")
    assert result.output.endswith("2 faults.\n")


def test_check_of_one_module_leaves_other_faults_out(folder: Folder) -> None:
    (folder.root / "stray.txt").write_text("x", encoding="utf-8")
    assert CliRunner().invoke(lessons, ["check", str(folder.root / MODULE)]).exit_code == 0
    assert CliRunner().invoke(lessons, ["check", str(folder.root)]).exit_code == 1


def test_check_outside_a_lessons_folder_says_so(folder: Folder) -> None:
    result = CliRunner().invoke(lessons, ["check", str(folder.root.parent)])
    assert result.exit_code == 2
    assert "does not lie in a lessons folder" in result.output


def test_check_reports_language_rules_that_are_missing(folder: Folder) -> None:
    (folder.root / "language.yaml").unlink()
    result = CliRunner().invoke(lessons, ["check", str(folder.root), "--quiet"])
    assert "lessons/language.yaml:1: This file is missing" in result.output


def test_show_tells_what_a_module_holds(folder: Folder) -> None:
    result = CliRunner().invoke(lessons, ["show", "l2-b7", "--lessons-folder", str(folder.root)])
    assert result.exit_code == 0, result.output
    for part in ("L2-B7 My bag is mine", "Year 4", "The pen (card-sort, pairs)", "R1: day 6 to 10, 3 min", "P-AA-01a P-AA-01b"):
        assert part in result.output


def test_show_of_an_unknown_module_fails_with_one_sentence(folder: Folder) -> None:
    result = CliRunner().invoke(lessons, ["show", "X1-C1", "--lessons-folder", str(folder.root)])
    assert result.exit_code == 1
    assert result.output == "Error: There is no module X1-C1.\n"


def test_language_prints_a_row_for_each_text_of_a_csv_file(folder: Folder) -> None:
    path = folder.root.parent / "texts.csv"
    path.write_text(
        "id,text\na,Thank you for telling me.\nb,It is her fault because she should have said no.\n", encoding="utf-8"
    )
    result = CliRunner().invoke(lessons, ["language", str(path), "--lessons-folder", str(folder.root)])
    assert result.exit_code == 0, result.output
    header, first, second = result.output.strip().split("\n")
    assert header == "id,flagged,category,reason,better"
    assert first == "a,no,,,"
    assert second.startswith("b,yes,victim_blaming")


def test_language_of_a_file_without_the_column_text_fails_with_one_sentence(folder: Folder) -> None:
    path = folder.root.parent / "texts.csv"
    path.write_text("id\na\n", encoding="utf-8")
    result = CliRunner().invoke(lessons, ["language", str(path), "--lessons-folder", str(folder.root)])
    assert result.output == "Error: The file needs a column named text.\n"


@pytest.mark.parametrize("kind", sorted(FILE_KINDS))
def test_schema_is_json_schema_of_what_authors_write(kind: str) -> None:
    result = CliRunner().invoke(lessons, ["schema", kind])
    schema = json.loads(result.output)
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) <= set(schema["properties"])
    if kind == "lesson":
        assert "lesson" in schema["properties"]
        assert "steps" not in schema["properties"]
