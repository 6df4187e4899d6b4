"""Are the lessons sound? One case per file, judged as `eduprog lessons check` judges it, and rendered."""

from __future__ import annotations

from functools import cache
from pathlib import PurePosixPath

import pytest

from eduprog.core.markdown import render
from eduprog.core.paths import LESSONS
from eduprog.curriculum.checks import check_reading, check_style, check_whole
from eduprog.curriculum.checks.readable import readable_files
from eduprog.curriculum.faults import Fault
from eduprog.curriculum.language import Judge, load_rules
from eduprog.curriculum.loader import load_curriculum
from eduprog.curriculum.passages import Passage, of_home_activity
from eduprog.curriculum.placeholders import fill
from eduprog.curriculum.reading import Reading, collect_files, read_lessons
from eduprog.curriculum.vocabulary import FollowUpPoint

FILES = sorted(str(path) for path in collect_files(LESSONS))
TEXT_FILES = [path for path in FILES if path.endswith(".md")]  # those in other languages are not read for their wording


@cache
def _reading() -> Reading:
    reading = read_lessons(collect_files(LESSONS))
    check_reading(reading)
    check_style(reading, Judge(load_rules(LESSONS / "language.yaml", weighing=False)))
    check_whole(reading)
    return reading


@cache
def _faults() -> dict[PurePosixPath, list[Fault]]:
    found: dict[PurePosixPath, list[Fault]] = {}
    for fault in _reading().faults:
        found.setdefault(fault.file, []).append(fault)
    return found


@cache
def _passages() -> dict[str, tuple[Passage, ...]]:
    ours = {str(file.places.file): file.passages for file in readable_files(_reading())}
    spoken = (part for module in _reading().modules for part in module.home_translations if part.value is not None)
    return ours | {str(part.places.file): tuple(of_home_activity(part.value)) for part in spoken if part.value is not None}


@pytest.mark.parametrize("file", FILES)
def test_the_file_has_no_fault(file: str) -> None:
    assert [str(fault) for fault in _faults().get(PurePosixPath(file), [])] == []


def test_nothing_is_missing_from_the_folder() -> None:
    assert sorted(str(path) for path in _faults() if str(path) not in FILES) == []


@pytest.mark.parametrize("file", TEXT_FILES)
def test_every_text_of_the_file_renders_without_a_placeholder_or_markup_left_over(file: str) -> None:
    passages = _passages()[file]
    assert passages
    for passage in passages:
        html = str(render(fill(passage.text, {})))
        assert html.strip(), passage.path
        assert "{{" not in html, passage.path
        assert "&lt;" not in html, passage.path
        assert "**" not in html, passage.path


def test_every_module_comes_out_whole_with_four_follow_ups() -> None:
    curriculum = load_curriculum(LESSONS)
    assert list(curriculum.modules) == [one for one in curriculum.programme.entries if one in curriculum.modules]
    for module in curriculum.modules.values():
        assert set(module.follow_ups) == set(FollowUpPoint), module.id
        assert module.lessons, module.id
