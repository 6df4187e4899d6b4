"""The written modules reach the plan, and the check says so when they no longer do."""

from __future__ import annotations

import re
from functools import cache
from pathlib import PurePosixPath

import pytest

from eduprog.core.paths import LESSONS
from eduprog.curriculum.checks import check_reading, check_style, check_whole
from eduprog.curriculum.reading import Reading, collect_files, read_lessons
from eduprog.curriculum.report import proof_lines, report
from eduprog.curriculum.taught import finished_stages, heads_of, lessons_of
from eduprog.curriculum.vocabulary import Skill, Stage

# Modules of each stage that carry each skill, as the curriculum research plans them.
SKILLS = {
    "PS": (0, 3, 3, 3, 7, 3, 3),
    "AS": (1, 2, 2, 1, 2, 3, 1),
    "PP": (0, 0, 1, 3, 4, 4, 1),
    "EM": (1, 4, 5, 5, 6, 4, 2),
    "SR": (2, 3, 3, 2, 2, 3, 1),
    "CR": (0, 1, 2, 2, 3, 1, 1),
    "HS": (1, 4, 4, 5, 5, 5, 3),
    "BY": (0, 1, 2, 1, 3, 3, 1),
    "SE": (0, 0, 0, 1, 2, 4, 2),
}
LESSON_COUNTS = {"EY": 3, "K1": 9, "L2": 10, "U2": 13, "K3": 21, "K4": 19, "K5": 7}


@cache
def _read() -> Reading:
    reading = read_lessons(collect_files(LESSONS))
    check_reading(reading)
    check_whole(reading)
    return reading


def _changed(file: str, old: str, new: str) -> list[str]:
    """Return the faults of the whole after one change to a file, each match of `old` replaced."""
    files = collect_files(LESSONS)
    text, count = re.subn(old, new, files[PurePosixPath(file)].decode())
    assert count, f"{old} matches nothing in {file}; mend the test"
    reading = read_lessons({**files, PurePosixPath(file): text.encode()})
    check_whole(reading)
    return [str(fault) for fault in reading.faults]


def test_the_plan_counts_what_the_research_counts() -> None:
    plan = _read().plan.value
    assert plan is not None
    for skill, counts in SKILLS.items():
        assert tuple(stage.skills[Skill(skill)] for stage in plan.stages) == counts, skill
    assert {stage.id.value: stage.lessons for stage in plan.stages} == LESSON_COUNTS
    assert len(plan.modules) == 60


def test_every_stage_is_written_to_the_end_and_reaches_the_plan() -> None:
    reading = _read()
    assert finished_stages(reading) == frozenset(Stage)
    assert (len(heads_of(reading)), sum(1 for _ in lessons_of(reading))) == (60, 82)
    assert [str(fault) for fault in reading.faults] == []


def test_the_report_proves_each_planned_clause_and_counts_the_rest() -> None:
    reading = _read()
    lines = list(report(reading, check_style(reading, None)))
    for part in (
        "Modules: 60 written of 60. Lessons: 82.",
        "Year 6, primary: 99 of 99 planned (the phase has 80 items).",
        "Year 11, secondary: 133 of 133 planned (the phase has 115 items).",
        "Step minutes add up: 82 of 82 lessons",
        "Pupils rehearse with each other: 82 of 82 lessons",
        "minutes: 70 of 70.",
        "Modules with an online and an offline scenario: 60 of 60",
        "later than the phase, by design: S-HP-09 (K5-H1",
    ):
        assert any(part in line for line in lines), part
    proof = dict(line.split(" (", 1) for line in proof_lines(reading))
    assert len(proof) == 99 + 136
    without = {clause for clause, steps in proof.items() if steps.endswith("no step")}
    assert without <= {"S-PS-01a", "S-DA-03a"}


def test_a_planned_clause_that_no_step_teaches_any_more_is_a_fault() -> None:
    found = _changed("k1/k1-r1-all-sorts-of-families/lesson-1.md", r" ?P-FM-03\b", "")
    assert any("frameworks/rshe-england-2025.yaml" in one and "No step of a lesson teaches P-FM-03" in one for one in found)


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        (
            "plan.yaml",
            r"(id: EY-H1.*)skills: \[HS\]",
            r"\1skills: [HS, CR]",
            "0 modules of EY carry the skill CR; 1 are planned.",
        ),
        (
            "plan.yaml",
            r"(id: EY-H1.*)messages: \[1\]",
            r"\1messages: [1, 4]",
            "0 modules of EY carry the message 4; 1 are planned.",
        ),
        ("plan.yaml", r"id: EY-H1, lessons: 1", "id: EY-H1, lessons: 2", "EY has 3 lessons; 4 are planned."),
        ("plan.yaml", r"id: EY-H1", "id: EY-H7", "EY-H7 is not listed in programme.yaml."),
        ("plan.yaml", r"id: EY-H1", "id: EY-H7", "EY-H1 is in programme.yaml but not in the plan; add it."),
        ("plan.yaml", r"P-GW-03", "P-GW-33", '"P-GW-33" is no statement or clause of the framework'),
        ("k5/k5-r1-equal-or-controlling/module.md", r"(?m)^skills: .*$", "skills: [PS]", "modules of K5 carry the skill EM; 2"),
    ],
)
def test_what_falls_short_of_the_plan_is_a_fault(file: str, old: str, new: str, sentence: str) -> None:
    assert any(sentence in one for one in _changed(file, old, new)), _changed(file, old, new)


def test_while_a_stage_is_still_being_written_a_shortfall_is_a_line_of_the_report_and_no_fault() -> None:
    files = collect_files(LESSONS)
    programme = files[PurePosixPath("programme.yaml")].decode()
    marked = re.sub(r"(id: EY-H1.*?)\}", r"\1, written: false}", programme)
    left = {path: raw for path, raw in files.items() if not str(path).startswith("ey/ey-h1-")}
    reading = read_lessons({**left, PurePosixPath("programme.yaml"): marked.encode()})
    check_whole(reading)
    assert [str(fault) for fault in reading.faults] == []
    lines = list(report(reading, check_style(reading, None)))
    assert "EY: 2 of 3 modules, 2 of 3 lessons, still being written." in lines


def test_a_stage_without_boys_who_seek_help_is_a_fault() -> None:
    files = {
        path: re.sub(rb"tags: \[([^\]]*)seeks-help", rb"tags: [\1helper", raw) if path.parts[0] == "k5" else raw
        for path, raw in collect_files(LESSONS).items()
    }
    reading = read_lessons(files)
    check_whole(reading)
    assert any("Nobody in the lessons of K5 is among: boys seeking help." in str(fault) for fault in reading.faults)
