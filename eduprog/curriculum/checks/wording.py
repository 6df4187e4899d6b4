"""Checks of wording: HTML, links, placeholders, names of products, and language that blames, frightens or forbids."""

from __future__ import annotations

import re
from collections.abc import Iterable

from eduprog.curriculum.checks.context import Context
from eduprog.curriculum.checks.reading_level import passages_of
from eduprog.curriculum.language.values import Audience
from eduprog.curriculum.passages import Passage
from eduprog.curriculum.placeholders import Placeholder, unknown_placeholders
from eduprog.curriculum.reading import ModuleFiles
from eduprog.curriculum.text.places import Places

_HTML = re.compile(r"<[A-Za-z/!?][^>\n]*>?")
_ENTITY = re.compile(r"&[A-Za-z#][A-Za-z0-9]*;")
_LINK = re.compile(r"https?:|www\.|\]\(|\b[a-z0-9-]+\.(?:com|org|net|io|tv|uk|gov|eu|me)\b", re.IGNORECASE)
_PORNOGRAPHY = re.compile(r"\bporn", re.IGNORECASE)


def check_lines(places: Places) -> None:
    """Note HTML, links and unknown placeholders, line by line."""
    known = ", ".join("{{" + one + "}}" for one in Placeholder)
    for number, line in enumerate(places.source.split("\n"), start=1):
        html = _HTML.search(line) or _ENTITY.search(line)
        if html:
            places.fault(number, f'"{html.group(0)}" is HTML; lessons hold none, write plain Markdown.')
        link = _LINK.search(line)
        if link:
            places.fault(number, f'"{link.group(0)}" looks like a link; lessons hold none, name a help source instead.')
        for _, braces in unknown_placeholders(line):
            places.fault(number, f'"{braces}" is no placeholder; known are {known}.')


def check_wording(files: ModuleFiles, context: Context) -> None:
    """Note product names, the word pornography in primary, and what the language check finds, where each stands."""
    if files.head.value is None:
        return
    primary = files.head.value.stage.is_primary
    for places, passages in passages_of(files):
        for passage in passages:
            if passage.audience is not Audience.STAFF:
                _check_names(passage, places, context)
            if primary and passage.audience is not Audience.STAFF and _PORNOGRAPHY.search(passage.text):
                line = line_in(passage, _first(_PORNOGRAPHY, passage.text), places)
                places.fault(line, "Primary pupil and parent text never names pornography; say what a child needs without it.")


def _check_names(passage: Passage, places: Places, context: Context) -> None:
    for name in _names(context):
        for found in re.finditer(rf"\b{re.escape(name)}\b", passage.text):
            line = line_in(passage, found.start(), places)
            places.fault(line, f'"{name}" is the name of a product or person; say "an app", "a game" or the like.')


def _names(context: Context) -> Iterable[str]:
    return context.vocabulary.names_never_used if context.vocabulary else ()


def _first(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return found.start() if found else 0


def line_in(passage: Passage, start: int, places: Places) -> int:
    """Return the line of the file on which position `start` of a passage stands."""
    return places.line(*passage.path) + passage.text.count("\n", 0, start)
