"""Reading `lessons/language.yaml`: word classes are put into the patterns, patterns are compiled, faults are all said at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from eduprog.curriculum.language.cues import cost, cues_of
from eduprog.curriculum.language.guards import ALLOWANCES, CLASSES_READ, GUARDS
from eduprog.curriculum.language.values import Audience, LanguageRules, Rule, Wording
from eduprog.curriculum.language.weighing import load_weights
from eduprog.curriculum.text.places import Places
from eduprog.curriculum.text.yaml import read_yaml

_CLASS = re.compile(r"(?<!\(\?P)(?<!\(\?)<([a-z_]+)>")
_SPACE = re.compile(r" ([?*])?")
_MUST = ("id", "category", "reason", "better", "patterns", "catches")
_MAY = ("needs", "unless", "who", "allows", "even_negated", "audiences", "passes")


class LanguageRulesFaulty(Exception):
    """Raised when the rules cannot be used; its text holds every fault, one a line."""


def load_rules(path: Path, *, weighing: bool = True) -> LanguageRules:
    """Read the message-check rules, with the learned weights unless `weighing` is false.

    Raises LanguageRulesFaulty with every fault, FileNotFoundError where there is no file.
    """
    raw = _read(path)
    faults: list[str] = []
    classes = {name: _alternatives(value) for name, value in raw["words"].items()}
    rules = [rule for entry in raw["rules"] if (rule := _rule(entry, classes, faults)) is not None]
    faults += [f"the rule id {name} stands more than once" for name in _repeated(rule.id for rule in rules)]
    words = {name: _compiled(f"<{name}>", classes, faults, f"word class {name}") for name in CLASSES_READ}
    if faults:
        raise LanguageRulesFaulty("\n".join(f"{path.name}: {fault}" for fault in faults))
    ready = {name: compiled for name, compiled in words.items() if compiled is not None}
    weights = load_weights() if weighing else None
    return replace(_ready(tuple(rules), ready, frozenset(raw.get("not_names", ()))), weights=weights)


def _read(path: Path) -> dict[str, Any]:
    places = Places(PurePosixPath(path.name))
    raw = read_yaml(path.read_text(encoding="utf-8"), places)
    if places.faults:
        raise LanguageRulesFaulty("\n".join(str(fault) for fault in places.faults))
    if not isinstance(raw, dict) or not isinstance(raw.get("rules"), list) or not isinstance(raw.get("words"), dict):
        raise LanguageRulesFaulty(f"{path.name}: the file needs `words` (a mapping) and `rules` (a list).")
    return raw


def _ready(rules: tuple[Rule, ...], words: Mapping[str, re.Pattern[str]], names_not: frozenset[str]) -> LanguageRules:
    tried_on: dict[str, list[int]] = {}
    wordings = [(rule, wording) for rule in rules for wording in rule.wordings]
    for number, (_, wording) in enumerate(wordings):
        for cue in sorted(wording.cues):
            tried_on.setdefault(cue, []).append(number)
    return LanguageRules(
        rules=rules,
        wordings=tuple((rule, wording.pattern) for rule, wording in wordings),
        words=words,
        names_not=names_not,
        tried_on={cue: tuple(numbers) for cue, numbers in tried_on.items()},
        always=tuple(number for number, (_, wording) in enumerate(wordings) if not wording.cues),
        longest_cue=max((len(cue) for cue in tried_on), default=0),
    )


def _repeated(names: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return sorted({name for name in names if name in seen or seen.add(name)})  # type: ignore[func-returns-value]  # `add` gives None on purpose


def _alternatives(value: Any) -> str:
    """Write a word class as one pattern."""
    return f"(?:{'|'.join(str(entry) for entry in value)})"


def _rule(entry: Any, classes: Mapping[str, str], faults: list[str]) -> Rule | None:
    if not isinstance(entry, dict) or not all(entry.get(key) for key in _MUST):
        faults.append(f"a rule lacks one of {', '.join(_MUST)}: {str(entry)[:80]}")
        return None
    name = str(entry["id"])
    faults += [f"rule {name}: unknown key {key}" for key in sorted(set(entry) - {*_MUST, *_MAY})]
    faults += [f"rule {name}: unknown guard {entry.get('who')}"] * (entry.get("who", "") not in {"", *GUARDS})
    faults += [f"rule {name}: unknown allowance {word}" for word in entry.get("allows", ()) if word not in ALLOWANCES]
    return Rule(
        id=name,
        category=str(entry["category"]),
        reason=str(entry["reason"]),
        better=str(entry["better"]),
        wordings=tuple(_wordings(entry, classes, faults)),
        needs=_compiled(entry["needs"], classes, faults, f"rule {name}, needs", end="") if entry.get("needs") else None,
        unless=_compiled(entry["unless"], classes, faults, f"rule {name}, unless") if entry.get("unless") else None,
        who=str(entry.get("who", "")),
        allows=frozenset(entry.get("allows", ())),
        even_negated=entry.get("even_negated") is True,
        audiences=frozenset(Audience(word) for word in entry.get("audiences", tuple(Audience))),
        catches=tuple(entry["catches"]),
        passes=tuple(entry.get("passes", ())),
    )


def _wordings(entry: Mapping[str, Any], classes: Mapping[str, str], faults: list[str]) -> Iterator[Wording]:
    """Yield each pattern with the words that call for it: its own, or those of what the sentence needs where they are rarer."""
    needed = cues_of(str(entry.get("needs", "")), classes)
    for body in map(str, entry["patterns"]):
        pattern = _compiled(body, classes, faults, f"rule {entry['id']}")
        if pattern is not None:
            yield Wording(
                pattern, min((cues for cues in (cues_of(body, classes), needed) if cues), key=cost, default=frozenset())
            )


def _compiled(
    body: str, classes: Mapping[str, str], faults: list[str], where: str, end: str = r"(?!\w)"
) -> re.Pattern[str] | None:
    """Put the word classes into a pattern (classes may name classes) and compile it; a space stands for one or more.

    A pattern begins and ends at the edges of words; `end` empty lets it end within one, so that `threat` finds `threatened`.
    """
    expanded = str(body)
    for _ in range(8):
        expanded, changes = _CLASS.subn(lambda found: classes.get(found.group(1), "(?!)<missing>"), expanded)
        if not changes:
            break
    unknown = sorted({name for name in _CLASS.findall(str(body)) if name not in classes})
    if unknown or "<missing>" in expanded:
        faults.append(f"{where}: unknown word class {', '.join(unknown) or '(inside another class)'}")
        return None
    spaced = _SPACE.sub(lambda found: " *" if found.group(1) else " +", expanded)
    try:
        return re.compile(rf"(?<!\w)(?:{spaced}){end}")
    except re.error as error:
        faults.append(f"{where}: {error}")
        return None
