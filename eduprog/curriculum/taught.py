"""Where in the lessons each clause is taught, and which stages are written to the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from eduprog.curriculum.frameworks import Phase
from eduprog.curriculum.reading import Reading
from eduprog.curriculum.schema import Lesson, ModuleHead, Step
from eduprog.curriculum.vocabulary import Stage


class TaughtLesson(NamedTuple):
    """A lesson that could be read, with the head of its module."""

    head: ModuleHead
    lesson: Lesson


class Tie(NamedTuple):
    """A step that teaches a clause."""

    module_id: str
    lesson: int
    step: Step

    def __str__(self) -> str:
        return f"{self.module_id} lesson {self.lesson}, step {self.step.number} “{self.step.title}”"


def lessons_of(reading: Reading) -> Iterator[TaughtLesson]:
    """Yield every lesson that could be read, modules in the order of their folders."""
    for files in reading.modules:
        for part in files.lessons:
            if files.head.value is not None and part.value is not None:
                yield TaughtLesson(files.head.value, part.value)


def heads_of(reading: Reading) -> list[ModuleHead]:
    """Return what every module.md that could be read says."""
    return [files.head.value for files in reading.modules if files.head.value is not None]


def ties(reading: Reading, stages: frozenset[Stage]) -> Mapping[str, list[Tie]]:
    """Return, by clause, the steps of lessons of these stages that teach it."""
    found: dict[str, list[Tie]] = {}
    for head, lesson in lessons_of(reading):
        for step in lesson.steps if head.stage in stages else ():
            for clause in step.clauses:
                found.setdefault(clause, []).append(Tie(head.id, lesson.number, step))
    return found


def stages_until(phase: Phase) -> frozenset[Stage]:
    """Return the stages that end with a phase or before it."""
    return frozenset(stage for stage in Stage if stage.years[-1].number <= phase.by_end_of.number)


def finished_stages(reading: Reading) -> frozenset[Stage]:
    """Return the stages of which every module of the programme is written and could be read."""
    if reading.programme.value is None:
        return frozenset()
    written = {head.id for head in heads_of(reading)}
    return frozenset(
        stage.id
        for stage in reading.programme.value.stages
        if all(entry.written and entry.id in written for entry in stage.modules)
    )
