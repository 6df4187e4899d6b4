"""The few places in lesson text that each school fills with its own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum


class Placeholder(StrEnum):
    """What a lesson may leave for the school to fill in, written {{school}} and so on."""

    SCHOOL = "school"
    DSL = "dsl"
    TRUSTED_ADULT_PLACE = "trusted_adult_place"
    QUESTION_BOX_READER = "question_box_reader"


# What a page shows where a school has not filled a placeholder in.
GENERIC = {
    Placeholder.SCHOOL: "our school",
    Placeholder.DSL: "the designated safeguarding lead",
    Placeholder.TRUSTED_ADULT_PLACE: "the school office",
    Placeholder.QUESTION_BOX_READER: "your teacher",
}
_KNOWN = frozenset(one.value for one in Placeholder)
_PLACEHOLDER = re.compile(r"\{\{ ?([A-Za-z_]*) ?\}\}")
_BRACES = re.compile(r"\{\{[^}\n]*\}?\}?|\}\}")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-!|<>~])")


def fill(text: str, values: Mapping[Placeholder, str]) -> str:
    """Return Markdown text with every placeholder filled in; one without a value gets its generic words.

    Values are plain text: whatever in them Markdown would read as markup is escaped, and line breaks become spaces.
    """
    return _PLACEHOLDER.sub(lambda found: _words(found, values), text)


def _words(found: re.Match[str], values: Mapping[Placeholder, str]) -> str:
    if found.group(1) not in _KNOWN:
        return found.group(0)
    placeholder = Placeholder(found.group(1))
    value = " ".join(values.get(placeholder, "").split())
    return _MARKDOWN.sub(r"\\\1", value) if value else GENERIC[placeholder]


def unknown_placeholders(text: str) -> Iterator[tuple[int, str]]:
    """Yield the position and wording of every pair of braces in a text that is not a known placeholder."""
    for braces in _BRACES.finditer(text):
        found = _PLACEHOLDER.fullmatch(braces.group(0))
        if found is None or found.group(1) not in _KNOWN:
            yield braces.start(), braces.group(0)
