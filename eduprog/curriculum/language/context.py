"""Use or mention: wording that is negated, rejected, quoted to teach about it, or put in a setting that makes it right."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from eduprog.curriculum.language.people import Words
from eduprog.curriculum.language.sentences import Sentence
from eduprog.curriculum.language.values import Rule

_DOUBLE = re.compile(r'"[^"]{1,400}"')
_BULLET = re.compile(r"[ >]*(?:[-+•]|\d{1,2}[.)]) ")
_ELLIPSES = re.compile("…{2,}")
_SINGLE = re.compile(r"(?<![\w'])'(?=\S)[^\n]{1,300}?(?<=\S)'(?!\w)")


@dataclass(frozen=True)
class Text:
    """A plain text with its sentences and the stretches that stand in quotation marks."""

    plain: str
    sentences: Sequence[Sentence]

    @cached_property
    def quotes(self) -> tuple[tuple[list[int], list[int]], ...]:
        """Where double and single quotations begin and end."""
        kinds = (list(kind.finditer(self.plain)) for kind in (_DOUBLE, _SINGLE))
        return tuple(([found.start() for found in spans], [found.end() for found in spans]) for spans in kinds)

    def quote_around(self, at: int) -> tuple[int, int] | None:
        """Return the quotation that holds the place, if any."""
        for starts, ends in self.quotes:
            last = bisect_left(starts, at) - 1
            if last >= 0 and at < ends[last]:
                return starts[last], ends[last]
        return None

    @cached_property
    def headed_by(self) -> tuple[str, ...]:
        """For each sentence the line it stands under: the line that opens its list, else the heading, else nothing."""
        lines = []
        heading = opening = ""
        block, in_list = -1, False
        for sentence in self.sentences:
            if sentence.block != block:
                block, in_list = sentence.block, _BULLET.match(sentence.text) is not None
            lines.append(opening if in_list and opening else heading)
            line = sentence.text.strip()
            if sentence.heading:
                heading, opening = line, ""
            elif line.endswith(":") or not in_list:
                opening = line if line.endswith(":") else ""
        return tuple(lines)


def is_mentioned(text: Text, number: int, found: re.Match[str], rule: Rule, words: Words) -> bool:
    """Tell whether the wording is only spoken of: negated, rejected, or quoted in order to teach about it."""
    sentence = text.sentences[number]
    before = words["false_negation"].sub(lambda part: " " * len(part.group()), sentence.text[: found.start()])
    after = sentence.text[found.end() :]
    if not rule.even_negated and words["denied_just_before"].search(before):
        return True
    if _rejected_before(before, words) or words["rejects_after"].match(after) or words["rejecting_subject"].match(sentence.text):
        return True
    if _listed_to_avoid(text, number, words):
        return True
    quote = text.quote_around(sentence.start + found.start())
    if quote is not None:
        return _quoted_to_teach(text, number, quote, words)
    if words["others_say_that"].search(before):
        return True
    return words["others_say"].search(before) is not None and _rejected_next(text, number, after, words)


def _rejected_before(before: str, words: Words) -> bool:
    """Tell whether a rejecting verb governs what follows; a `but` or `instead say` after it ends its reach."""
    return any(
        not words["reach_ends"].search(before, verb.end())
        and not (words["negator"].match(verb.group()) and words["told_of_another"].search(before[: verb.start()]))
        for verb in words["rejects_before"].finditer(before)
    )


def _rejected_next(text: Text, number: int, after: str, words: Words) -> bool:
    return any(words["rejects_next"].search(piece) for piece in (after, _neighbour(text, number, 1)))


def _neighbour(text: Text, number: int, step: int) -> str:
    """Return the next or previous sentence of the same block, or nothing."""
    other = number + step
    if not 0 <= other < len(text.sentences) or text.sentences[other].block != text.sentences[number].block:
        return ""
    return text.sentences[other].text


def _listed_to_avoid(text: Text, number: int, words: Words) -> bool:
    """Tell whether the sentence stands in a list or below a heading whose opening line says that these are words to avoid."""
    return words["avoid_list"].search(text.headed_by[number]) is not None


def _quoted_to_teach(text: Text, number: int, quote: tuple[int, int], words: Words) -> bool:
    """Tell whether the words around a quotation reject it, ask about it, or give it to a character in a story."""
    first = last = number
    while text.sentences[first].start > quote[0]:
        first -= 1
    while last + 1 < len(text.sentences) and text.sentences[last + 1].start < quote[1]:
        last += 1
    holding = text.sentences[first : last + 1]
    around = " ".join(_outside(s, quote) for s in holding)
    if words["rejects_around"].search(around) or words["character_says"].search(around):
        return True
    if words["endorses"].search(around):
        return False
    if words["teaches"].search(around):
        return True
    following = _neighbour(text, last, 1)
    earlier = _neighbour(text, first, -1)
    speaks_on = not around.replace("…", "").strip(" -.") and words["character_says"].search(earlier) is not None
    return bool(speaks_on or words["rejects_next"].search(following) or words["teaches_before"].search(earlier))


def is_set_aside(text: Text, number: int, words: Words) -> bool:
    """Tell whether a whole sentence is only spoken of: it stands below words to avoid, or what others say is then rejected."""
    if _listed_to_avoid(text, number, words):
        return True
    sentence = text.sentences[number].text
    return words["others_say"].search(sentence) is not None and _rejected_next(text, number, "", words)


def without_quotes(text: Text, number: int, words: Words) -> str:
    """Return the text of a sentence with an ellipsis for each quotation that is made in order to teach or to reject."""
    sentence = text.sentences[number]
    end = sentence.start + len(sentence.text)
    kept = sentence.text
    for starts, ends in text.quotes:
        for begins, closes in zip(starts, ends, strict=True):
            if begins < end and closes > sentence.start and _quoted_to_teach(text, number, (begins, closes), words):
                first, last = max(begins - sentence.start, 0), min(closes, end) - sentence.start
                kept = f"{kept[:first]}{'…' * (last - first)}{kept[last:]}"
    return _ELLIPSES.sub("…", kept)


def _outside(sentence: Sentence, quote: tuple[int, int]) -> str:
    start, end = quote[0] - sentence.start, quote[1] - sentence.start
    return f"{sentence.text[: max(0, start)]} … {sentence.text[max(0, end) :] if end < len(sentence.text) else ''}"


def is_allowed(rule: Rule, sentence: Sentence, words: Words) -> bool:
    """Tell whether the sentence is a setting in which the rule's wording is right (statutory text, hope or help beside it)."""
    return any(words[name].search(sentence.text) is not None for name in rule.allows)
