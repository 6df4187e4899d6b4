"""Checks that each reader can read what is written for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from eduprog.curriculum.checks.context import BOUNDS, PARENT_GRADE, STAFF_GRADE
from eduprog.curriculum.language.values import Audience
from eduprog.curriculum.passages import Passage, of_follow_ups, of_head, of_home_activity, of_lesson, of_staff_note
from eduprog.curriculum.reading import ModuleFiles
from eduprog.curriculum.reading_age import grade, hardest
from eduprog.curriculum.schema.types import KeptWording
from eduprog.curriculum.text.places import Places

_READERS = {Audience.PUPIL: "Pupil", Audience.PARENT: "Parent", Audience.STAFF: "Staff"}


def passages_of(files: ModuleFiles) -> list[tuple[Places, list[Passage]]]:
    """Return the texts of every readable file of a module with the places of that file."""
    return [(places, passages) for places, passages, _ in _readable(files)]


def kept_by(files: ModuleFiles) -> list[tuple[KeptWording, ...]]:
    """Return, for each readable file of a module, the wording it keeps although the language check flags it."""
    return [kept for _, _, kept in _readable(files)]


def _readable(files: ModuleFiles) -> Iterator[tuple[Places, list[Passage], tuple[KeptWording, ...]]]:
    if files.head.value is not None:
        yield files.head.places, list(of_head(files.head.value)), files.head.value.keeps
    for part in files.lessons:
        if part.value is not None:
            yield part.places, list(of_lesson(part.value)), part.value.keeps
    if files.follow_ups.value is not None:
        yield files.follow_ups.places, list(of_follow_ups(files.follow_ups.value)), files.follow_ups.value.keeps
    if files.home_activity.value is not None:
        activity = files.home_activity.value
        yield files.home_activity.places, list(of_home_activity(activity)), activity.keeps
    if files.staff_note.value is not None:
        yield files.staff_note.places, list(of_staff_note(files.staff_note.value)), files.staff_note.value.keeps


def check_reading_level(files: ModuleFiles) -> None:
    """Note every file whose text for one reader is too hard, at its hardest passage."""
    if files.head.value is None:
        return
    most = {
        Audience.PUPIL: BOUNDS[files.head.value.stage].grade,
        Audience.PARENT: PARENT_GRADE,
        Audience.STAFF: STAFF_GRADE,
    }
    for places, passages in passages_of(files):
        for audience, limit in most.items():
            _check(audience, limit, [one for one in passages if one.audience is audience], places)


def _check(audience: Audience, limit: float, passages: Iterable[Passage], places: Places) -> None:
    texts = {one.path: one.text for one in passages}
    reached = grade(texts.values())
    if reached <= limit:
        return
    worst = max(texts, key=lambda path: grade([hardest([texts[path]])]))
    begins = " ".join(hardest([texts[worst]]).split()[:8])
    sentence = f'{_READERS[audience]} text reads at grade {reached}; at most {limit:g} fits. Hardest here: "{begins} …".'
    places.fault_at(worst, sentence)
