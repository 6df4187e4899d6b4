"""Who a sentence speaks of: light patterns for subjects, relative clauses and what the person is shown doing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from eduprog.curriculum.language.sentences import Sentence
from eduprog.curriculum.language.values import Who

Words = Mapping[str, re.Pattern[str]]

_CLAUSE_END = re.compile(
    r"[,;:()\"]| - | (?:and|but|because|so|when|if|although|though|while|whether|before|after|since|until|unless|yet|or) "
    r"| that (?!\w+ed\b)"
)
_RELATIVE = re.compile(r"(?<!\w)(?:who|whom|whoever|whose|that|which)(?!\w)")
_PREPOSITION = re.compile(
    r"(?<!\w)(?:of|with|by|to|from|for|about|on|in|at|than|like|towards|against)"
    r"(?: (?:the|a|an|her|his|their|your|our|this|that|some))?(?: \w+)? *$"
)
_PART_OF = re.compile(
    r"(?<!\w)(?:most|some|one|two|three|many|all|any|both|none|each|either|several|few) of "
    r"(?:the|our|these|those|them|my|your)? *"
)
_PASSIVE = re.compile(
    r"(?<!\w)(?:is|was|were|are|be|been|being|got|get|gets|getting|'s|'re)(?: \w+ly| not| also| then| being)? *$"
)
_SHARED_SUBJECT = re.compile(
    r"(?<!\w)(?:to|of|before|after|by|for|than|not|never|and|or|while|without|instead|was|were|is|are|has|have|had|'ve|'d)"
    r"(?: \w+ly)? *$"
)
_OWN = {"she": "her", "he": "his", "they": "their", "you": "your"}
_OBJECT = {"she": "her", "he": "him|his", "they": "them|their"}
_STANDS_FOR = {"she": "girl_word", "he": "boy_word", "they": "many_word"}
_ANYBODYS = {"her", "his", "their", "your"}
_PRONOUN = re.compile(r"(?:she|he|they|you)")


@dataclass(frozen=True, slots=True)
class Person:
    """The one spoken of: the head word or words, the role, and how the head was written."""

    role: Who
    head: str = ""


def subject_before(sentence: Sentence, at: int, words: Words) -> str:
    """Return the stretch before `at` that holds the subject of what stands there: the nearest clause that names a person."""
    before = sentence.text[:at]
    starts = [0, *(found.end() for found in _CLAUSE_END.finditer(before))]
    for number in range(len(starts) - 1, -1, -1):
        region = before[starts[number] :]
        if words["anyone"].search(region) or words["thing_subject"].search(region):
            return region
    return before


def person_in(region: str, words: Words) -> tuple[str, str]:
    """Return the head (a pronoun, noun or name) of a stretch and its relative clause; both empty where nobody is named."""
    region = _PART_OF.sub("", region)
    relative = ""
    for mark in _RELATIVE.finditer(region):
        if words["anyone"].search(region[: mark.start()]) or mark.group() in ("who", "whoever"):
            region, relative = region[: mark.start()], region[mark.end() :]
            if mark.group() == "whoever":
                return "whoever", relative
            break
    heads = list(words["anyone"].finditer(region))
    for found in reversed(heads):
        if not _PREPOSITION.search(region[: found.start()]):
            return found.group(), relative
    return "", relative


def role_of(region: str, sentence: Sentence, core: tuple[int, int], words: Words) -> Person:
    """Tell who the person named in `region` is, given what the sentence shows them doing around the wording at `core`."""
    head, relative = person_in(region, words)
    if not head or words["not_blamed"].fullmatch(head):
        return Person(Who.OTHER, head)
    if relative and _does_harm(relative, words):
        return Person(Who.HARMER, head)
    if (
        words["harmers"].fullmatch(head)
        or acts_as_harmer(head, sentence, core, words)
        or _named_before(head, sentence, core[0], words)
    ):
        return Person(Who.HARMER, head)
    if words["people"].fullmatch(head) and not words["harmed_act"].search(relative):
        return Person(Who.OTHER, head)
    return Person(Who.HARMED, head)


def _does_harm(clause: str, words: Words) -> bool:
    """Tell whether a relative clause has its antecedent harm another: `who forwarded it`, not `who was threatened`."""
    return any(
        not _PASSIVE.search(clause[: found.start()])
        for found in _harms(clause, "", words)
        if not _other_subject(clause, found, words)
    )


def _other_subject(clause: str, found: re.Match[str], words: Words) -> bool:
    return words["anyone"].search(clause[: found.start()]) is not None and not _SHARED_SUBJECT.search(clause[: found.start()])


def acts_as_harmer(head: str, sentence: Sentence, core: tuple[int, int], words: Words) -> bool:
    """Tell whether the sentence shows `head` doing harm: inside the wording, after it with the same subject, or by name."""
    text = sentence.text
    for found in _harms(text, head, words):
        before = text[: found.start()]
        if _PASSIVE.search(before):
            continue
        if core[0] <= found.start() < core[1] or _same_subject(head, before, core, words):
            return True
    return False


def _same_subject(head: str, before: str, core: tuple[int, int], words: Words) -> bool:
    between = before[core[1] :]
    if len(before) >= core[1] and _SHARED_SUBJECT.search(before) and not words["anyone"].search(between):
        return True
    last = before.rstrip().rpartition(" ")[2]
    pronoun = _PRONOUN.fullmatch(last)
    return bool(last) and (last == head or (pronoun is not None and not _PRONOUN.fullmatch(head) and len(before) > core[0]))


def _named_before(head: str, sentence: Sentence, at: int, words: Words) -> bool:
    """Tell whether a pronoun stands for the one whom an earlier clause or the sentence before shows doing harm."""
    if head not in _STANDS_FOR:
        return False
    for clause in (sentence.text[:at], sentence.before):
        for act in reversed(_harms(clause, head, words)):
            if _PASSIVE.search(clause[: act.start()]) or re.match(rf"\W*(?:{_OBJECT[head]})\b", clause[act.end() :]):
                continue
            if re.search(rf"(?<!\w)(?:{_OBJECT[head]})(?!\w)", act.group()):
                continue
            doer, _ = person_in(subject_before(Sentence(clause, 0, 0, False), act.start(), words), words)
            if doer and (doer == head or _may_stand_for(head, doer, words)):
                return True
    return False


def _may_stand_for(head: str, doer: str, words: Words) -> bool:
    """Tell whether a pronoun may mean a noun or name said before; a name may be anybody's."""
    if doer[0].isupper():
        return head in ("he", "she")
    return words[_STANDS_FOR[head]].fullmatch(doer) is not None


def _harms(text: str, head: str, words: Words) -> list[re.Match[str]]:
    """Find doings that harm another; showing one's own picture is none."""
    own = _OWN.get(head) or ("their" if head.endswith("s") else "")
    own = own or ("her" if words["girl_word"].search(head) else "his" if words["boy_word"].search(head) else "")
    may_be_own = {own, ""} if own else {*_ANYBODYS, ""}
    return [
        *words["harm_act"].finditer(text),
        *(
            act
            for act in words["share_act"].finditer(text)
            if (act.group("whose") or "") not in may_be_own or words["without_asking"].search(text, act.end())
        ),
    ]
