"""From words as written to base words: sent and sending become send, didn't becomes do not, a name becomes NAME."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_TOKEN = re.compile(r"[A-Za-z]+(?:'[a-z]+)?|\d+|[?!:…]")
# The first word of each entry is the base of the rest.
_IRREGULAR = """
    send sent, take took taken, meet met, give gave given, go went gone, tell told, say said, get got gotten, know knew known,
    think thought, make made, keep kept, fall fell fallen, lead led, bring brought, choose chose chosen, do did done does,
    have has had having, be is was were are been being am, feel felt, see saw seen, leave left, lose lost, find found,
    wear wore worn, drink drank drunk, speak spoke spoken, buy bought, catch caught, teach taught, mean meant, pay paid, run ran,
    sit sat, stand stood, understand understood, write wrote written, break broke broken, begin began begun, come came,
    become became, forget forgot forgotten, forgive forgave forgiven, hide hid hidden, lie lied lying lies, die died dying dies,
    show shown, win won, spend spent, sell sold, hear heard, hold held, build built, let, put, cost, hurt, read, shut, spread,
    beat beaten, grow grew grown, throw threw thrown, draw drew drawn, steal stole stolen, wake woke, sleep slept, ride rode,
    rise rose, fight fought, seek sought, freeze froze frozen, ring rang rung, drive drove driven, eat ate eaten, fly flew,
    blow blew, stick stuck, strike struck
"""
_BASES: Final = {word: entry.split()[0] for entry in _IRREGULAR.split(",") for word in entry.split()}
_WHOLE = {"can't": "can not", "won't": "will not", "shan't": "shall not", "cannot": "can not", "let's": "let us", "i'm": "i am"}
_ENDINGS = {"re": "are", "ll": "will", "ve": "have", "d": "would", "m": "am"}
_IS_AFTER = frozenset(["he", "she", "it", "that", "what", "who", "there", "here", "how"])
_DOUBLED = frozenset("bdgmnprt")


def words_of(text: str) -> list[str]:
    """Return the base words of a sentence in which only names have capitals, with question and exclamation marks among them."""
    return [base(part) for token in _TOKEN.findall(text) for part in _parts(token)]


@lru_cache(maxsize=16384)
def _parts(token: str) -> tuple[str, ...]:
    """Return what a short form stands for."""
    if token in _WHOLE:
        return tuple(_WHOLE[token].split())
    stem, mark, ending = token.partition("'")
    if not mark:
        return (token,)
    if token.endswith("n't"):
        return token[:-3], "not"
    if ending in _ENDINGS:
        return stem, _ENDINGS[ending]
    return (stem, "is") if ending == "s" and stem in _IS_AFTER else (stem,)


@lru_cache(maxsize=16384)
def base(word: str) -> str:
    """Return the base of a word: irregular forms from a list, the rest by their endings; names and numbers as such."""
    if word in _BASES:
        return _BASES[word]
    if word[0].isupper():
        return "NAME"
    if word[0].isdigit():
        return "NUMBER"
    if len(word) > 4:
        word = _without_ending(_singular(word))
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith("sses"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _without_ending(word: str) -> str:
    if word.endswith("ied"):
        word = word[:-3] + "y"
    elif word.endswith("ing") and len(word) > 5:
        word = word[:-3]
    elif word.endswith(("ed", "ly")) and len(word) > 4:
        word = word[:-2]
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] in _DOUBLED else word
