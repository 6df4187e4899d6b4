"""What the message check is made of: audiences, findings and compiled rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from eduprog.curriculum.language.weighing.weights import Weights

_REMEMBERED = 20_000


class Audience(StrEnum):
    """Who reads a text; some rules (named services, keeping copies of images) hold for pupils and parents only."""

    PUPIL = "pupil"
    PARENT = "parent"
    STAFF = "staff"


class Who(StrEnum):
    """The person a sentence speaks of, as far as light reading can tell."""

    HARMED = "harmed"  # a child or other person who may have been harmed: she, you, the pupil, Amira
    HARMER = "harmer"  # someone whom the sentence shows doing harm: the person who forwarded it
    OTHER = "other"  # everybody and everything else: we, the school, the company, the plant


@dataclass(frozen=True, slots=True)
class Finding:
    """Wording to change: characters `start` to `end` of the checked text, its category, the reason and better words."""

    start: int
    end: int
    category: str
    reason: str
    better: str


@dataclass(frozen=True, slots=True)
class Wording:
    """One pattern of a rule and the beginnings of words, one of which a sentence must hold (none: it is always tried)."""

    pattern: re.Pattern[str]
    cues: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it looks for, what the sentence must also hold or must not hold, and what to say about it."""

    id: str
    category: str
    reason: str
    better: str
    wordings: tuple[Wording, ...]
    needs: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    who: str = ""  # name of a guard in `guards.py`; empty: whoever
    allows: frozenset[str] = frozenset()  # settings in which the wording is right: statutory, hope, support
    even_negated: bool = False  # advice not to do it still makes the child responsible: “don't put yourself at risk”
    audiences: frozenset[Audience] = frozenset(Audience)
    catches: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LanguageRules:
    """All rules with their word classes, ready to use; `tried_on` maps a word's beginning to the wordings it calls for."""

    rules: tuple[Rule, ...]
    wordings: tuple[tuple[Rule, re.Pattern[str]], ...]
    words: Mapping[str, re.Pattern[str]]
    names_not: frozenset[str]
    tried_on: Mapping[str, tuple[int, ...]]
    always: tuple[int, ...]
    longest_cue: int
    weights: Weights | None = None  # none: the rules alone judge
    _called: dict[str, tuple[int, ...]] = field(default_factory=dict, compare=False, repr=False)

    def called_for(self, word: str) -> tuple[int, ...]:
        """Return the numbers of the wordings that a lower-case word calls for; remembers the commonest twenty thousand."""
        known = self._called.get(word)
        if known is None:
            beginnings = (word[:length] for length in range(1, min(len(word), self.longest_cue) + 1))
            known = tuple(number for beginning in beginnings for number in self.tried_on.get(beginning, ()))
            if len(self._called) < _REMEMBERED:
                self._called[word] = known
        return known
