"""Checks that what a module claims is taught: every clause tied to a step, every skill practised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eduprog.curriculum.checks.context import Context
from eduprog.curriculum.reading import ModuleFiles
from eduprog.curriculum.schema import ModuleHead, Step
from eduprog.curriculum.text.places import Places


def check_coverage(files: ModuleFiles, context: Context) -> None:
    """Note clauses and skills of the module no step carries, and clauses and skills of steps the module does not list."""
    head = files.head.value
    lessons = [(part.value, part.places) for part in files.lessons if part.value is not None]
    if head is None or context.framework is None or len(lessons) < len(files.lessons):
        return
    claimed = {written: context.framework.take_apart(written) for written in head.statements}
    steps = [step for lesson, _ in lessons for step in lesson.steps]
    _check_claims(head, claimed, steps, files.head.places)
    planned = {clause for clauses in claimed.values() for clause in clauses}
    for lesson, places in lessons:
        for number, step in enumerate(lesson.steps):
            _check_step(number, step, planned, head, places)


def _check_claims(head: ModuleHead, claimed: Mapping[str, Sequence[str]], steps: Sequence[Step], places: Places) -> None:
    tied = {clause for step in steps for clause in step.clauses}
    for index, (written, clauses) in enumerate(claimed.items()):
        for clause in clauses:
            if clause not in tied:
                sentence = f"No step teaches {clause}; name it in the clauses of a step or take {written} out."
                places.fault_at(("statements", index), sentence)
    practised = {skill for step in steps for skill in step.skills}
    for index, skill in enumerate(head.skills):
        if skill not in practised:
            sentence = f"No step practises the skill {skill}; name it in the skills of a step or take it out."
            places.fault_at(("skills", index), sentence)


def _check_step(number: int, step: Step, planned: set[str], head: ModuleHead, places: Places) -> None:
    for clause in step.clauses:
        if clause not in planned:
            sentence = f"{clause} is not among the statements of module.md; add it there or take it out here."
            places.fault_at(("steps", number, "clauses"), sentence)
    for skill in step.skills:
        if skill not in head.skills:
            sentence = f"The skill {skill} is not among those of module.md; add it there or take it out here."
            places.fault_at(("steps", number, "skills"), sentence)
