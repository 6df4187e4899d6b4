"""The rules as data: their own examples hold, and a faulty file says all that is wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from eduprog.core.paths import LESSONS
from eduprog.curriculum.language import Audience, LanguageRules, LanguageRulesFaulty, check_text, load_rules
from eduprog.curriculum.language.cues import cues_of

RULES = load_rules(LESSONS / "language.yaml")
GOOD = """
words: {WORDS}
rules:
  - id: one
    category: term
    reason: It hides something.
    better: other words
    patterns: ['bad(?: old)? words?']
    catches: [These are bad words.]
"""


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.id)
def test_each_rule_finds_its_examples_and_lets_its_near_misses_pass(rule: object, rules: LanguageRules) -> None:
    by_id = {one.id: one for one in rules.rules}
    mine = by_id[rule.id]  # type: ignore[attr-defined]
    audience = min(mine.audiences)
    for text in mine.catches:
        assert mine.category in {finding.category for finding in check_text(text, audience, rules)}, text
    for text in mine.passes:
        assert not check_text(text, audience, rules), text


def test_the_words_that_call_for_a_rule_never_lose_a_match(
    rules: LanguageRules, our_sentences: list[dict[str, str]], later_sentences: list[dict[str, str]]
) -> None:
    texts = [row["text"] for row in [*our_sentences, *later_sentences]] + [
        text for rule in rules.rules for text in (*rule.catches, *rule.passes)
    ]
    always = replace(rules, tried_on={}, always=tuple(range(len(rules.wordings))), _called={})
    for text in texts:
        assert check_text(text, Audience.PUPIL, rules) == check_text(text, Audience.PUPIL, always), text


@pytest.mark.parametrize(
    ("pattern", "cues"),
    [
        ("(?:was|were) to blame", {"blame"}),
        ("shar(?:e|es|ed) nudes?", {"shar"}),
        ("(?:\\w+ )?risky behaviou?rs?", {"risky"}),
        ("(?:the )?picture", {"picture"}),
        ("<self> at risk|in danger", {"risk", "danger"}),
        ("(?<!the )strangers?(?! to)", {"stranger"}),
        ("[a-z]+ly", set()),
        ("\\w+|danger", set()),
        ("colou?r", {"colo"}),
    ],
)
def test_cues_are_the_rarest_words_a_match_must_hold(pattern: str, cues: set[str]) -> None:
    assert cues_of(pattern, {"self": "(?:herself|himself)"}) == cues


def _written(folder: Path, text: str) -> Path:
    from eduprog.curriculum.language.guards import CLASSES_READ

    file = folder / "language.yaml"
    words = ", ".join(f"{name}: ['x{number}']" for number, name in enumerate(CLASSES_READ) if name != "share_act")
    file.write_text(text.replace("WORDS", words + ", share_act: ['y(?P<whose>z)?']"), encoding="utf-8")
    return file


def test_a_small_file_works(tmp_path: Path) -> None:
    rules = load_rules(_written(tmp_path, GOOD), weighing=False)
    assert [finding.reason for finding in check_text("Bad old words!", Audience.STAFF, rules)] == ["It hides something."]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("'bad(?: old)? words?'", "'bad(words'"), "rule one:"),
        (("'bad(?: old)? words?'", "'<nobody> is bad'"), "unknown word class nobody"),
        (("    better: other words\n", ""), "lacks one of"),
        (("    category: term\n", "    category: term\n    who: nobody\n"), "unknown guard nobody"),
        (("    category: term\n", "    category: term\n    allows: [anything]\n"), "unknown allowance anything"),
        (("    category: term\n", "    category: term\n    colour: red\n"), "unknown key colour"),
        (("rules:\n", "rule:\n"), "needs `words`"),
        (("words: {WORDS}", "words: {anyone: ['x']}"), "word class others_say"),
    ],
)
def test_each_fault_of_the_file_is_said(change: tuple[str, str], said: str, tmp_path: Path) -> None:
    with pytest.raises(LanguageRulesFaulty, match=said.replace("(", r"\(")):
        load_rules(_written(tmp_path, GOOD.replace(*change)))


def test_all_faults_are_said_at_once(tmp_path: Path) -> None:
    twice = GOOD + GOOD.split("rules:\n")[1].replace("'bad(?: old)? words?'", "'<nobody>'") + GOOD.split("rules:\n")[1]
    with pytest.raises(LanguageRulesFaulty) as raised:
        load_rules(_written(tmp_path, twice))
    assert "unknown word class nobody" in str(raised.value)
    assert "the rule id one stands more than once" in str(raised.value)
