"""YAML 1.2 for lesson files: plain data with line numbers, every duplicate key found, no tags, anchors or second documents.

Only the parser events come from PyYAML (libyaml, twenty times faster than a parser in Python and needed for the time in which
the lessons must load). None of its YAML 1.1 readings are used: what a plain scalar means is decided here, by the core schema
of YAML 1.2, so `no` stays text, `true` is a truth value and `012` is the number 12.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from eduprog.curriculum.text.places import Path, Places

Plain = None | bool | int | float | str | list[Any] | dict[str, Any]

DEEPEST_NESTING = 12
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


class _TooDeep(Exception):
    """Raised when collections are nested deeper than any lesson needs."""


def read_yaml(text: str, places: Places, *, first_line: int = 1) -> Plain:
    """Return the data of one YAML document and note the line of every value in `places`.

    `first_line` is the line of the file on which `text` begins. Faults go into `places`; after a fault that stops the
    parser the result is None.
    """
    try:
        return _Composer(text, places, first_line).document()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        places.fault(first_line + int(getattr(mark, "line", 0)), _explain(error))
    except YAMLError:
        places.fault(first_line, "This is not YAML text; save the file as UTF-8 without control characters.")
    except _TooDeep:
        places.fault(first_line, f"Lists stand inside lists more than {DEEPEST_NESTING} deep; flatten them.")
    return None


class _Composer:
    """Builds plain data out of parser events; runs for every value of every file, hence its short ways."""

    def __init__(self, text: str, places: Places, first_line: int) -> None:
        # The parser answers None after the end of the stream.
        self._events: Iterator[Event] = iter(_LOADER(text).get_event, None)
        self._places = places
        self._first_line = first_line

    def document(self) -> Plain:
        value: Plain = None
        seen = False
        for event in self._events:
            if isinstance(event, StreamEndEvent):
                break
            if isinstance(event, DocumentStartEvent):
                if seen:
                    self._places.fault(self._line(event), "A second YAML document begins here; a file holds only one.")
                    break
                seen = True
                root = next(self._events)
                self._places.lines[()] = self._line(root)
                value = self._node(root, ())
        return value

    def _node(self, event: Any, path: Path) -> Plain:
        """Return the value that begins with an event; the caller has noted its line."""
        if event.anchor or type(event) is AliasEvent:
            self._places.fault(self._line(event), "Anchors and aliases (& and *) are not used; write the text out.")
        if type(event) is AliasEvent:
            return None
        if event.tag:
            self._places.fault(self._line(event), "Tags (beginning with !) are not used; remove it.")
        if type(event) is ScalarEvent:
            return _scalar(event)
        if len(path) > DEEPEST_NESTING:
            raise _TooDeep
        return self._sequence(path) if type(event) is SequenceStartEvent else self._mapping(path)

    def _sequence(self, path: Path) -> list[Any]:
        items: list[Any] = []
        lines = self._places.lines
        for event in self._events:
            if type(event) is SequenceEndEvent:
                break
            here = (*path, len(items))
            lines[here] = self._line(event)
            items.append(self._node(event, here))
        return items

    def _mapping(self, path: Path) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        lines = self._places.lines
        for event in self._events:
            if type(event) is MappingEndEvent:
                break
            key = self._key(event, path)
            here = (*path, key)
            if key in mapping:
                sentence = f'The key "{key}" stands here a second time (first on line {lines[here]}); keep one.'
                self._places.fault(self._line(event), sentence)
                self._node(next(self._events), here)
                continue
            lines[here] = self._line(event)
            mapping[key] = self._node(next(self._events), here)
        return mapping

    def _key(self, event: Event, path: Path) -> str:
        if type(event) is ScalarEvent:
            return str(event.value)
        self._places.fault(self._line(event), "A key must be a plain word; write text with { or [ in quotation marks.")
        self._node(event, (*path, "?"))
        return f"?{self._line(event)}"

    def _line(self, event: Event) -> int:
        return self._first_line + int(event.start_mark.line)  # type: ignore[union-attr]  # parsers always give marks


def _scalar(event: ScalarEvent) -> Plain:
    text = str(event.value)
    if event.style not in (None, ""):
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        return float(text)
    return text


_EXPLANATIONS = (
    ("mapping values are not allowed", "A colon stands inside unquoted text; put the text in quotation marks or after >-."),
    ("cannot start any token", "Text may not begin with this character; put the whole text in quotation marks."),
    ("could not find expected ':'", "A key without a colon stands here; write `key: value` and indent continued text."),
    ("did not find expected key", "The indentation does not fit the lines above; line the key up with its neighbours."),
    ("while parsing a block collection", "The indentation does not fit the list above; line the dashes up."),
    ("did not find expected ',' or", "A list or map in brackets is not closed or lacks a comma; end it with ] or }."),
    ("found unexpected end of stream", "A quotation mark is opened and never closed; close it."),
    ("found unknown escape", "A backslash stands in double quotation marks; use single ones or leave it out."),
    ("found undefined alias", "Text may not begin with *; put it in quotation marks."),
)  # fmt: skip


def _explain(error: MarkedYAMLError) -> str:
    problem = f"{error.context or ''} {error.problem or ''}"
    for symptom, sentence in _EXPLANATIONS:
        if symptom in problem:
            return sentence
    return f"The YAML cannot be read here ({error.problem}); check colons, quotation marks and indentation."
