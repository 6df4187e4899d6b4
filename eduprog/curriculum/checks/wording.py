"""Checks of wording: HTML, links, placeholders, names of products, and language that blames, frightens or forbids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain

from eduprog.curriculum.checks.context import Context
from eduprog.curriculum.checks.readable import ReadableFile
from eduprog.curriculum.language import Asked, Audience, Finding
from eduprog.curriculum.passages import Passage
from eduprog.curriculum.placeholders import Placeholder, unknown_placeholders
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
# What a pupil may say and the teacher then mends; a card that is nothing but a quotation, for pupils to judge.
_TO_MEND = re.compile(r"To mend: (?:“[^”]*”|\"[^\"\n]*\")")
_CLAIM = re.compile(r"“[^”]*”|\"[^\"]*\"")
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


def check_names(file: ReadableFile, context: Context) -> None:
    """Note names of products, and the word pornography in primary, in what pupils and parents read."""
    names = _names(context)
    for passage in file.passages:
        if passage.audience is Audience.STAFF:
            continue
        _check_names(passage, file.places, names)
        primary = passage.stage.is_primary if passage.stage else file.is_primary
        for found in _PORNOGRAPHY.finditer(passage.text) if primary else ():
            line = line_in(passage, found.start(), file.places)
            sentence = "Primary pupil and parent text never names pornography; say what a child needs without it."
            file.places.fault(line, sentence)


def asked_of(files: Iterable[ReadableFile]) -> Iterator[Asked]:
    """Yield what the language rules are asked about: each passage with its reader."""
    return ((without_mentions(passage), passage.audience) for file in files for passage in file.passages)


def check_language(file: ReadableFile, found: Mapping[Asked, Sequence[Finding]]) -> None:
    """Note wording that blames, frightens, forbids or excuses, except what a file keeps with a reason."""
    for index, wording in enumerate(file.keeps):
        if not any(wording.words in passage.text for passage in file.passages):
            file.places.fault_at(("keeps", index), f'"{wording.words}" stands nowhere in this file; take it out of keeps.')
    for passage in file.passages:
        _check_passage(passage, [wording.words for wording in file.keeps], file.places, found)


def _check_passage(passage: Passage, kept: Sequence[str], places: Places, found: Mapping[Asked, Sequence[Finding]]) -> None:
    for finding in found.get((without_mentions(passage), passage.audience), ()):
        if _is_kept(passage.text, finding, kept):
            continue
        words = passage.text[finding.start : finding.end]
        sentence = f'"{words}" ({finding.category}): {finding.reason} Better: {finding.better}'
        places.fault(line_in(passage, finding.start, places), sentence)


def _is_kept(text: str, finding: Finding, kept: Sequence[str]) -> bool:
    spans = [found.span() for words in kept for found in re.finditer(re.escape(words), text)]
    return any(start < finding.end and finding.start < end for start, end in spans)


def without_mentions(passage: Passage) -> str:
    """Return the text with what is said only to be mended or judged blanked out, every other character in its place."""
    if "handouts" in passage.path and _CLAIM.fullmatch(passage.text):
        return ""
    return _TO_MEND.sub(lambda found: " " * len(found.group(0)), passage.text)


def _check_names(passage: Passage, places: Places, names: re.Pattern[str]) -> None:
    for found in names.finditer(passage.text):
        line = line_in(passage, found.start(), places)
        places.fault(line, f'"{found.group(0)}" is the name of a product or person; say "an app", "a game" or the like.')


def _names(context: Context) -> re.Pattern[str]:
    return _any_of(context.vocabulary.names_never_used if context.vocabulary else ())


@cache
def _any_of(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(re.escape(name) for name in names) or '(?!)'})\b")


def line_in(passage: Passage, start: int, places: Places) -> int:
    """Return the line of the file on which position `start` of a passage stands."""
    return places.line(*passage.path) + passage.text.count("\n", 0, start)
