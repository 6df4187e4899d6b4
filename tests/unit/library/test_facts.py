"""Are the facts of a file fields that anybody can fill in, and does only what somebody changed change?"""

from __future__ import annotations

import pytest

from eduprog.core.paths import LESSONS
from eduprog.library.rules.facts import Fact, FieldKind, fact_groups, with_facts
from eduprog.library.rules.own_modules import parts_of

FOLDER = LESSONS / "k1" / "k1-c1-ask-first"
CHOICES = {"strand": [("consent", "Consent"), ("media", "Media")], "skills": [("AS", "Assertiveness"), ("EM", "Empathy")]}


def _head(name: str) -> str:
    return parts_of(name, (FOLDER / name).read_text("utf-8"))[0].text


def _facts(head: str) -> dict[str, Fact]:
    return {fact.path: fact for group in fact_groups(head, CHOICES) or [] for fact in group.facts}


def _sent(head: str) -> dict[str, list[str]]:
    """What a browser sends of a form in which nothing was changed."""
    return {
        path: [fact.text.replace("\n", "\r\n")] if fact.kind is FieldKind.LINES else ["", *fact.values]
        for path, fact in _facts(head).items()
    }


@pytest.mark.parametrize("stage", ["ey", "k1", "u2", "k4"])
def test_facts_nobody_changed_stay_byte_for_byte(stage: str) -> None:
    paths = [path for folder in (LESSONS / stage).iterdir() for path in folder.glob("*.md")]
    assert paths
    for path in paths:
        head = parts_of(path.name, path.read_text("utf-8"))[0].text
        assert with_facts(head, _sent(head), CHOICES) == head, path.name


def test_what_eduprog_gives_is_not_asked_for_and_the_rest_is_asked_in_words() -> None:
    facts = _facts(_head("module.md"))
    assert not {"id", "slug", "stage", "revision", "status"} & set(facts)
    assert (facts["pupil_outcome"].label, facts["skills"].kind) == ("The same in pupils’ words", FieldKind.CHOICES)
    assert facts["strand"].options == CHOICES["strand"]
    assert facts["check_pair.0.answer"].label == "Right answer (its number)"


def test_a_changed_fact_stands_in_its_place_as_what_it_was() -> None:
    head = _head("lesson-1.md")
    made = with_facts(head, {"title": ["Ask: wait"], "minutes": ["40"], "splits": ["2"], "need": ["A mat\r\n\r\nA box"]}, CHOICES)
    facts = _facts(made)
    assert [facts[path].values for path in ("title", "minutes", "splits", "need")] == [
        ("Ask: wait",), ("40",), ("2",), ("A mat", "A box"),
    ]  # fmt: skip
    assert "minutes: 40\n" in made
    assert with_facts(_head("home-activity.md"), {"sex_education": ["yes"]}, CHOICES).count("sex_education: true") == 1


def test_a_story_is_added_by_filling_in_the_empty_one_and_removed_by_emptying_it() -> None:
    head = _head("lesson-1.md")
    new = {"scenarios.3.title": ["The shed"], "scenarios.3.offline": ["Kit waits."], "scenarios.3.people.0.name": ["Kit"],
           "scenarios.3.people.0.tags": ["boy\nasks-well"]}  # fmt: skip
    added = with_facts(head, new, CHOICES)
    assert "id: the-shed" in added
    assert _facts(added)["scenarios.3.people.0.tags"].values == ("boy", "asks-well")
    last = [path for path in _facts(added) if path.startswith("scenarios.3.")]
    gone = with_facts(added, {path: [""] for path in last}, CHOICES)
    assert _facts(gone).keys() == _facts(head).keys()
    assert "the-shed" not in gone


def test_the_empty_ones_left_empty_add_nothing() -> None:
    head = _head("module.md")
    assert (
        with_facts(head, {"check_pair.3.ask": [""], "check_pair.3.answer": ["1"], "check_pair.3.measures": ["skill"]}, {}) == head
    )


@pytest.mark.parametrize("head", ["---\ntitle: [one\n---", "---\n- a\n- b\n---", "no facts at all: [", "---\n\n---"])
def test_facts_that_cannot_be_read_are_left_to_a_field_of_text(head: str) -> None:
    assert fact_groups(head, CHOICES) is None
    assert with_facts(head, {"title": ["x"]}, CHOICES) == head


def test_a_lesson_without_handouts_can_get_one() -> None:
    head = "---\nlesson: 1\ntitle: A\n---"
    made = with_facts(head, {"handouts.0.title": ["Ask cards"], "handouts.0.items": ["Can I?\nMay I?"]}, CHOICES)
    assert "id: ask-cards" in made
    assert "kind: cards" in made
    assert _facts(made)["handouts.0.items"].values == ("Can I?", "May I?")
