"""Named conditions of rules: whom the wording must speak of, and settings in which it is right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from eduprog.curriculum.language.people import Words, acts_as_harmer, person_in, role_of, subject_before
from eduprog.curriculum.language.sentences import Sentence
from eduprog.curriculum.language.values import Who

Guard = Callable[[re.Match[str], Sentence, Words], bool]


def blamed(found: re.Match[str], sentence: Sentence, words: Words) -> bool:
    """Hold where the one made responsible is a person who may have been harmed, not the one who did harm or a thing."""
    return _role(found, sentence, words) is Who.HARMED


def not_harmer(found: re.Match[str], sentence: Sentence, words: Words) -> bool:
    """Hold unless the one spoken of is shown doing harm or is never blamed (adults, bystanders); nobody named is enough."""
    region = _named(found) or subject_before(sentence, found.start(), words)
    head, _ = person_in(region, words)
    if not head:
        return words["somebody"].search(sentence.text) is not None and not acts_as_harmer("", sentence, found.span(), words)
    if words["not_blamed"].fullmatch(head):
        return False
    return role_of(region, sentence, found.span(), words).role is not Who.HARMER


def child_acts(found: re.Match[str], sentence: Sentence, words: Words) -> bool:
    """Hold where a child is the subject, so that abuse sounds like the child's doing; force named in the sentence lifts it."""
    return _role(found, sentence, words) is Who.HARMED and not words["forced"].search(sentence.text)


def excused(found: re.Match[str], sentence: Sentence, words: Words) -> bool:
    """Hold where nobody is named as the one who did it."""
    return not words["doer_named"].search(sentence.text)


def _named(found: re.Match[str]) -> str:
    groups = found.groupdict()
    return next((text for name, text in groups.items() if name.startswith("who") and text), "")


def _role(found: re.Match[str], sentence: Sentence, words: Words) -> Who:
    region = _named(found) or subject_before(sentence, found.start(), words)
    return role_of(region, sentence, found.span(), words).role


GUARDS: Final[Mapping[str, Guard]] = {"blamed": blamed, "not_harmer": not_harmer, "child_acts": child_acts, "excused": excused}
ALLOWANCES: Final[frozenset[str]] = frozenset({"statutory", "hope", "support"})
# The word classes that this package reads by name; `lessons/language.yaml` must define each.
_READ = """
    anyone avoid_list boy_word character_says denied_just_before doer_named endorses false_negation forced girl_word harm_act
    harmed_act harmers hope many_word negator not_blamed others_say others_say_that people reach_ends rejecting_subject
    rejects_after rejects_around rejects_before rejects_next share_act somebody statutory support teaches teaches_before
    thing_subject told_of_another without_asking
"""
CLASSES_READ: Final[tuple[str, ...]] = tuple(_READ.split())
