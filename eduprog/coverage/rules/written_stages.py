"""Which year group a stage of schooling ends with, as people write stages in spreadsheets."""

from __future__ import annotations

import re

from eduprog.curriculum.vocabulary import YearGroup

_KEY_STAGES = (YearGroup.Y2, YearGroup.Y6, YearGroup.Y9, YearGroup.Y11, YearGroup.Y13)
_NUMBERED = re.compile(r"\b(lower )?(?:ks|key ?stages?)\s*([1-5])(?:\s*(?:/|-|–|,|&|and|to)\s*(?:ks|key ?stage)?\s*([1-5]))?\b")
_NAMED = (
    (re.compile(r"\b(?:eyfs|early years|foundation(?: stage)?|reception)\b"), YearGroup.R),
    (re.compile(r"\b(?:primary|junior|juniors)\b"), YearGroup.Y6),
    (re.compile(r"\binfants?\b"), YearGroup.Y2),
    (re.compile(r"\bsecondary\b"), YearGroup.Y11),
    (re.compile(r"\b(?:sixth form|post[- ]?16)\b"), YearGroup.Y13),
)


def last_year_of(words: str) -> YearGroup | None:
    """Give the last year of the last stage these words name ("KS1/KS2", "Key Stage 2", "Primary"); None if they name none."""
    said = " ".join(words.lower().split())
    found = [year for pattern, year in _NAMED if pattern.search(said)]
    for lower, first, last in _NUMBERED.findall(said):
        found.append(YearGroup.Y4 if lower and first == "2" and not last else _KEY_STAGES[int(last or first) - 1])
    return max(found, key=lambda year: year.number, default=None)
