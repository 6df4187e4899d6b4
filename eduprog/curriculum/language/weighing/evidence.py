"""What a sentence offers to be weighed: its base words, their neighbours, the ideas they carry and which of these are denied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

from eduprog.curriculum.language.weighing.lemmas import base, words_of

Ideas = Mapping[str, tuple[str, ...]]

_PICTURES = "picture photo photograph image video selfie pic clip film footage snap shot recording"
_CHILDREN = "child pupil student teenager teen kid youngster minor youth schoolchild adolescent"
_SAME = {
    **{base(word): "PICTURE" for word in _PICTURES.split()},
    **{base(word + "s"): "PICTURE" for word in _PICTURES.split()},
    **{base(word): "CHILD" for word in _CHILDREN.split()},
    **{base(word + "s"): "CHILD" for word in _CHILDREN.split()},
    "she": "HE",
    "he": "HE",
    "her": "HIM",
    "him": "HIM",
    "his": "HIM",
    "herself": "HIMSELF",
    "himself": "HIMSELF",
}
_NEGATIONS = frozenset(["not", "never", "no", "nobody", "without", "none", "nothing", "nor"])
_REACH = 6
_FEWEST_WORDS = 3
_APART = 8


def ideas_by_word(raw: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    """Return the ideas that each base word or pair of base words carries."""
    found: dict[str, dict[str, None]] = {}
    for idea, entries in raw.items():
        for entry in entries:
            found.setdefault(" ".join(words_of(entry)), {})[idea] = None
    return {words: tuple(ideas) for words, ideas in found.items()}


def evidence_of(text: str, ideas: Ideas) -> set[str]:
    """Return the names of all that a sentence in lower case (names capital) offers; empty where it is too short to tell.

    `send` is a word, `HE send` neighbours (`^` the beginning, `$` the end), `#shame` an idea, `-#shame` an idea that is denied,
    `if#blame` and `?#blame` ideas of a condition and of a question, `#girls>#harming` one idea some words before another,
    `?who` the word a sentence begins with.
    """
    words = words_of(text)
    if len(words) < _FEWEST_WORDS:
        return set()
    alike = [_SAME.get(word, word) for word in words]
    edged = ["^", *alike, "$"]
    found = {*words, *alike, f"?{alike[0]}"}
    found.update(f"{one} {two}" for one, two in pairwise(edged))
    found.update(f"{edged[at]} {edged[at + 1]} {edged[at + 2]}" for at in range(len(edged) - 2))
    carried = _carried(words, ideas)
    found.update(_in_order(carried))
    all_ideas = {idea for here in carried for idea in here}
    found.update(f"#{idea}" for idea in all_ideas)
    if "?" in text:
        found.update(f"?#{idea}" for idea in all_ideas)
    if alike[0] in ("if", "have"):
        found.update(f"if#{idea}" for idea in all_ideas)
    for at, word in enumerate(words):
        if word in _NEGATIONS:
            found.update(f"-#{idea}" for here in carried[at + 1 : at + 1 + _REACH] for idea in here)
    return found


def _carried(words: list[str], ideas: Ideas) -> list[tuple[str, ...]]:
    """Return the ideas each word carries, by itself or with the word after it."""
    following = [*words[1:], ""]
    return [ideas.get(word, ()) + ideas.get(f"{word} {after}", ()) for word, after in zip(words, following, strict=True)]


def _in_order(carried: list[tuple[str, ...]]) -> Iterator[str]:
    """Yield each idea with each that follows it within a few words: who stands before what is done tells who does it."""
    bearing = [(at, here) for at, here in enumerate(carried) if here]
    for number, (at, here) in enumerate(bearing):
        for later, there in bearing[number + 1 :]:
            if later - at > _APART:
                break
            yield from _pairs(here, there)


@lru_cache(maxsize=16384)
def _pairs(here: tuple[str, ...], there: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the ideas of one word before those of another."""
    return tuple(f"#{one}>#{other}" for one in here for other in there)
