"""`eduprog lessons language FILE.csv` and what stands behind it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner

from eduprog.curriculum.language import LanguageRules, check_csv
from eduprog.curriculum.language.commands import language

FILE = 'id,text\na,Boys will be boys.\nb,"Ask first, then wait."\nc,\n'


def test_each_row_gets_an_answer_in_its_place(rules: LanguageRules) -> None:
    answers = list(check_csv(FILE.splitlines(keepends=True), rules))
    assert [(answer["id"], answer["flagged"], answer["category"]) for answer in answers] == [
        ("a", "yes", "gendered"),
        ("b", "no", ""),
        ("c", "no", ""),
    ]
    assert answers[0]["reason"]
    assert answers[0]["better"]


def test_rows_without_an_id_are_numbered(rules: LanguageRules) -> None:
    assert [answer["id"] for answer in check_csv(["text\n", "Hello.\n", "Hello.\n"], rules)] == ["1", "2"]


def test_a_file_without_the_column_text_is_refused(rules: LanguageRules) -> None:
    with pytest.raises(ValueError, match="column named text"):
        list(check_csv(["sentence\n", "Hello.\n"], rules))


def test_the_command_prints_a_csv(tmp_path: Path) -> None:
    file = tmp_path / "sentences.csv"
    file.write_text("\ufeff" + FILE, encoding="utf-8")
    result = CliRunner().invoke(language, [str(file), "--audience", "parent"])
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader(io.StringIO(result.output)))
    assert list(rows[0]) == ["id", "flagged", "category", "reason", "better"]
    assert [row["flagged"] for row in rows] == ["yes", "no", "no"]


def test_the_command_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    file = tmp_path / "sentences.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    result = CliRunner().invoke(language, [str(file)])
    assert result.exit_code == 1
    assert "column named text" in result.output
