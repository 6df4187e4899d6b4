"""A lesson file taken apart: front matter as data, the body as headings with the text below them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from eduprog.curriculum.text.places import Places
from eduprog.curriculum.text.yaml import read_yaml

LARGEST_FILE = 200_000
_HEADING = re.compile(r"(#+)[ ]+(.*?)[ ]*#*[ ]*")
_ALMOST_HEADING = re.compile(r"#+[^#\s].*")
_RULE = re.compile(r" {0,3}(-{2,}|={2,}|(\*\s*){3,}|(_\s*){3,})\s*")
_MARKS = "-=*_ "
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]")
_UNWANTED = re.compile(rf"\t|{_CONTROL.pattern}")


@dataclass
class Section:
    """A heading, the lines directly below it (with their numbers) and the deeper headings it holds."""

    level: int
    title: str
    line: int
    lines: list[tuple[int, str]] = field(default_factory=list)
    parts: list[Section] = field(default_factory=list)

    @cached_property
    def text(self) -> str:
        """Return the Markdown below the heading, before any deeper heading; read only once all lines are there."""
        return "\n".join(text for _, text in self.lines).strip("\n")

    @property
    def text_line(self) -> int:
        """Return the line of the first text below the heading, else of the heading."""
        return next((number for number, text in self.lines if text.strip()), self.line)


@dataclass(frozen=True)
class Document:
    """A file's front matter (None if unreadable), the lines of its keys, and its second-level sections.

    The body begins on `body_line`.
    """

    front: dict[str, Any] | None
    key_lines: dict[str, int]
    sections: list[Section]
    body_line: int


def read_text(raw: bytes, places: Places) -> str | None:
    """Return the text of a file with line ends and stray characters mended, each fault noted; None if unreadable."""
    if len(raw) > LARGEST_FILE:
        places.fault(1, f"The file has {len(raw)} bytes; {LARGEST_FILE} are the most a lesson file may have.")
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        places.fault(raw.count(b"\n", 0, error.start) + 1, "A character here is not UTF-8; save the file as UTF-8.")
        return None
    text = text.replace("\r\n", "\n")
    for number, line in enumerate(text.split("\n"), start=1) if _UNWANTED.search(text) else ():
        if "\t" in line:
            places.fault(number, "A tab stands here; use spaces.")
        if _CONTROL.search(line):
            places.fault(number, "An invisible control character stands here; delete it and type the line again.")
    places.source = text
    return _CONTROL.sub(" ", text.replace("\t", "    "))


def read_document(text: str, places: Places) -> Document | None:
    """Return the parts of a lesson file, or None where it has no readable front matter. Faults go into `places`."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        places.fault(1, "The file must begin with a line --- and its front matter.")
        return None
    end = next((index for index, line in enumerate(lines[1:], start=1) if line.rstrip() == "---"), None)
    if end is None:
        places.fault(1, "The front matter is not closed; put a line --- after its last key.")
        return None
    front = read_yaml("\n".join(lines[1:end]) + "\n", places, first_line=2)
    if not isinstance(front, dict) and not places.faults:
        places.fault(2, "The front matter must be keys with values, such as `title: …`.")
    sections = _sections(lines[end + 1 :], end + 2, places)
    key_lines = {str(path[0]): line for path, line in places.lines.items() if len(path) == 1}
    return Document(front if isinstance(front, dict) else None, key_lines, sections, end + 2)


def _sections(lines: list[str], first_line: int, places: Places) -> list[Section]:
    root = Section(1, "", first_line)
    open_sections = [root]
    for number, line in enumerate(lines, start=first_line):
        heading = _HEADING.fullmatch(line) if line.startswith("#") else None
        if heading is None:
            if line.startswith("#") or (line and not line.strip(_MARKS)):
                _check_line(line, number, places)
            open_sections[-1].lines.append((number, line.rstrip()))
            continue
        level = _level(heading.group(1), number, places)
        section = Section(level, heading.group(2), number)
        while open_sections[-1].level >= level:
            open_sections.pop()
        if level == 3 and open_sections[-1].level != 2:
            places.fault(number, f'The heading "{section.title}" has ### but no ## heading above it.')
        open_sections[-1].parts.append(section)
        open_sections.append(section)
    if root.text.strip():
        places.fault(root.text_line, "Text stands before the first heading; move it below one.")
    return [section for section in root.parts if section.level == 2]


def _level(marks: str, number: int, places: Places) -> int:
    if len(marks) not in (2, 3):
        places.fault(number, f"A heading has {len(marks)} # marks; only ## and ### are used.")
    return 2 if len(marks) < 3 else 3


def _check_line(line: str, number: int, places: Places) -> None:
    if _ALMOST_HEADING.fullmatch(line):
        places.fault(number, "A heading needs a space after its # marks.")
    if _RULE.fullmatch(line):
        places.fault(number, "A line of dashes or other marks stands here; delete it, only headings divide a file.")
