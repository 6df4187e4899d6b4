"""A school's own module as texts: how its files are taken apart for a form and put together again, and where one begins."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from eduprog.curriculum.own_modules import FIRST_OWN_NUMBER
from eduprog.curriculum.vocabulary import Stage, Strand, YearGroup, stage_of

Files = Mapping[str, str]
ORDER = ("module.md", "lesson-", "follow-ups.md", "home-activity", "staff-note.md")
NAMES = {
    "module.md": "The module", "follow-ups.md": "Follow-ups", "home-activity.md": "At home", "staff-note.md": "Note for staff",
}  # fmt: skip
LONGEST_FILE = 60_000
_HEADING = re.compile(r"^## +(.*?) *#* *$")
_READERS = {"home-activity": "parent", "staff-note.md": "staff", "module.md": "staff"}


@dataclass(frozen=True)
class Part:
    """A piece of a file as a form shows it: its facts (front matter, without a heading), or a heading with the text below it.

    `text` is what a form shows, `raw` what stands in the file. Of a lesson the heading is text as well: it has the minutes.
    """

    key: str
    heading: str
    text: str
    raw: str


def in_order(names: Mapping[str, object]) -> list[str]:
    """Give the names of a module's files as people read them: module, lessons, follow-ups, home activity, note."""
    rank = {start: place for place, start in enumerate(ORDER)}
    return sorted(names, key=lambda name: (min(rank[s] for s in ORDER if name.startswith(s)), name))


def title_of(name: str) -> str:
    """Give the words for a file on a page."""
    if name.startswith("lesson-"):
        return f"Lesson {name.removeprefix('lesson-').removesuffix('.md')}"
    return NAMES.get(name) or f"At home, translated ({name.split('.')[1]})"


def reader_of(name: str) -> str:
    """Give who mostly reads a file: pupil, parent or staff; for the message check while somebody types."""
    return next((reader for start, reader in _READERS.items() if name.startswith(start)), "pupil")


def parts_of(name: str, text: str) -> list[Part]:
    """Take a file apart at its second-level headings. Put together again it is the same text."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    fences = 0
    for line in text.split("\n"):
        fences += line.rstrip() == "---" and len(parts) == 1
        heading = _HEADING.match(line) if fences >= 2 else None
        if heading:
            parts.append((line, []))
        else:
            parts[-1][1].append(line)
    return [_part(name, number, heading, lines) for number, (heading, lines) in enumerate(parts)]


def _part(name: str, number: int, heading: str, lines: list[str]) -> Part:
    raw = "\n".join([*([heading] if heading else []), *lines])
    shown = raw if name.startswith("lesson-") or not heading else "\n".join(lines)
    return Part(f"{name}|{number}", _HEADING.sub(r"\1", heading), shown.strip("\n"), raw)


def files_of(sent: Mapping[str, str], before: Files) -> dict[str, str]:
    """Put the files together from what a form sent; a part that was not sent stays, an emptied one goes."""
    made = {}
    for name, text in before.items():
        pieces = [piece for part in parts_of(name, text) if (piece := _piece(name, part, sent))]
        more = _lines(sent.get(f"{name}|more", "")).strip("\n")
        whole = "\n".join([*pieces, *([f"{more}\n"] if more else [])])
        made[name] = whole if whole.endswith("\n") else f"{whole}\n"
    return made


def _piece(name: str, part: Part, sent: Mapping[str, str]) -> str:
    """Give a part as it was, as it was sent, or nothing where it was emptied."""
    text = _lines(sent.get(part.key, part.text)).strip("\n")
    if text == part.text:
        return part.raw
    if not text:
        return ""
    heading = part.raw.split("\n", 1)[0]
    return f"{text}\n" if name.startswith("lesson-") or not part.heading else f"{heading}\n\n{text}\n"


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True)
class Beginning:
    """What a new module is called and for whom, before a word of it is written."""

    title: str
    strand: Strand
    year: YearGroup
    outcome: str
    pupil_outcome: str

    @property
    def stage(self) -> Stage:
        """Give the stage of its year group."""
        return stage_of(self.year)


def next_id(beginning: Beginning, taken: Mapping[str, object]) -> str:
    """Give the first free id of a school's own modules: K1-C501."""
    start = f"{beginning.stage.value}-{beginning.strand.letter}"
    number = FIRST_OWN_NUMBER
    while f"{start}{number}" in taken:
        number += 1
    return f"{start}{number}"


def begun_from(pattern: Files, beginning: Beginning, module_id: str, old_id: str) -> dict[str, str]:
    """Give the files of a new module: those of one of ours as a pattern, with what is new in their facts."""
    changed = {
        "id": module_id, "slug": _slug(beginning.title), "title": _quoted(beginning.title), "strand": beginning.strand.value,
        "years": f"[{beginning.year.value}]", "outcome": _quoted(beginning.outcome),
        "pupil_outcome": _quoted(beginning.pupil_outcome), "builds_on": "[]", "leads_to": "[]", "revision": "1",
        "authors": _quoted("our school"),
    }  # fmt: skip
    files = {}
    for name, text in pattern.items():
        if name.startswith("home-activity.") and name != "home-activity.md":
            continue
        files[name] = _with(text, changed if name == "module.md" else {"module": module_id})
    return {name: text.replace(old_id, module_id) for name, text in files.items()}


def _with(text: str, changed: Mapping[str, str]) -> str:
    """Give a file with other values of some top-level keys of its facts."""
    head, fence, body = text[4:].partition("\n---\n")
    for key, value in changed.items():
        head = re.sub(rf"(?m)^{key}:.*(?:\n[ ]+.*)*$", lambda _found, line=f"{key}: {value}": line, head, count=1)  # type: ignore[misc]  # the default binds
    return f"---\n{head}{fence}{body}"


def _quoted(text: str) -> str:
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def _slug(title: str) -> str:
    words = re.findall(r"[a-z0-9]+", title.lower().replace("'", "").replace("’", ""))
    return "-".join(words[:6]) or "own"
