"""A school's own wording of a lesson: which texts may be adapted, what differs from ours, and the lesson that comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from eduprog.curriculum.schema import Lesson, Step

PARTS = {"say": "Say", "do": "Do", "board": "On the board"}
LONGEST = 4000
Texts = Mapping[str, str]  # "3.say" -> Markdown


class WordingState(StrEnum):
    """How a school's wording of a lesson stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True)
class Difference:
    """A text that differs: what it is, and runs of words that are kept, taken away or added."""

    key: str
    label: str
    runs: tuple[tuple[str, str], ...]


def texts_of(lesson: Lesson) -> dict[str, str]:
    """Give every text of a lesson that may be adapted, by its key: the number of the step and the part of it."""
    return {f"{step.number}.{part}": getattr(step, part) for step in lesson.steps for part in PARTS}


def label_of(key: str, lesson: Lesson) -> str:
    """Give the words that name a text on a page."""
    number, part = key.split(".")
    step = next(step for step in lesson.steps if step.number == int(number))
    return f"Step {number}, {step.title}: {PARTS[part].lower()}"


def changed_texts(sent: Texts, ours: Texts) -> dict[str, str]:
    """Give what somebody wrote that is not ours: known texts only, line ends made one kind, an emptied one left as ours."""
    written = {key: "\n".join(line.rstrip() for line in text.splitlines()).strip() for key, text in sent.items() if key in ours}
    return {key: text[:LONGEST] for key, text in written.items() if text and text != ours[key].strip()}


def applied(lesson: Lesson, texts: Texts) -> Lesson:
    """Give a lesson with a school's texts in place of ours; a text of a step that is gone is left out."""
    return lesson.model_copy(update={"steps": tuple(_step(step, texts) for step in lesson.steps)})


def _step(step: Step, texts: Texts) -> Step:
    own = {part: texts[f"{step.number}.{part}"] for part in PARTS if f"{step.number}.{part}" in texts}
    return step.model_copy(update=own) if own else step


def differences(before: Texts, after: Texts, lesson: Lesson) -> list[Difference]:
    """Give what differs between two sets of texts, word by word, in the order of the lesson."""
    ours = texts_of(lesson)
    found = []
    for key in ours:
        one, other = before.get(key, ours[key]), after.get(key, ours[key])
        if one.strip() != other.strip():
            found.append(Difference(key, label_of(key, lesson), _runs(one.split(" "), other.split(" "))))
    return found


def _runs(one: list[str], other: list[str]) -> tuple[tuple[str, str], ...]:
    runs: list[tuple[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal":
            runs.append(("kept", " ".join(one[a:b])))
            continue
        runs += [("gone", " ".join(one[a:b]))] if b > a else []
        runs += [("new", " ".join(other[c:d]))] if d > c else []
    return tuple(runs)
