"""The lines of an iCalendar file, unfolded, and the events they make. Tolerant: what is wrong is named with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_MOST_LINES = 200_000
_ESCAPES = {"\\n": "\n", "\\N": "\n", "\\,": ",", "\\;": ";", "\\\\": "\\"}


@dataclass(frozen=True, slots=True)
class ContentLine:
    """One property with its parameters, and the number of the line it begins on."""

    number: int
    name: str
    params: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        """Give the value with its escapes undone."""
        return re.sub(r"\\[nN,;\\]", lambda found: _ESCAPES[found[0]], self.value)


@dataclass(slots=True)
class Event:
    """One VEVENT: its properties by name, in the order of the file."""

    number: int
    line: int
    properties: dict[str, list[ContentLine]] = field(default_factory=dict)
    ended: bool = False

    @property
    def where(self) -> str:
        """Say where it stands, for people."""
        return f"event {self.number} (line {self.line})"

    def first(self, name: str) -> ContentLine | None:
        """Give the first property of that name, or None."""
        return self.properties.get(name, [None])[0]

    def said(self, name: str) -> str:
        """Give the text of a property, empty where it is missing."""
        found = self.first(name)
        return found.text.strip() if found else ""


@dataclass(slots=True)
class IcsFile:
    """The events of a file, and lines that are no properties."""

    events: list[Event] = field(default_factory=list)
    broken: list[tuple[int, str]] = field(default_factory=list)


def read_lines(text: str) -> IcsFile:
    """Find the events of a file. Timetables of time zones, alarms and to-do entries are passed over."""
    found = IcsFile()
    open_parts: list[str] = []
    event: Event | None = None
    for number, raw in _unfolded(re.split(r"\r\n|\r|\n", text)[:_MOST_LINES]):
        line = _content(number, raw)
        if line is None:
            found.broken.append((number, raw))
        elif line.name == "BEGIN":
            open_parts.append(line.value.strip().upper())
            if open_parts[-1] == "VEVENT":
                event = Event(len(found.events) + 1, number)
                found.events.append(event)
        elif line.name == "END":
            event = _ended(line, open_parts, event)
        elif event is not None and open_parts and open_parts[-1] == "VEVENT":
            event.properties.setdefault(line.name, []).append(line)
    return found


def _ended(line: ContentLine, open_parts: list[str], event: Event | None) -> Event | None:
    part = line.value.strip().upper()
    if part in open_parts:
        while open_parts.pop() != part:
            pass
    if part == "VEVENT" and event is not None:
        event.ended = True
        return None
    return event


def _unfolded(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    held: tuple[int, str] | None = None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if held and line[0] in " \t":
            held = (held[0], held[1] + line[1:])
            continue
        if held:
            yield held
        held = (number, line)
    if held:
        yield held


def _content(number: int, raw: str) -> ContentLine | None:
    head, colon, value = _split(raw)
    if not colon:
        return None
    name, *params = _outside_quotes(head, ";")
    pairs = (param.partition("=") for param in params)
    known = {key.strip().upper(): told.strip().strip('"') for key, _, told in pairs if key.strip()}
    return ContentLine(number, name.strip().upper(), known, value)


def _split(raw: str) -> tuple[str, str, str]:
    quoted = False
    for place, sign in enumerate(raw):
        if sign == '"':
            quoted = not quoted
        elif sign == ":" and not quoted:
            return raw[:place], ":", raw[place + 1 :]
    return raw.partition(":")


def _outside_quotes(text: str, separator: str) -> list[str]:
    return re.split(rf"{separator}(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", text)
