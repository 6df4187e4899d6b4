"""Checking texts against the rules."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from eduprog.curriculum.language.context import Text, is_allowed, is_mentioned
from eduprog.curriculum.language.guards import GUARDS
from eduprog.curriculum.language.sentences import Sentence, plain, sentences
from eduprog.curriculum.language.values import Audience, Finding, LanguageRules, Rule

_WORD = re.compile(r"[A-Za-z]+")


def check_text(text: str, audience: Audience, rules: LanguageRules) -> list[Finding]:
    """Return what should be worded otherwise, in the order of the text; places are characters of `text` as given.

    At most one finding of a category stands at one place; a text may be one sentence or a whole file body.
    """
    plain_text = plain(text)
    whole = Text(plain_text, tuple(sentences(plain_text, rules.names_not)))
    findings: list[Finding] = []
    for number in range(len(whole.sentences)):
        findings += _in_sentence(whole, number, audience, rules)
    return sorted(_without_doubles(findings), key=lambda finding: (finding.start, finding.end))


def check_sentences(texts: Iterable[str], audience: Audience, rules: LanguageRules) -> Iterator[tuple[int, list[Finding]]]:
    """Yield (number from 0, findings) of each text that has any; texts are read each for itself."""
    for number, text in enumerate(texts):
        findings = check_text(text, audience, rules)
        if findings:
            yield number, findings


def check_csv(lines: Iterable[str], rules: LanguageRules, audience: Audience = Audience.STAFF) -> Iterator[dict[str, str]]:
    """Yield one row (id, flagged, category, reason, better) for each row of a CSV with a column `text`.

    `flagged` is yes or no; further findings of a row stand behind the first, parted by ` | `.
    Raises ValueError where that column is missing.
    """
    reader = csv.DictReader(lines)
    if "text" not in (reader.fieldnames or ()):
        raise ValueError("The file needs a column named text.")
    for number, row in enumerate(reader, start=1):
        findings = check_text(row["text"] or "", audience, rules)
        categories = list(dict.fromkeys(finding.category for finding in findings))
        yield {
            "id": row.get("id") or str(number),
            "flagged": "yes" if findings else "no",
            "category": " | ".join(categories),
            "reason": " | ".join(dict.fromkeys(finding.reason for finding in findings)),
            "better": " | ".join(dict.fromkeys(finding.better for finding in findings)),
        }


def _in_sentence(whole: Text, number: int, audience: Audience, rules: LanguageRules) -> Iterator[Finding]:
    sentence = whole.sentences[number]
    for rule, pattern in _called_for(sentence, rules):
        if audience in rule.audiences:
            for found in pattern.finditer(sentence.text):
                if found.group() and _holds(rule, found, whole, number, rules):
                    start = sentence.start + found.start()
                    yield Finding(start, start + len(found.group()), rule.category, rule.reason, rule.better)


def _called_for(sentence: Sentence, rules: LanguageRules) -> list[tuple[Rule, re.Pattern[str]]]:
    """Return the wordings that a word of the sentence calls for, in their order; most sentences call for few."""
    numbers = set(rules.always)
    numbers.update(chain.from_iterable(map(rules.called_for, set(_WORD.findall(sentence.text.lower())))))
    return [rules.wordings[number] for number in sorted(numbers)]


def _holds(rule: Rule, found: re.Match[str], whole: Text, number: int, rules: LanguageRules) -> bool:
    sentence = whole.sentences[number]
    if rule.needs is not None and not rule.needs.search(sentence.text):
        return False
    if rule.unless is not None and rule.unless.search(sentence.text):
        return False
    if rule.who and not GUARDS[rule.who](found, sentence, rules.words):
        return False
    return not is_allowed(rule, sentence, rules.words) and not is_mentioned(whole, number, found, rule, rules.words)


def _without_doubles(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings but those that overlap a longer or earlier one of the same category."""
    ends: dict[str, int] = {}
    for finding in sorted(findings, key=lambda one: (one.start, -one.end)):
        if finding.start >= ends.get(finding.category, 0):
            ends[finding.category] = finding.end
            yield finding
