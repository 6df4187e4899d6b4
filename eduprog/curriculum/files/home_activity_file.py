"""Reading home-activity.md."""

from __future__ import annotations

from typing import Any, TypeVar

from eduprog.curriculum.files.validation import build
from eduprog.curriculum.schema import HomeActivity, TranslatedHomeActivity, TranslationState
from eduprog.curriculum.text.document import Document
from eduprog.curriculum.text.places import Places
from eduprog.curriculum.text.sections import by_heading, no_parts, numbered, put_items, sources

H = TypeVar("H", bound=HomeActivity)
_FIELDS = {
    "What we did": "what_we_did",
    "One thing to do together": "together",
    "One question to ask": "question",
    "A phrase to avoid": "avoid",
    "Say this instead": "instead",
    "If your child tells you something": "if_told",
    "Where to get help": "help_sources",
}


def read_home_activity(document: Document, places: Places) -> HomeActivity | None:
    """Return what home-activity.md says, or None where its faults leave nothing to use."""
    return _read(HomeActivity, document, places)


def read_home_translation(document: Document, places: Places) -> TranslatedHomeActivity | None:
    """Return what a translation such as home-activity.pl.md says; its headings stay English, as those of every file."""
    read = _read(TranslatedHomeActivity, document, places)
    if read is not None and f"home-activity.{read.language}.md" != places.file.name:
        places.fault(1, f'The language is "{read.language}", so this file must be called home-activity.{read.language}.md.')
    if read is not None and (read.state is TranslationState.REVIEWED) != (read.reviewed_by is not None):
        places.fault(1, 'A translation has "reviewed_by" if its state is "reviewed", and only then.')
    return read


def _read(model: type[H], document: Document, places: Places) -> H | None:
    titles = dict.fromkeys(_FIELDS, True)
    found = by_heading(document.sections, titles, places, inside="home-activity.md", line=document.body_line)
    body: dict[str, Any] = {}
    for title, section in found.items():
        field = _FIELDS[title]
        no_parts(section, places)
        places.put((field,), section.text_line)
        if field == "together":
            body[field] = put_items(numbered(section, places), (field,), places)
        elif field == "help_sources":
            named, rest = sources(section)
            body[field] = put_items(named, (field,), places)
            if rest:
                places.fault(section.text_line, "Only help sources, `- source: nspcc-helpline`, stand below this heading.")
        else:
            body[field] = section.text
    return build(model, document, body, places, around="home-activity.md")
