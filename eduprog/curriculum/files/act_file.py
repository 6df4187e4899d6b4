"""Reading lessons/acts/*.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from eduprog.curriculum.files.lesson_file import TIMED_HEADING
from eduprog.curriculum.files.validation import build
from eduprog.curriculum.schema.acts import Act
from eduprog.curriculum.text.document import Document, Section
from eduprog.curriculum.text.places import Places
from eduprog.curriculum.text.sections import bullets, by_heading, no_parts, numbered, put_items, sources
from eduprog.curriculum.vocabulary import ActForm, ActKind

SESSION_HEADINGS = {
    "In one minute": True,
    "Before you start": True,
    "Words to use": False,
    "If someone tells you something": True,
    "Where to get help": False,
    "Afterwards": True,
}
KIT_HEADINGS = {
    "In one minute": True,
    "Before you start": True,
    "Step by step": True,
    "Words to use": True,
    "If someone tells you something": True,
    "Where to get help": False,
    "How you know it is done": True,
}
HELP_HEADINGS = {
    "Happened to me": True,
    "Happened to a friend": True,
    "Something I did": True,
    "People in school": True,
    "Someone to ring or write to": True,
    "What happens next": True,
    "Not your fault": True,
}
_TEXTS = {
    "In one minute": "in_one_minute",
    "Words to use": "words_to_use",
    "If someone tells you something": "if_told",
}
_BULLETS = {"Before you start": "before", "Afterwards": "afterwards", "How you know it is done": "afterwards"}
_DOORS = {"Happened to me": "happened_to_me", "Happened to a friend": "a_friend", "Something I did": "something_i_did"}
_CARD_TEXTS = {"People in school": "people", "What happens next": "what_happens_next", "Not your fault": "not_your_fault"}
_PART_HEADINGS = {"Do": True, "Say": True, "On the board": False, "Listen for": False, "If it goes quiet": False}
_PART_FIELDS = {
    "Do": "do",
    "Say": "say",
    "On the board": "board",
    "Listen for": "listen_for",
    "If it goes quiet": "if_quiet",
}


def read_act(document: Document, places: Places) -> Act | None:
    """Return what a file of an act says, or None where its faults leave nothing to use."""
    kind = (document.front or {}).get("kind")
    readers: dict[ActForm, Callable[[Document, Places], dict[str, Any]]] = {
        ActForm.SESSION: _session,
        ActForm.KIT: _kit,
        ActForm.HELP: _help,
    }
    known = next((one for one in ActKind if one.value == kind), None)
    body = readers[known.form](document, places) if known else {}
    act = build(Act, document, body, places, around="the act")
    return act if known else None


def _session(document: Document, places: Places) -> dict[str, Any]:
    timed = [section for section in document.sections if TIMED_HEADING.fullmatch(section.title)]
    if not timed:
        places.fault(document.body_line, "The session has no timed parts; write them as `## Title · 5 min`.")
    others = [section for section in document.sections if section not in timed]
    body = _untimed(others, SESSION_HEADINGS, document, places)
    body["parts"] = [_part(number, section, places) for number, section in enumerate(timed, start=1)]
    return body


def _kit(document: Document, places: Places) -> dict[str, Any]:
    return _untimed(document.sections, KIT_HEADINGS, document, places)


def _untimed(sections: Iterable[Section], titles: dict[str, bool], document: Document, places: Places) -> dict[str, Any]:
    found = by_heading(sections, titles, places, inside="the act", line=document.body_line)
    body: dict[str, Any] = {}
    for title, section in found.items():
        no_parts(section, places)
        if title in _TEXTS:
            places.put((_TEXTS[title],), section.text_line)
            body[_TEXTS[title]] = section.text
        elif title in _BULLETS:
            body[_BULLETS[title]] = _listed(bullets, section, _BULLETS[title], places)
        elif title == "Step by step":
            body["steps"] = _listed(numbered, section, "steps", places)
        else:
            body["sources"] = _only_sources(section, places)
    return body


def _listed(
    reader: Callable[[Section, Places], list[tuple[int, str]]], section: Section, field: str, places: Places
) -> list[str]:
    places.put((field,), section.line)
    return put_items(reader(section, places), (field,), places)


def _only_sources(section: Section, places: Places) -> list[str]:
    named, rest = sources(section)
    places.put(("sources",), section.line)
    if rest:
        places.fault(section.text_line, "Only help sources, `- source: nspcc-helpline`, stand below this heading.")
    return put_items(named, ("sources",), places)


def _part(number: int, section: Section, places: Places) -> dict[str, Any]:
    path = ("parts", number - 1)
    places.put(path, section.line)
    timed = TIMED_HEADING.fullmatch(section.title)
    part: dict[str, Any] = {
        "number": number,
        "title": timed.group(1) if timed else section.title,
        "minutes": int(timed.group(2)) if timed else 1,
        "do": "…",
        "say": "…",
    }
    if section.text:
        places.fault(section.text_line, "Text stands directly below the heading of a part; move it below ### Do or ### Say.")
    found = by_heading(section.parts, _PART_HEADINGS, places, inside="this part", line=section.line, in_order=False)
    for title, inner in found.items():
        places.put((*path, _PART_FIELDS[title]), inner.text_line)
        part[_PART_FIELDS[title]] = inner.text or "…"
    return part


def _help(document: Document, places: Places) -> dict[str, Any]:
    found = by_heading(document.sections, HELP_HEADINGS, places, inside="the card", line=document.body_line)
    titles = (document.front or {}).get("doors")
    if not isinstance(titles, list) or len(titles) != len(_DOORS):
        sentence = "A poster or card names its three doors in `doors`: me, a friend, something I did."
        places.fault(document.key_lines.get("doors", 2), sentence)
        titles = list(_DOORS)
    places.put(("help_doors",), document.body_line)
    if set(HELP_HEADINGS) - set(found):
        return {}
    return {"help_doors": _card(found, [str(title) for title in titles], places)}


def _card(found: dict[str, Section], titles: list[str], places: Places) -> dict[str, Any]:
    card: dict[str, Any] = {}
    for title, door in zip(_DOORS, titles, strict=True):
        path = ("help_doors", _DOORS[title])
        places.put(path, found[title].line)
        no_parts(found[title], places)
        named, text = sources(found[title])
        places.put((*path, "text"), found[title].text_line)
        card[_DOORS[title]] = {"title": door, "text": text, "sources": put_items(named, (*path, "sources"), places)}
    for title, field in _CARD_TEXTS.items():
        places.put(("help_doors", field), found[title].text_line)
        card[field] = found[title].text
    section = found["Someone to ring or write to"]
    named, note = sources(section)
    places.put(("help_doors", "sources"), section.line)
    card["sources"] = put_items(named, ("help_doors", "sources"), places)
    card["source_note"] = note
    return card
