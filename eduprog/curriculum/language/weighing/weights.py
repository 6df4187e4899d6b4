"""The learned weights: how far each word, neighbourhood and idea speaks for or against a sentence, and for which category."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, Final

from eduprog.curriculum.language.weighing.evidence import Ideas, evidence_of, ideas_by_word
from eduprog.curriculum.text.places import Places
from eduprog.curriculum.text.yaml import read_yaml

HERE: Final = Path(__file__).parent
BIAS: Final = ""  # the name under which the weight stands that every sentence has


@dataclass(frozen=True, slots=True)
class Advice:
    """What to say of a category: why the wording harms, and better words."""

    reason: str
    better: str


@dataclass(frozen=True, slots=True)
class Weights:
    """Ready to weigh sentences; `kinds` maps a category to what speaks for it."""

    ideas: Ideas
    bias: float
    by_name: Mapping[str, float]
    kinds: Mapping[str, Mapping[str, float]]
    advice: Mapping[str, Advice]

    def doubt(self, text: str) -> float:
        """Return how likely a sentence (lower case, names capital) is to need other words, from 0 to 1."""
        found = evidence_of(text, self.ideas)
        return certainty(self.bias, self.by_name, found) if found else 0.0

    def kind(self, text: str) -> str:
        """Return the category that fits a doubtful sentence best."""
        found = evidence_of(text, self.ideas)
        return max(self.kinds, key=lambda kind: self.kinds[kind][BIAS] + sum(self.kinds[kind].get(name, 0.0) for name in found))


def certainty(bias: float, by_name: Mapping[str, float], found: Iterable[str]) -> float:
    """Return the logistic of the bias and the weights of what was found, which count for less where much was found."""
    names = list(found)
    get = by_name.get
    return logistic(bias + sum([get(name, 0.0) for name in names]) / math.sqrt(len(names) or 1))


def logistic(total: float) -> float:
    """Return a sum of weights as a likelihood from 0 to 1."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@cache
def load_weights() -> Weights:
    """Read what ships with the program: `ideas.yaml`, `weights.csv` and `kinds.csv`."""
    by_name = {name: float(weight) for name, weight in _rows("weights.csv")}
    kinds: dict[str, dict[str, float]] = {}
    for kind, name, weight in _rows("kinds.csv"):
        kinds.setdefault(kind, {})[name] = float(weight)
    raw = read_ideas()
    advice = {kind: Advice(**said) for kind, said in raw["advice"].items()}
    return Weights(ideas_by_word(raw["ideas"]), by_name.pop(BIAS), by_name, kinds, advice)


def read_ideas() -> dict[str, Any]:
    """Return `ideas.yaml` as it stands. Raises ValueError where it is faulty."""
    file = HERE / "ideas.yaml"
    places = Places(PurePosixPath(file.name))
    raw = read_yaml(file.read_text(encoding="utf-8"), places)
    if places.faults or not isinstance(raw, dict):
        raise ValueError("\n".join(map(str, places.faults)) or f"{file.name} is empty.")
    return raw


def _rows(name: str) -> list[list[str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]
