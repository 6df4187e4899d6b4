"""The same frame blames or does not, depending on whom it speaks of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Found = Callable[[str], set[str]]

BLAMES = [
    "What could she have done differently?",
    "What could Amira have done differently so that the boy did not threaten her?",
    "He should have known better than to accept the request.",
    "The girl who sent the picture should have thought about it first.",
    "Anyone who shares a picture of themselves only has themselves to blame.",
    "Why didn't you block him?",
    "If she hadn't sent it, none of this would have happened.",
    "It was her own fault.",
    "He threatened her. What could she have done differently?",
    "Tom forwarded her picture. She should have known better.",
]
DOES_NOT_BLAME = [
    "What could the person who forwarded it have done differently?",
    "What could bystanders have done differently?",
    "What could the people who run the site have done?",
    "He should have known better than to share her picture.",
    "The boys who passed it on should have thought about it first.",
    "Whoever passed it round only has himself to blame.",
    "Why didn't the company remove it?",
    "If Dylan had not sent it on, none of this would have happened.",
    "It was the company's own fault.",
    "We should have told you sooner.",
    "Adults should have noticed sooner.",
    "Tom forwarded her picture. He should have known better.",
    "The group decided to share her secret; what could they have done instead?",
    "The team should have won.",
]


@pytest.mark.parametrize("sentence", BLAMES)
def test_making_the_harmed_person_responsible_is_found(sentence: str, categories_found: Found) -> None:
    assert "victim_blaming" in categories_found(sentence)


@pytest.mark.parametrize("sentence", DOES_NOT_BLAME)
def test_making_the_one_who_did_harm_responsible_passes(sentence: str, categories_found: Found) -> None:
    assert not categories_found(sentence)


@pytest.mark.parametrize(
    ("chosen", "done_to"),
    [
        ("The girl has been sending pictures to an adult.", "An adult has been getting pictures from the girl."),
        ("The boy is dealing drugs for a gang.", "A gang is forcing the boy to carry drugs."),
        ("A Year 9 girl is in a relationship with a man of thirty.", "A man of thirty is exploiting a Year 9 girl."),
        ("Her photos got out over the weekend.", "A pupil shared her photos over the weekend."),
    ],
)
def test_the_actor_left_out_is_found_and_the_actor_named_passes(chosen: str, done_to: str, categories_found: Found) -> None:
    assert categories_found(chosen)
    assert not categories_found(done_to)
