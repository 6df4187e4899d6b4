"""Checks of wording: HTML, links, placeholders, names of products, and language that blames, frightens or forbids."""

from __future__ import annotations

import re
from itertools import chain

from eduprog.curriculum.checks.context import Context
from eduprog.curriculum.checks.reading_level import passages_of
from eduprog.curriculum.language.values import Audience
from eduprog.curriculum.passages import Passage
from eduprog.curriculum.placeholders import Placeholder, unknown_placeholders
from eduprog.curriculum.reading import ModuleFiles
from eduprog.curriculum.text.places import Places

_HTML = re.compile(r"<[A-Za-z/!?][^>\n]*>?")
_ENTITY = re.compile(r"&[A-Za-z#][A-Za-z0-9]*;")
# Each begins with a rare character, so that a search over a whole file costs next to nothing.
_LINKS = (
    re.compile(r"https?:"),
    re.compile(r"www\."),
    re.compile(r"\]\("),
    re.compile(r"\.(?:com|org|net|io|tv|uk|gov|eu|me)\b(?=\W)"),
)
_PORNOGRAPHY = re.compile(r"\bporn", re.IGNORECASE)


def check_lines(places: Places) -> None:
    """Note HTML, links and unknown placeholders wherever they stand in a file."""
    source = places.source
    known = ", ".join("{{" + one + "}}" for one in Placeholder)
    for found in chain(_HTML.finditer(source), _ENTITY.finditer(source)):
        _note(found.start(), f'"{found.group(0)}" is HTML; lessons hold none, write plain Markdown.', places)
    for found in chain.from_iterable(link.finditer(source) for link in _LINKS):
        _note(found.start(), f'"{found.group(0)}" looks like a link; lessons hold none, name a help source instead.', places)
    for start, braces in unknown_placeholders(source):
        _note(start, f'"{braces}" is no placeholder; known are {known}.', places)


def _note(start: int, sentence: str, places: Places) -> None:
    places.fault(places.source.count("\n", 0, start) + 1, sentence)


def check_wording(files: ModuleFiles, context: Context) -> None:
    """Note product names, the word pornography in primary, and what the language check finds, where each stands."""
    if files.head.value is None:
        return
    primary = files.head.value.stage.is_primary
    names = _names(context)
    for places, passages in passages_of(files):
        for passage in passages:
            if passage.audience is not Audience.STAFF:
                _check_names(passage, places, names)
            if primary and passage.audience is not Audience.STAFF and _PORNOGRAPHY.search(passage.text):
                line = line_in(passage, _first(_PORNOGRAPHY, passage.text), places)
                places.fault(line, "Primary pupil and parent text never names pornography; say what a child needs without it.")


def _check_names(passage: Passage, places: Places, names: re.Pattern[str]) -> None:
    for found in names.finditer(passage.text):
        line = line_in(passage, found.start(), places)
        places.fault(line, f'"{found.group(0)}" is the name of a product or person; say "an app", "a game" or the like.')


def _names(context: Context) -> re.Pattern[str]:
    names = context.vocabulary.names_never_used if context.vocabulary else ()
    return re.compile(rf"\b(?:{'|'.join(re.escape(name) for name in names) or '(?!)'})\b")


def _first(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return found.start() if found else 0


def line_in(passage: Passage, start: int, places: Places) -> int:
    """Return the line of the file on which position `start` of a passage stands."""
    return places.line(*passage.path) + passage.text.count("\n", 0, start)
