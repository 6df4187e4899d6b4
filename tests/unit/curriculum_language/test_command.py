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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_spreadsheets_save_in_several_ways_and_all_are_read(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "sentences.csv"
    file.write_bytes('id,text\na,"Boys will\nbe boys."\nb,Café at ten.\n'.encode(encoding))
    result = CliRunner().invoke(language, [str(file)])
    assert result.exit_code == 0, result.output
    assert [row["flagged"] for row in csv.DictReader(io.StringIO(result.stdout))] == ["yes", "no"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf \n", "The file is empty"),
        ("id,text\na,Café\n".encode("latin-1"), "not in UTF-8"),
        (b"PK\x03\x04\x00\x00", "not a CSV file"),
        (b"id;text\na;Hello.\n", "column named text"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(raw: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / "sentences.csv"
    file.write_bytes(raw)
    result = CliRunner().invoke(language, [str(file)])
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_a_short_row_and_a_row_without_text_are_answered(tmp_path: Path) -> None:
    file = tmp_path / "sentences.csv"
    file.write_text("id,text\na\nb,\n", encoding="utf-8")
    result = CliRunner().invoke(language, [str(file)])
    assert [row["flagged"] for row in csv.DictReader(io.StringIO(result.stdout))] == ["no", "no"]


def test_agreement_with_labels_is_said_apart_from_the_answers(tmp_path: Path) -> None:
    file = tmp_path / "sentences.csv"
    lines = ["text,label,category,difficulty", "Boys will be boys.,problem,gendered,easy", "Ask first.,ok,practical,hard"]
    file.write_text("\n".join([*lines, "Boys will be boys.,ok,quoted,disputed"]), encoding="utf-8")
    result = CliRunner().invoke(language, [str(file), "--expected", "label"])
    assert "2 sentences: recall 1.000, precision 1.000" in result.stderr
    assert "category gendered: 1 of 1 right" in result.stderr
    assert "difficulty hard: 1 of 1 right" in result.stderr
    assert "recall" not in result.stdout


def test_labels_that_are_not_there_are_named(tmp_path: Path) -> None:
    file = tmp_path / "sentences.csv"
    file.write_text("text\nHello.\n", encoding="utf-8")
    result = CliRunner().invoke(language, [str(file), "--expected", "label"])
    assert result.exit_code == 1
    assert "no column named label" in result.stderr
