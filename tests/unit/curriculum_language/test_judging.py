"""Judging many texts: remembered, shared out, and never stale."""

from __future__ import annotations

from pathlib import Path

import pytest

from eduprog.core.paths import LESSONS
from eduprog.curriculum.language import Audience, Judge, LanguageRules, check_text, judge_for, load_rules
from eduprog.curriculum.language.judging import memory_in

BLAME = ("She should have known better than to send it.", Audience.STAFF)
GOOD = ("Tell an adult you trust.", Audience.PUPIL)


@pytest.fixture(scope="module")
def rules() -> LanguageRules:
    return load_rules(LESSONS / "language.yaml", weighing=False)


@pytest.fixture
def rules_file(tmp_path: Path) -> Path:
    file = tmp_path / "language.yaml"
    file.write_bytes((LESSONS / "language.yaml").read_bytes())
    return file


def _never() -> LanguageRules:
    raise AssertionError("the rules were read although nothing was new")


def test_a_judge_says_what_the_rules_say_and_leaves_good_texts_out(rules: LanguageRules) -> None:
    found = Judge(rules).findings([BLAME, GOOD, BLAME])
    assert found == {BLAME: check_text(*BLAME, rules, weigh=False)}


def test_what_was_judged_before_needs_no_rules_and_is_said_again(rules: LanguageRules, rules_file: Path, tmp_path: Path) -> None:
    memory = memory_in(tmp_path / "cache", rules_file)
    first = Judge(rules, memory).findings([BLAME, GOOD])
    assert Judge(_never, memory).findings([GOOD, BLAME]) == first
    assert BLAME[0] not in memory.file.read_text(encoding="utf-8")


def test_a_new_text_is_judged_though_others_are_remembered(rules: LanguageRules, rules_file: Path, tmp_path: Path) -> None:
    memory = memory_in(tmp_path / "cache", rules_file)
    Judge(rules, memory).findings([GOOD])
    assert list(Judge(rules, memory).findings([GOOD, BLAME])) == [BLAME]
    with pytest.raises(AssertionError, match="nothing was new"):
        Judge(_never, memory).findings([("A third text.", Audience.STAFF)])


def test_changed_rules_forget_everything(rules: LanguageRules, rules_file: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    before = memory_in(cache, rules_file)
    Judge(rules, before).findings([GOOD])
    rules_file.write_text(rules_file.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    after = memory_in(cache, rules_file)
    assert after.file != before.file
    assert not after.known()
    Judge(rules, after).findings([GOOD])
    assert [file.name for file in cache.iterdir()] == [after.file.name]


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'{"good": 3, "found": {}}', b'{"good": [], "found": {"a": [[1]]}}', b"\xff"]
)
def test_a_damaged_memory_is_no_memory(damage: bytes, rules: LanguageRules, rules_file: Path, tmp_path: Path) -> None:
    memory = memory_in(tmp_path, rules_file)
    memory.file.write_bytes(damage)
    assert memory.known() == {}
    assert list(Judge(rules, memory).findings([BLAME])) == [BLAME]


def test_a_place_that_cannot_be_written_does_no_harm(rules: LanguageRules, rules_file: Path) -> None:
    memory = memory_in(rules_file / "no-folder", rules_file)
    assert list(Judge(rules, memory).findings([BLAME, GOOD])) == [BLAME]


def test_many_texts_are_shared_out_and_come_back_the_same(rules: LanguageRules) -> None:
    texts = [(f"{BLAME[0]} That was number {number}.", Audience.STAFF) for number in range(2100)]
    assert Judge(rules, processes=2).findings(texts) == Judge(rules).findings(texts)


def test_rules_never_used_before_are_read_at_once_so_that_their_faults_are_told(rules_file: Path, tmp_path: Path) -> None:
    rules_file.write_text("words: {}\nrules: 3\n", encoding="utf-8")
    with pytest.raises(Exception, match="rules"):
        judge_for(rules_file, tmp_path)
