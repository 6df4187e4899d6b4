"""The one sentence a teacher may add to a message home: short, about the lesson, and no way round the school office."""

from __future__ import annotations

import re

LONGEST_SENTENCE = 200
_REACHES_OUT = re.compile(r"@|https?:|www\.|\b\w+\.(?:com|org|net|uk|co)\b|(?:\d[\s-]?){7,}", re.IGNORECASE)
_TELLS_A_DAY = re.compile(
    r"\b(?:today|yesterday|this morning|this afternoon|on (?:mon|tues|wednes|thurs|fri)day|\d{1,2}[/.]\d{1,2})\b", re.IGNORECASE
)


def tidy_sentence(text: str) -> str:
    """Give a sentence as it is kept: on one line, single spaces."""
    return " ".join(text.split())


def fault_of_sentence(text: str, *, gated: bool) -> str:
    """Give what is wrong with a tidied sentence, in words that say how to mend it; an empty text if nothing is."""
    if not text:
        return "Write one sentence, or leave the message as it is"
    if len(text) > LONGEST_SENTENCE:
        return f"Your sentence has {len(text)} characters: shorten it to {LONGEST_SENTENCE}"
    if _REACHES_OUT.search(text):
        return "Leave out addresses, links and telephone numbers: every message says how to reach the school"
    if gated and _TELLS_A_DAY.search(text):
        return "Leave out days and dates: nobody at home shall be able to tell when this lesson was"
    return ""
