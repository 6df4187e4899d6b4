"""Reading what stands below headings: expected headings, bullets, tags and help sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from eduprog.curriculum.text.document import Section
from eduprog.curriculum.text.places import Places

Line = tuple[int, str]

_BULLET = re.compile(r"[-*] +(.*)")
_NUMBERED = re.compile(r"[0-9]{1,2}\. +(.*)")
_TAG = re.compile(r"- ([a-z]+): *(.*)")


def by_heading(
    sections: Iterable[Section], titles: Mapping[str, bool], places: Places, *, inside: str, line: int, in_order: bool = True
) -> dict[str, Section]:
    """Return the sections by heading. `titles` are the known headings in order, true where one is required.

    Unknown, repeated, missing, empty and (where `in_order`) wrongly ordered headings are faults. `inside` names what
    holds them, `line` is where a missing one is reported.
    """
    found: dict[str, Section] = {}
    order = list(titles)
    highest = -1
    for section in sections:
        if section.title not in titles:
            known = ", ".join(f'"{title}"' for title in order)
            places.fault(section.line, f'"{section.title}" is not a heading of {inside}; known are {known}.')
        elif section.title in found:
            places.fault(section.line, f'The heading "{section.title}" stands twice in {inside}; keep one.')
        else:
            found[section.title] = section
            if in_order and order.index(section.title) < highest:
                places.fault(section.line, f'"{section.title}" must stand before "{order[highest]}" in {inside}.')
            highest = max(highest, order.index(section.title))
            if not section.text.strip() and not section.parts:
                places.fault(section.line, f'Nothing is written below "{section.title}"; write it or remove the heading.')
    for title, required in titles.items():
        if required and title not in found:
            places.fault(line, f'The heading "{title}" is missing in {inside}; add it.')
    return found


def no_parts(section: Section, places: Places) -> None:
    """Note a fault for every deeper heading in a section that has none."""
    for part in section.parts:
        places.fault(part.line, f'"{section.title}" has no ### headings; make "{part.title}" ordinary text.')


def bullets(section: Section, places: Places) -> list[Line]:
    """Return the bullets of a section with their lines; other text in it is a fault."""
    return _items(section, _BULLET, "bullets beginning with `- `", places)


def numbered(section: Section, places: Places) -> list[Line]:
    """Return the numbered steps of a section with their lines; other text in it is a fault."""
    return _items(section, _NUMBERED, "numbered steps beginning with `1. `", places)


def _items(section: Section, pattern: re.Pattern[str], form: str, places: Places) -> list[Line]:
    items: list[Line] = []
    for number, text in section.lines:
        begun = pattern.fullmatch(text)
        if begun:
            items.append((number, begun.group(1)))
        elif text.startswith("  ") and items:
            items[-1] = (items[-1][0], f"{items[-1][1]} {text.strip()}")
        elif text.strip():
            places.fault(number, f'"{section.title}" holds only {form}; continued lines are indented by two spaces.')
    return items


def tags(section: Section, known: Sequence[str], places: Places) -> dict[str, Line]:
    """Return the tag list directly below a heading, `- method: puppets` and so on, with its lines."""
    found: dict[str, Line] = {}
    for number, text in section.lines:
        if not text.strip():
            continue
        tag = _TAG.fullmatch(text)
        if tag is None:
            places.fault(number, "Only tags such as `- method: puppets` may stand between a ## and its first ### heading.")
        elif tag.group(1) not in known:
            places.fault(number, f'"{tag.group(1)}" is not a tag here; known are {", ".join(known)}.')
        elif tag.group(1) in found:
            places.fault(number, f'The tag "{tag.group(1)}" stands twice; keep one.')
        else:
            found[tag.group(1)] = (number, tag.group(2).strip())
    return found


def sources(section: Section) -> tuple[list[Line], str]:
    """Return the help sources named as `- source: childline`, with their lines, and the other text of the section."""
    named: list[Line] = []
    rest: list[str] = []
    for number, text in section.lines:
        tag = _TAG.fullmatch(text)
        if tag and tag.group(1) == "source":
            named.append((number, tag.group(2).strip()))
        else:
            rest.append(text)
    return named, "\n".join(rest).strip("\n")


def put_items(items: Sequence[Line], path: Sequence[str | int], places: Places) -> list[str]:
    """Return the texts of items and remember their lines below `path`."""
    for index, (number, _) in enumerate(items):
        places.put((*path, index), number)
    return [text for _, text in items]
