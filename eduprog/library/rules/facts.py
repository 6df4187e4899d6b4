"""The facts at the top of a file of a module (its YAML) as fields of a form, and put back where they stood.

Nobody has to write YAML: every fact is a field with a label, a closed list is a choice, a list has a line for each. Of what there
are several (stories, questions, handouts) one is removed by emptying it, and a new one is written into the empty one at the end.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

Choices = Mapping[str, Sequence[tuple[str, str]]]

_OURS = frozenset(
    {"id", "slug", "stage", "module", "lesson", "revision", "status", "replaced_by", "keeps", "kind", "of_revision"}
)
"""What eduprog gives: a person does not change it, and it is not shown."""
_LABELS = {
    "years": "Year groups", "outcome": "What pupils can do afterwards", "pupil_outcome": "The same in pupils’ words",
    "statements": "Statements of the guidance, one a line", "messages": "Messages of the programme", "gates": "Before teaching",
    "evidence.tag": "How far it was tested", "evidence.rows": "Rows of the evidence table, one a line",
    "evidence.note": "What it rests on", "builds_on": "Modules it builds on, one a line",
    "leads_to": "Modules it leads to, one a line", "ask": "Question", "need": "Bring, one thing a line",
    "splits": "May stop after step (numbers, one a line)", "offline": "In person", "online": "Online",
    "people.tags": "Who they are and what they do, one word a line", "use": "How it is used", "items": "Cards, one a line",
    "columns": "Headings to sort under, one a line", "column": "Belongs under heading (number)", "prompts": "Prompts, one a line",
    "lines": "Lines, one a line", "options": "Answers to choose from, one a line", "answer": "Answer",
    "check_pair.answer": "Right answer (its number)", "measures": "It shows", "subject_line": "Subject of the email",
    "sex_education": "Is it sex education?", "dated": "Written on (such as 2026-11-22)", "nation": "Where it applies",
}  # fmt: skip
_ONE = {
    "check_pair": "Question of the two-minute check", "scenarios": "Story", "people": "person",
    "exit_check": "Question at the end", "handouts": "Handout", "items": "card", "law": "What the law says",
}  # fmt: skip
_EMPTY: dict[str, dict[str, Any]] = {
    "check_pair": {"id": "", "ask": "", "options": [], "answer": 1, "measures": "knowledge"},
    "people": {"name": "", "tags": []},
    "scenarios": {"id": "", "title": "", "people": [{"name": "", "tags": []}], "offline": "", "online": "", "ask": ""},
    "exit_check": {"ask": "", "answer": ""},
    "handouts": {"id": "", "kind": "cards", "title": "", "use": "", "items": []},
    "items": {"text": "", "column": 1},
    "law": {"nation": "", "text": "", "reviewed_by": "to be reviewed", "dated": ""},
}
_PRESET = frozenset({"answer", "measures", "column", "reviewed_by"})
"""Fields of an empty one that hold something from the start, and so do not count as written in."""
_LONG_ONES = frozenset({"offline", "online", "text", "outcome", "pupil_outcome", "note"})
_LONG = 70


class FieldKind(StrEnum):
    """How a fact is asked for."""

    LINE = "line"
    TEXT = "text"
    LINES = "lines"
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"


@dataclass(frozen=True)
class Fact:
    """A field: where it stands in the file, its label, how it is asked for and what it holds, as texts."""

    path: str
    label: str
    kind: FieldKind
    values: tuple[str, ...]
    options: Sequence[tuple[str, str]] = ()

    @property
    def text(self) -> str:
        """Give what a text field shows."""
        return "\n".join(self.values)


@dataclass(frozen=True)
class FactGroup:
    """Fields that belong together: those of the file itself (no title), of a story, of a question. `is_new` is an empty one."""

    title: str
    facts: list[Fact] = field(default_factory=list)
    is_new: bool = False


def fact_groups(head: str, choices: Choices) -> list[FactGroup] | None:
    """Give the facts of a file as groups of fields; `head` has its two lines of dashes. None for one that cannot be read."""
    data = _read_before(head)
    if data is None:
        return None
    groups: list[FactGroup] = []
    _walk(data, "", "", choices, groups, is_new=False)
    return groups


def with_facts(head: str, sent: Mapping[str, Sequence[str]], choices: Choices) -> str:
    """Give the head of a file with the facts that were sent; it stays byte for byte where none of them is different."""
    data = _read(head)
    groups = fact_groups(head, choices)
    if data is None or groups is None:
        return head
    changed = False
    for group in groups:
        given = {fact.path: _cleaned(fact, sent[fact.path]) for fact in group.facts if fact.path in sent}
        if group.is_new and not any(value for path, value in given.items() if path.rpartition(".")[2] not in _PRESET):
            continue
        for fact in group.facts:
            if fact.path in given and (group.is_new or given[fact.path] != fact.values):
                changed |= _put(data, fact.path.split("."), given[fact.path])
    if not changed:
        return head
    _tidy(data)
    return _written(data)


def _read(head: str) -> Any:
    """Give the facts as they stand, or None where they are no YAML of the shape a file has."""
    inside = head.strip("\n").removeprefix("---").removesuffix("---")
    try:
        data = _yaml().load(inside)
    except (YAMLError, ValueError):
        return None
    return data if isinstance(data, dict) else None


_read_before = lru_cache(maxsize=128)(_read)
"""The facts of a head looked at before, never to be changed: whoever writes a module looks at the same files after each save."""


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 120
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _written(data: Any) -> str:
    held = io.StringIO()
    _yaml().dump(data, held)
    return f"---\n{held.getvalue().strip()}\n---"


def _walk(data: Mapping[str, Any], prefix: str, title: str, choices: Choices, groups: list[FactGroup], *, is_new: bool) -> None:
    own = FactGroup(title, [], is_new)
    groups.append(own)
    several: list[tuple[str, list[Any]]] = []
    for key, value in [*data.items(), *_absent(data, prefix)]:
        if key in _OURS:
            continue
        if isinstance(value, dict):
            own.facts.extend(_fact(f"{prefix}{key}.{inner}", f"{key}.{inner}", held, choices) for inner, held in value.items())
        elif _is_of_several(key, value):
            several.append((key, value))
        else:
            own.facts.append(_fact(f"{prefix}{key}", key, value, choices))
    for key, value in several:
        name = f"{title}, {_ONE[key]}" if title else _ONE[key]
        for number, item in enumerate(value):
            called = f"{name} {number + 1}" + (f" ({item['id']})" if item.get("id") else "")
            _walk(item, f"{prefix}{key}.{number}.", called, choices, groups, is_new=is_new)
        if not is_new:
            _walk(deepcopy(_EMPTY[key]), f"{prefix}{key}.{len(value)}.", f"{name}: one more", choices, groups, is_new=True)


def _absent(data: Mapping[str, Any], prefix: str) -> list[tuple[str, list[Any]]]:
    """Give what a file may have and this one has not yet: only a lesson's handouts."""
    return [("handouts", [])] if not prefix and "lesson" in data and "handouts" not in data else []


def _is_of_several(key: str, value: Any) -> bool:
    if not isinstance(value, list) or key not in _EMPTY:
        return False
    return all(isinstance(one, dict) for one in value) if value else key != "items"


def _fact(path: str, key: str, value: Any, choices: Choices) -> Fact:
    place = [part for part in path.split(".") if not part.isdigit()]
    named = ".".join(place[-2:])
    last = place[-1]
    label = _LABELS.get(named) or _LABELS.get(last) or last.replace("_", " ").capitalize()
    options = choices.get(named) or choices.get(last) or ()
    return Fact(path, label, _kind(last, value, options), _texts(value), options)


def _kind(key: str, value: Any, options: Sequence[tuple[str, str]]) -> FieldKind:
    if isinstance(value, list):
        return FieldKind.CHOICES if options else FieldKind.LINES
    if options:
        return FieldKind.CHOICE
    if isinstance(value, bool):
        return FieldKind.YES_NO
    if isinstance(value, int):
        return FieldKind.NUMBER
    return FieldKind.TEXT if key in _LONG_ONES or len(str(value or "")) > _LONG else FieldKind.LINE


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(_text(one) for one in value)
    return (_text(value),) if _text(value) else ()


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else " ".join(str(value).split())


def _cleaned(fact: Fact, sent: Sequence[str]) -> tuple[str, ...]:
    """Give what was sent as the texts it stands for: a list one a line, anything else on one line; nothing empty."""
    lines = [line for text in sent for line in text.splitlines()] if fact.kind is FieldKind.LINES else list(sent)
    cleaned = tuple(" ".join(line.split()) for line in lines)
    return tuple(line for line in cleaned if line)


def _put(data: Any, path: list[str], texts: tuple[str, ...]) -> bool:
    """Put a value where a path leads, making what it goes through; says that something changed."""
    node = data
    for at, key in enumerate(path[:-1]):
        if isinstance(node, list):
            while len(node) <= int(key):
                node.append(deepcopy(_EMPTY[path[at - 1]]))
            node = node[int(key)]
        else:
            node = node.setdefault(key, [])
    node[path[-1]] = _value(node.get(path[-1]), texts)
    return True


def _value(before: Any, texts: tuple[str, ...]) -> Any:
    if isinstance(before, list):
        made = deepcopy(before)
        made[:] = [_scalar(before[0] if before else None, text) for text in texts]
        return made
    return _scalar(before, texts[0] if texts else "")


def _scalar(before: Any, text: str) -> Any:
    """Give a text as what stood there before: a number, yes or no, a day; else as text, for the checker to judge."""
    if isinstance(before, bool):
        return text == "yes"
    if isinstance(before, int) or (before is None and text.isdigit()):
        return int(text) if text.isdigit() else text
    if isinstance(before, date) or re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text


def _tidy(node: Any, key: str = "") -> None:
    """Take out what was emptied, and name what is new."""
    if isinstance(node, dict):
        for name, value in node.items():
            _tidy(value, name)
    elif isinstance(node, list) and key in _EMPTY:
        node[:] = [one for one in node if not isinstance(one, dict) or _is_written(one)]
        for number, one in enumerate(node, start=1):
            _tidy(one)
            if isinstance(one, dict) and one.get("id") == "":
                one["id"] = _id_for(one, number, [other.get("id") for other in node])


def _is_written(one: Mapping[str, Any]) -> bool:
    """Say whether anything of a thing is written: not only what it holds from the start."""
    held = [value for key, value in one.items() if key not in _OURS | _PRESET]
    return any(_is_written_list(value) if isinstance(value, list) else _text(value) for value in held)


def _is_written_list(value: list[Any]) -> bool:
    return any(_is_written(one) if isinstance(one, dict) else _text(one) for one in value)


def _id_for(one: Mapping[str, Any], number: int, taken: Sequence[Any]) -> str:
    words = re.findall(r"[a-z0-9]+", str(one.get("title") or one.get("ask") or "").lower())[:4]
    start = "-".join(words) or f"part-{number}"
    return next(made for made in (start, *(f"{start}-{n}" for n in range(2, 99))) if made not in taken)
