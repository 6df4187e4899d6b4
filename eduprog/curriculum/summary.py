"""What the lesson files amount to, counted: the report at the end of a check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from eduprog.curriculum.frameworks import Framework
from eduprog.curriculum.reading import Reading
from eduprog.curriculum.schema import Lesson, ModuleHead
from eduprog.curriculum.vocabulary import Message, Skill, Stage


def summarise(reading: Reading) -> Iterator[str]:
    """Yield the lines of the report: modules, lessons, clauses tied per phase, skills, messages and who appears."""
    heads = [files.head.value for files in reading.modules if files.head.value is not None]
    lessons = [part.value for files in reading.modules for part in files.lessons if part.value is not None]
    planned = len(reading.programme.value.entries) if reading.programme.value else 0
    yield f"Modules: {len(heads)} written of {planned}. Lessons: {len(lessons)}."
    if reading.framework is not None:
        yield from _clauses(reading, reading.framework)
    yield "Skills, modules carrying each: " + _counts(Skill, Counter(skill for head in heads for skill in head.skills))
    messages = Counter(message for head in heads for message in head.messages)
    yield "Messages, modules carrying each: " + _counts(Message, messages)
    yield from _appearances(reading)


def tied_clauses(reading: Reading, stages: frozenset[Stage]) -> frozenset[str]:
    """Return the clauses that a step of a lesson of one of these stages teaches."""
    return frozenset(
        clause
        for head, lesson in _with_heads(reading)
        if head.stage in stages
        for step in lesson.steps
        for clause in step.clauses
    )


def _with_heads(reading: Reading) -> Iterator[tuple[ModuleHead, Lesson]]:
    for files in reading.modules:
        for part in files.lessons:
            if files.head.value is not None and part.value is not None:
                yield files.head.value, part.value


def _clauses(reading: Reading, framework: Framework) -> Iterator[str]:
    for phase in framework.phases:
        stages = frozenset(stage for stage in Stage if stage.years[-1].number <= phase.by_end_of.number)
        planned = framework.planned_clauses(phase.id)
        tied = tied_clauses(reading, stages) & planned
        line = f"Clauses of {framework.id} tied to a step by the end of {phase.by_end_of.label}, {phase.label.lower()}: "
        yield line + f"{len(tied)} of {len(planned)} planned (the phase has {phase.items} items)."


def _counts(members: type[Skill] | type[Message], counts: Counter[Skill] | Counter[Message]) -> str:
    return ", ".join(f"{member.value} {counts[member]}" for member in members)  # type: ignore[index]


def _appearances(reading: Reading) -> Iterator[str]:
    by_stage: dict[Stage, Counter[str]] = {stage: Counter() for stage in Stage}
    for head, lesson in _with_heads(reading):
        for scenario in lesson.scenarios:
            for person in scenario.people:
                by_stage[head.stage].update(person.tags)
    for stage, counts in by_stage.items():
        if counts:
            yield f"Who appears in {stage}: " + ", ".join(f"{tag} {count}" for tag, count in counts.most_common())
