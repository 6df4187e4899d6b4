"""`eduprog followups explain` answers one case a line and says what is wrong with the others."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from eduprog.followups.commands import followups
from eduprog.followups.rules import FaultyCase, read_case

CASE: dict[str, Any] = {
    "id": "oak",
    "taught_on": "2026-11-03",
    "calendar": {"terms": [["2026-09-01", "2026-12-18"], ["2027-01-04", "2027-07-21"]], "closures": ["2026-11-10"]},
    "meets": {"weekdays": [1], "weeks": None, "first_week_a": "2026-09-01"},
    "next_meets": None,
    "taken": ["2026-11-24"],
}
ANSWER = {
    "id": "oak",
    "R1": "2026-11-17",
    "R2": "2026-12-01",
    "R3": "2027-01-12",
    "R4": None,
    "why": {"R1": "placed", "R2": "placed", "R3": "placed", "R4": "awaiting_next_year"},
}


def explain(text: str | bytes, *options: str) -> Result:
    return CliRunner().invoke(followups, ["explain", *options], input=text)


def faults_of(**changes: Any) -> list[str]:
    with pytest.raises(FaultyCase) as caught:
        read_case(json.dumps({**CASE, **changes}))
    return [str(fault) for fault in caught.value.faults]


def test_each_case_gets_one_answer_a_line_in_order() -> None:
    cases = [{**CASE, "id": number} for number in range(3)]
    result = explain("\n".join(json.dumps(case) for case in cases), "--json")
    assert result.exit_code == 0
    assert [json.loads(line) for line in result.stdout.splitlines()] == [{**ANSWER, "id": number} for number in range(3)]
    assert result.stderr == ""


def test_cases_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(CASE).encode() + b"\r\n\r\n")
    result = CliRunner().invoke(followups, ["explain", "--json", str(file)])
    assert (result.exit_code, json.loads(result.stdout)) == (0, ANSWER)


def test_without_json_it_says_the_same_in_sentences() -> None:
    result = explain(json.dumps(CASE))
    assert result.stdout.splitlines() == [
        "oak: a lesson taught on Tuesday 3 November 2026.",
        "R1: Tuesday 17 November 2026, because it is the first day from 10 November 2026 to 17 November 2026 on which the"
        " class meets and has no other follow-up.",
        "R2: Tuesday 1 December 2026, because it is the first day from 24 November 2026 to 8 December 2026 on which the"
        " class meets and has no other follow-up.",
        "R3: Tuesday 12 January 2027, because it is the first day from 12 January 2027 to 9 February 2027 on which the"
        " class meets and has no other follow-up.",
        "R4: no date until the next academic year, because it falls in the academic year that begins on"
        " 1 September 2027, and the class that follows this one is not named yet.",
        "",
    ]


def test_an_id_cannot_steer_the_terminal_it_is_printed_on() -> None:
    result = explain(json.dumps({**CASE, "id": "\x1b[2Joak\ud800"}))
    assert result.exit_code == 0
    assert result.stdout.startswith("\N{REPLACEMENT CHARACTER}[2Joak")
    assert "\x1b" not in result.stdout


def test_a_bad_line_is_named_and_the_others_are_still_answered() -> None:
    lines = [json.dumps(CASE), "{nonsense", "", json.dumps({**CASE, "taught_on": "3/11/2026"}), json.dumps(CASE)]
    result = explain("\n".join(lines), "--json")
    assert result.exit_code == 1
    assert [json.loads(line) for line in result.stdout.splitlines()] == [ANSWER, ANSWER]
    assert result.stderr.splitlines() == [
        "line 2: This is not JSON: Expecting property name enclosed in double quotes at character 2.",
        'line 4: taught_on must be a date written as 2026-11-17, not "3/11/2026".',
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b'{"id": "\xff\xfe"}', "This is not JSON: the text is not UTF-8."),
        (b"[" * 100_000, "This is not a case: a number is too long or brackets are nested too deeply."),
        (b'{"id": ' + b"9" * 5_000 + b"}", "This is not a case: a number is too long or brackets are nested too deeply."),
        (b"[1]", "A case is a JSON object in braces, with id, taught_on, calendar and meets."),
    ],
)
def test_a_line_that_cannot_be_read_at_all_gets_a_sentence(line: bytes, sentence: str) -> None:
    result = explain(line, "--json")
    assert (result.exit_code, result.stderr) == (1, f"line 1: {sentence}\n")


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({"id": True}, ["id must be a text or a whole number, not true."]),
        ({"id": None}, ["id must be a text or a whole number, not null or nothing."]),
        ({"taught_on": "2026-02-29"}, ["taught_on must be a day that exists, and 2026-02-29 does not."]),
        ({"taught_on": "20261103"}, ['taught_on must be a date written as 2026-11-17, not "20261103".']),
        ({"taught_on": 20261103}, ["taught_on must be a date written as 2026-11-17, not 20261103."]),
        ({"taught_on": "9999-12-31"}, ["taught_on must lie in the years 1990 to 2099, and 9999-12-31 does not."]),
        ({"calendar": []}, ["calendar must be an object with terms and closures, not []."]),
        ({"calendar": {}}, ["calendar.terms must be a list in square brackets, not null or nothing."]),
        (
            {"calendar": {"terms": [["2026-09-01"]]}},
            ['calendar.terms[0] must be a pair of dates, first and last, not ["2026-09-01"].'],
        ),
        (
            {"calendar": {"terms": [["2026-12-18", "2026-09-01"]]}},
            ["calendar.terms[0] ends on 2026-09-01 before it begins on 2026-12-18."],
        ),
        (
            {"calendar": {"terms": [["2026-09-01", "x" * 60]], "closures": ["2026-11-10", 5]}},
            [
                f'calendar.terms[0][1] must be a date written as 2026-11-17, not "{"x" * 36}….',
                "calendar.closures[1] must be a date written as 2026-11-17, not 5.",
            ],
        ),
        ({"meets": "Tuesdays"}, ['meets must be an object with weekdays, weeks and first_week_a, not "Tuesdays".']),
        (
            {"meets": {"weekdays": [1, 5, True], "weeks": "A", "first_week_a": "2026-09-01"}},
            [
                "meets.weekdays[1] must be a number from 0 (Monday) to 4 (Friday), not 5.",
                "meets.weekdays[2] must be a number from 0 (Monday) to 4 (Friday), not true.",
                'meets.weeks must be a list in square brackets, not "A".',
            ],
        ),
        (
            {"next_meets": {"weekdays": [1], "weeks": ["A", "C"]}},
            [
                'next_meets.weeks[1] must be "A" or "B", not "C".',
                "next_meets.first_week_a must be a day of a week A where weeks are lettered, and is missing.",
            ],
        ),
        ({"taken": {}}, ["taken must be a list in square brackets, not {}."]),
    ],
)
def test_every_fault_of_a_case_is_named_with_its_field(changes: dict[str, Any], sentences: list[str]) -> None:
    assert faults_of(**changes) == sentences


def test_what_may_be_left_out_may_be_left_out() -> None:
    short = {"id": 1, "taught_on": "2026-11-03", "calendar": {"terms": []}, "meets": {"weekdays": [1]}}
    result = explain(json.dumps(short), "--json")
    assert json.loads(result.stdout)["why"]["R1"] == "awaiting_calendar"


def test_an_unknown_field_is_mentioned_once_and_changes_nothing() -> None:
    line = json.dumps({**CASE, "tacken": ["2026-11-17"]})
    result = explain(f"{line}\n{line}\n", "--json")
    assert result.exit_code == 0
    assert [json.loads(answered) for answered in result.stdout.splitlines()] == [ANSWER, ANSWER]
    assert result.stderr == 'line 1: "tacken" is no field of a case and was not read.\n'


def test_the_command_runs_as_a_module_and_loads_neither_flask_nor_sqlalchemy() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "eduprog.followups.commands", "explain", "--json"],
        input=json.dumps(CASE),
        capture_output=True,
        text=True,
        check=True,
    )
    assert (json.loads(ran.stdout), ran.stderr) == (ANSWER, "")
    loaded = "import sys, eduprog.followups.commands; print({'flask', 'sqlalchemy', 'holidays'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout == "set()\n"
