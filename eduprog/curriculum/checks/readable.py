"""Every file that somebody reads, with its texts, the wording it keeps and the age it is written for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from eduprog.curriculum.passages import Passage, of_act, of_follow_ups, of_head, of_home_activity, of_lesson, of_staff_note
from eduprog.curriculum.reading import ModuleFiles, Part, Reading
from eduprog.curriculum.schema.acts import Act
from eduprog.curriculum.schema.types import KeptWording
from eduprog.curriculum.text.places import Places
from eduprog.curriculum.vocabulary import Stage


class ReadableFile(NamedTuple):
    """The texts of one file; `stage` is the age its pupil texts are written for unless a passage names another."""

    places: Places
    passages: tuple[Passage, ...]
    keeps: tuple[KeptWording, ...]
    stage: Stage | None
    is_primary: bool


def readable_files(reading: Reading) -> Iterator[ReadableFile]:
    """Yield every file of modules and acts that could be read."""
    for files in reading.modules:
        yield from of_module(files)
    for act in reading.acts:
        yield from of_act_file(act)


def of_module(files: ModuleFiles) -> Iterator[ReadableFile]:
    """Yield the files of a module that could be read; none where module.md could not be."""
    head = files.head.value
    if head is None:
        return
    stage, primary = head.stage, head.stage.is_primary
    yield ReadableFile(files.head.places, tuple(of_head(head)), head.keeps, stage, primary)
    for lesson in files.lessons:
        if lesson.value is not None:
            yield ReadableFile(lesson.places, tuple(of_lesson(lesson.value)), lesson.value.keeps, stage, primary)
    if files.follow_ups.value is not None:
        follow_ups = files.follow_ups.value
        yield ReadableFile(files.follow_ups.places, tuple(of_follow_ups(follow_ups)), follow_ups.keeps, stage, primary)
    if files.home_activity.value is not None:
        activity = files.home_activity.value
        yield ReadableFile(files.home_activity.places, tuple(of_home_activity(activity)), activity.keeps, stage, primary)
    if files.staff_note.value is not None:
        note = files.staff_note.value
        yield ReadableFile(files.staff_note.places, tuple(of_staff_note(note)), note.keeps, stage, primary)


def of_act_file(part: Part[Act]) -> Iterator[ReadableFile]:
    """Yield the file of an act if it could be read; it is primary if any of its stages is, or if it names none."""
    act = part.value
    if act is not None:
        stage = min(act.stages, key=list(Stage).index, default=None)
        primary = not act.stages or any(one.is_primary for one in act.stages)
        yield ReadableFile(part.places, tuple(of_act(act)), act.keeps, stage, primary)
