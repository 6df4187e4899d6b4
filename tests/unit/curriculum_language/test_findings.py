"""A finding points at the words it means, says why in one sentence, and offers others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eduprog.core.paths import LESSONS
from eduprog.curriculum.language import Audience, LanguageRules, check_sentences, check_text, load_rules
from eduprog.curriculum.language.sentences import plain, sentences

RULES = load_rules(LESSONS / "language.yaml")
PIECES = st.sampled_from(
    [
        "Why didn't you tell?",
        "“",
        "”",
        "'",
        "\n\n",
        "- ",
        "## Avoid\n",
        "It’s **her** fault",
        " é İ ß ",
        "once it's online",
        "forever",
        "…",
    ]
)


def test_places_are_those_of_the_text_as_given(rules: LanguageRules) -> None:
    text = "Dear all,\n\nI wonder – honestly – **why didn’t you** just\nblock him?\n"
    (finding,) = check_text(text, Audience.PARENT, rules)
    assert text[finding.start : finding.end].startswith("why didn’t you** just\nblock")
    assert finding.category == "victim_blaming"


def test_the_sentence_may_stand_anywhere_in_a_long_text(rules: LanguageRules) -> None:
    text = "A good lesson. " * 500 + "She was asking for trouble."
    (finding,) = check_text(text, Audience.STAFF, rules)
    assert text[finding.start : finding.end] == "asking for trouble"


def test_reason_and_better_words_are_said_for_every_rule(rules: LanguageRules) -> None:
    for rule in rules.rules:
        assert rule.reason.endswith("."), rule.id
        assert rule.reason.count(". ") == 0, rule.id
        assert rule.better, rule.id


def test_pupils_and_parents_are_never_told_to_keep_a_picture(rules: LanguageRules) -> None:
    text = "Take a screenshot of the picture before you report it."
    assert {finding.category for finding in check_text(text, Audience.PUPIL, rules)} == {"evidence"}
    assert not check_text("Do not screenshot the picture.", Audience.PUPIL, rules)


def test_sentences_are_read_each_for_itself(rules: LanguageRules) -> None:
    texts = ["Ask first.", "Boys will be boys.", "That is a myth."]
    assert [(number, {one.category for one in found}) for number, found in check_sentences(texts, Audience.PUPIL, rules)] == [
        (1, {"gendered"})
    ]


@given(st.lists(st.one_of(st.text(max_size=40), PIECES), max_size=12).map("".join))
def test_any_text_is_read_without_losing_its_places(text: str) -> None:
    assert len(plain(text)) == len(text)
    for sentence in sentences(plain(text), RULES.names_not):
        assert sentence.start + len(sentence.text) <= len(text)
    for finding in check_text(text, Audience.PUPIL, RULES):
        assert 0 <= finding.start < finding.end <= len(text)
