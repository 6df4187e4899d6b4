"""Acts on paper: booklets for adults and assemblies, and the posters and pocket cards of pupils."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from eduprog.curriculum import catalogue
from eduprog.curriculum.help_sources import HelpAudience
from eduprog.curriculum.schema.acts import Act, ActHandout, ActPart, HelpDoors
from eduprog.curriculum.vocabulary import ActAudience, ActForm, ActKind, Stage
from eduprog.library.exports.copies import Copy
from eduprog.library.exports.handouts import handout
from eduprog.library.exports.markup import Run, Words
from eduprog.library.exports.typesetting import Document
from eduprog.web.filters import join_and, minutes

_READERS = {ActAudience.PUPILS: HelpAudience.PUPIL, ActAudience.PARENTS: HelpAudience.PARENT}


def act(one: Act, copy: Copy) -> Document:
    """Give an act: a booklet with its sheets, or for a help poster or pocket card the very thing to put up or cut out.

    A school's poster or card also has the address of its help page as a QR code.
    """
    if one.help_doors is not None:
        return _doors(one, one.help_doors, copy)
    words = copy.words
    kind = catalogue.current().vocabulary.acts[one.kind]
    data = {
        "foot": copy.foot(words.plain(one.title)),
        "caption": " · ".join([kind.label, *(stage.label for stage in one.stages)]),
        "facts": _facts(one, words),
        "in_one_minute": words.blocks(one.in_one_minute),
        "before": words.lines(one.before),
        "steps": words.lines(one.steps),
        "parts": _parts(one, words),
        "words_to_use": words.blocks(one.words_to_use),
        "if_told": words.blocks(one.if_told),
        "services": copy.services(one.sources, _READERS.get(one.audience, HelpAudience.STAFF)),
        "afterwards": words.lines(one.afterwards),
        "afterwards_title": "Afterwards" if one.form is ActForm.SESSION else "How you know it is done",
        "handouts": [handout(sheet, words, stage=_youngest(one, sheet)) for sheet in one.handouts],
    }
    return Document("act.typ", f"{one.id}.pdf", words.plain(one.title), data)


def _facts(one: Act, words: Words) -> list[tuple[str, list[Run]]]:
    repeats = one.repeats.value.replace("-", " ")
    facts = [
        ("Who leads", one.who),
        ("For", f"{one.audience.value.capitalize()}{_of_stages(one)}"),
        ("Time", minutes(one.minutes) if one.minutes else ""),
        ("When", f"{one.half_term.label}, {repeats}"),
        ("Bring", "; ".join(one.need)),
    ]
    return [(name, words.line(text)) for name, text in facts if text]


def _youngest(one: Act, sheet: ActHandout) -> Stage | None:
    stages = sheet.stages or one.stages
    return min(stages, key=list(Stage).index) if stages and sheet.reader is ActAudience.PUPILS else None


def _of_stages(one: Act) -> str:
    return f", {join_and(stage.label for stage in one.stages)}" if one.stages else ""


def _parts(one: Act, words: Words) -> list[dict[str, Any]]:
    ends = accumulate(part.minutes for part in one.parts)
    return [{**_part(part, words), "from": end - part.minutes, "to": end} for part, end in zip(one.parts, ends, strict=True)]


def _part(part: ActPart, words: Words) -> dict[str, Any]:
    more = (("Listen for", part.listen_for), ("If it goes quiet", part.if_quiet))
    return {
        "number": part.number,
        "title": words.line(part.title),
        "minutes": part.minutes,
        "do": words.blocks(part.do),
        "say": words.blocks(part.say),
        "board": words.blocks(part.board),
        "more": [{"title": title, "blocks": words.blocks(text)} for title, text in more if text],
    }


def _doors(one: Act, card: HelpDoors, copy: Copy) -> Document:
    words = copy.words
    services = copy.services(card.sources, HelpAudience.PUPIL)
    parts = [
        ("In school", card.people, []),
        ("Someone to ring or write to", card.source_note, services),
        ("What happens next", card.what_happens_next, []),
        ("Not your fault", card.not_your_fault, []),
    ]
    known = {service["name"] for service in services}
    doors = [
        {
            "title": words.plain(door.title),
            "blocks": words.blocks(door.text),
            "services": [one for one in copy.services(door.sources, HelpAudience.PUPIL) if one["name"] not in known],
        }
        for door in card.doors
    ]
    data = {
        "foot": copy.foot(words.plain(one.title)),
        "wall": one.kind is ActKind.HELP_POSTER,
        "pocket": one.kind is ActKind.POCKET_CARD,
        "doors": doors,
        "parts": [{"title": title, "blocks": words.blocks(text), "services": held} for title, text, held in parts],
        **copy.help_code(one.stages[0]),
    }
    return Document("help-card.typ", f"{one.id}.pdf", "Someone to talk to", data)
