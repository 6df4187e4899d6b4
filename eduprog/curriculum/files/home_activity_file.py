"""Reading home-activity.md."""

from __future__ import annotations

from typing import Any

from eduprog.curriculum.files.validation import build
from eduprog.curriculum.schema import HomeActivity
from eduprog.curriculum.text.document import Document
from eduprog.curriculum.text.places import Places
from eduprog.curriculum.text.sections import by_heading, no_parts, numbered, put_items, sources

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
    return build(HomeActivity, document, body, places, around="home-activity.md")
