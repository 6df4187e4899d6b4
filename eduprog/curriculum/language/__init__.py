"""The message check: who a sentence makes responsible, and whether it blames, shames, frightens, threatens or excuses.

Not a phrase list: wording is found by the rules of `lessons/language.yaml`, then read in its sentence (who is spoken of, what is
negated, what is quoted in order to reject it) before anything is reported.
"""

from __future__ import annotations

from eduprog.curriculum.language.check import check_csv, check_sentences, check_text
from eduprog.curriculum.language.judging import Asked, Judge, judge_for
from eduprog.curriculum.language.rules import LanguageRulesFaulty, load_rules
from eduprog.curriculum.language.values import Audience, Finding, LanguageRules, Rule

__all__ = [
    "Asked",
    "Audience",
    "Finding",
    "Judge",
    "LanguageRules",
    "LanguageRulesFaulty",
    "Rule",
    "check_csv",
    "check_sentences",
    "check_text",
    "judge_for",
    "load_rules",
]
