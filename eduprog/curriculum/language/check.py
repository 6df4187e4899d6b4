"""Checking texts against the rules."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import chain

from eduprog.curriculum.language.context import Text, is_allowed, is_mentioned, is_set_aside, without_quotes
from eduprog.curriculum.language.guards import GUARDS
from eduprog.curriculum.language.sentences import Sentence, plain, sentences
from eduprog.curriculum.language.values import Audience, Finding, LanguageRules, Rule
from eduprog.curriculum.language.weighing import Weights

_IMPOSSIBLE_BELOW, _DOUBTFUL_FROM, _DOUBTFUL_THOUGH_UNDERSTOOD = 0.04, 0.45, 0.65
_WORD = re.compile(r"[A-Za-z]+")


def check_text(text: str, audience: Audience, rules: LanguageRules, *, weigh: bool = True) -> list[Finding]:
    """Return what should be worded otherwise, in the order of the text; places are characters of `text` as given.

    At most one finding of a category stands at one place; a text may be one sentence or a whole file body. With `weigh`, what
    no rule knows is reported sentence by sentence where words and ideas speak for harm, and a rule is not heeded where next to
    nothing does: right for a sentence somebody asks about, too eager for files with thousands of them.
    """
    plain_text = plain(text)
    whole = Text(plain_text, tuple(sentences(plain_text, rules.names_not)))
    findings: list[Finding] = []
    for number in range(len(whole.sentences)):
        findings += _in_sentence(whole, number, audience, rules, weigh=weigh)
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


def _in_sentence(whole: Text, number: int, audience: Audience, rules: LanguageRules, *, weigh: bool) -> list[Finding]:
    """Return what the rules find; else the sentence itself where it is weighed and found doubtful."""
    sentence = whole.sentences[number]
    findings: list[Finding] = []
    understood = False
    for rule, pattern in _called_for(sentence, rules):
        if audience not in rule.audiences:
            continue
        for found in pattern.finditer(sentence.text):
            if not found.group() or not _is_looked_for(rule, sentence, rules):
                continue
            if _harms(rule, found, whole, number, rules):
                start = sentence.start + found.start()
                findings.append(Finding(start, start + len(found.group()), rule.category, rule.reason, rule.better))
            else:
                understood = True
    if rules.weights is None or not weigh or is_set_aside(whole, number, rules.words):
        return findings
    return _weighed(findings, whole, number, rules, rules.weights, understood)


def _weighed(
    findings: list[Finding], whole: Text, number: int, rules: LanguageRules, weights: Weights, understood: bool
) -> list[Finding]:
    """Return the findings, none where they are all but impossible, or the sentence itself where it is doubtful enough.

    Where a rule knew the wording and read it as right (of the one who did harm, denied, quoted), more doubt is asked for.
    """
    text = without_quotes(whole, number, rules.words)
    doubt = weights.doubt(text)
    if findings:
        return findings if doubt >= _IMPOSSIBLE_BELOW else []
    if doubt < (_DOUBTFUL_THOUGH_UNDERSTOOD if understood else _DOUBTFUL_FROM):
        return []
    kind = weights.kind(text)
    sentence = whole.sentences[number]
    start = sentence.start + len(sentence.text) - len(sentence.text.lstrip())
    return [Finding(start, sentence.start + len(sentence.text.rstrip()), kind, **asdict(weights.advice[kind]))]


def _called_for(sentence: Sentence, rules: LanguageRules) -> list[tuple[Rule, re.Pattern[str]]]:
    """Return the wordings that a word of the sentence calls for, in their order; most sentences call for few."""
    numbers = set(rules.always)
    numbers.update(chain.from_iterable(map(rules.called_for, set(_WORD.findall(sentence.text.lower())))))
    return [rules.wordings[number] for number in sorted(numbers)]


def _is_looked_for(rule: Rule, sentence: Sentence, rules: LanguageRules) -> bool:
    """Tell whether a sentence holds what the rule also needs, and nothing that rules it out."""
    if rule.needs is not None and not rule.needs.search(sentence.text):
        return False
    return not (rule.unless is not None and rule.unless.search(sentence.text)) and not is_allowed(rule, sentence, rules.words)


def _harms(rule: Rule, found: re.Match[str], whole: Text, number: int, rules: LanguageRules) -> bool:
    """Tell whether the wording is used of the one whom it would harm, and not only spoken of."""
    if rule.who and not GUARDS[rule.who](found, whole.sentences[number], rules.words):
        return False
    return not is_mentioned(whole, number, found, rule, rules.words)


def _without_doubles(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings but those that overlap a longer or earlier one of the same category."""
    ends: dict[str, int] = {}
    for finding in sorted(findings, key=lambda one: (one.start, -one.end)):
        if finding.start >= ends.get(finding.category, 0):
            ends[finding.category] = finding.end
            yield finding
