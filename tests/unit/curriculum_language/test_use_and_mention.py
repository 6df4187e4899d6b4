"""Wording that is negated, rejected or quoted in order to teach is no fault; the same wording meant is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Found = Callable[[str], set[str]]

MENTIONED = [
    "It is not her fault.",
    "Nobody is going to take your phone.",
    "We never ask why she sent it.",
    "Never ask a child “why didn't you tell us before?”",
    "“Why didn't you tell?” blames; instead say “thank you for telling me”.",
    "It is a myth that boys can't be victims.",
    "Saying that she put herself at risk hides the one who hurt her.",
    "Some people say it was just banter. It was not.",
    "“It was only a joke,” says Ben. How might Aisha feel?",
    "We do not tell pupils that one photo will ruin their life.",
    "Many children think that it is their fault.",
    "Words to avoid:\n\n- attention seeking\n- hard to reach\n- promiscuous\n",
    "## A phrase to avoid\n\n“Why didn't you just block him?”\n",
    "- To mend: “He was gullible.” Say: “Look at how the trick was built.”",
]
MEANT = [
    "It is not her fault, but she should have known better.",
    "As the saying goes, “boys will be boys”.",
    "Remember our slogan: “just say no”.",
    "Don't forget: once it's online, it's there forever.",
    "Do not put yourself at risk.",
    "If they don't tell us, they have only themselves to blame.",
    "Children who never use the settings put themselves at risk.",
    "Avoid jargon. She was asking for trouble.",
    "## A phrase to avoid\n\n“Why me?”\n\n## Say this instead\n\nWhy didn't you just block him?\n",
    "Words to avoid:\n\n- hard to reach\n\nHe is attention seeking.\n",
]


@pytest.mark.parametrize("text", MENTIONED)
def test_wording_only_spoken_of_passes(text: str, categories_found: Found) -> None:
    assert not categories_found(text)


@pytest.mark.parametrize("text", MEANT)
def test_wording_meant_is_found(text: str, categories_found: Found) -> None:
    assert categories_found(text)


def test_statutory_text_about_pictures_that_cannot_be_deleted_everywhere_passes(categories_found: Found) -> None:
    assert not categories_found("Pupils should know that once circulated there is no way of deleting it everywhere.")
    assert categories_found("Once you press send there is no way of getting it back.") == {"permanence"}


def test_a_limit_said_together_with_help_passes(categories_found: Found) -> None:
    assert not categories_found("Pictures online can be hard to delete, but Report Remove can help.")
    assert categories_found("Pictures online can never be deleted.") == {"permanence"}


def test_one_sentence_may_hold_several_kinds(categories_found: Found) -> None:
    assert {"minimising", "gendered"} <= categories_found("Boys will be boys, and no real harm was done.")
