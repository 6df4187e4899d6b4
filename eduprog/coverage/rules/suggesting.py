"""Which clauses a statement of another framework may mean: likeness of words, to be judged by a person."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping

_LEAST = 0.12
_SMALL = frozenset(
    {
        "a", "an", "and", "are", "as", "at", "be", "by", "can", "could", "do", "for", "from", "has", "have", "how", "in", "is",
        "it", "its", "may", "not", "of", "on", "one", "or", "others", "other",
        "own", "should", "so", "some", "that", "the", "their",
        "them", "they", "this", "those", "to", "what", "when", "where", "which", "who", "why", "will", "with", "pupils", "pupil",
        "know", "understand", "about",
    }
)  # fmt: skip
_ENDINGS = ("ings", "ing", "ies", "ed", "es", "s")


def words_of(text: str) -> Counter[str]:
    """Give the words that say what a text is about, without their endings."""
    return Counter(_stem(word) for word in re.findall(r"[a-z]+", text.lower()) if word not in _SMALL and len(word) > 2)


def _stem(word: str) -> str:
    ending = next((one for one in _ENDINGS if word.endswith(one) and len(word) - len(one) >= 3), "")
    return word[: len(word) - len(ending)] if ending else word


class Suggester:
    """Finds the clauses most like a text, by the words they share; rare words weigh more."""

    def __init__(self, clauses: Mapping[str, str]) -> None:
        counted = {clause_id: words_of(text) for clause_id, text in clauses.items()}
        seen = Counter(word for words in counted.values() for word in words)
        self._rarity = {word: math.log(1 + len(counted) / times) for word, times in seen.items()}
        self._clauses = {clause_id: self._weighed(words) for clause_id, words in counted.items()}

    def suggest(self, text: str, most: int = 3) -> tuple[str, ...]:
        """Give up to `most` clauses that are like a text, the likest first."""
        own = self._weighed(words_of(text))
        scores = [
            (sum(weight * clause.get(word, 0.0) for word, weight in own.items()), id_) for id_, clause in self._clauses.items()
        ]
        return tuple(id_ for score, id_ in sorted(scores, key=lambda pair: (-pair[0], pair[1]))[:most] if score >= _LEAST)

    def _weighed(self, words: Counter[str]) -> dict[str, float]:
        weights = {word: times * self._rarity.get(word, 0.0) for word, times in words.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {word: weight / length for word, weight in weights.items()} if length else {}
