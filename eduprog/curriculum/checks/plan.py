"""Checks of what was written against what was planned: skills, messages, lessons and clauses, stage by stage.

While modules of a stage are still to be written, what is missing is no fault but a line of the report.
"""

from __future__ import annotations

from collections import Counter
from typing import TypeVar

from eduprog.curriculum.checks.lists import repeated
from eduprog.curriculum.frameworks import Framework, Phase
from eduprog.curriculum.plan import Plan, PlannedStage
from eduprog.curriculum.reading import Reading
from eduprog.curriculum.taught import finished_stages, heads_of, lessons_of, stages_until, ties
from eduprog.curriculum.text.places import Path, Places
from eduprog.curriculum.vocabulary import Message, Skill

M = TypeVar("M", Skill, Message)


def check_plan(reading: Reading) -> None:
    """Note a plan that does not fit the programme and, for stages written to the end, what falls short of it."""
    plan, places = reading.plan.value, reading.plan.places
    if plan is None or reading.programme.value is None:
        return
    _check_modules(plan, list(reading.programme.value.entries), places)
    finished = finished_stages(reading)
    for index, stage in enumerate(plan.stages):
        if stage.id in finished:
            _check_stage(stage, ("stages", index), reading)
    framework = reading.framework
    if framework is None:
        return
    _check_statements(plan, framework, places)
    for phase in framework.phases:
        ends_with = stages_until(phase)
        if ends_with and ends_with <= finished:
            _check_clauses(phase, framework, reading)


def _check_modules(plan: Plan, programme: list[str], places: Places) -> None:
    planned = [module.id for stage in plan.stages for module in stage.modules]
    repeated(planned, ("stages",), places, "module")
    for index, stage in enumerate(plan.stages):
        for number, module in enumerate(stage.modules):
            if module.id not in programme:
                places.fault_at(("stages", index, "modules", number), f"{module.id} is not listed in programme.yaml.")
    for module_id in programme:
        if module_id not in planned:
            places.fault_at(("stages",), f"{module_id} is in programme.yaml but not in the plan; add it.")


def _check_statements(plan: Plan, framework: Framework, places: Places) -> None:
    for index, stage in enumerate(plan.stages):
        for number, module in enumerate(stage.modules):
            for written in module.statements:
                if not framework.take_apart(written):
                    path = ("stages", index, "modules", number, "statements")
                    places.fault_at(path, f'"{written}" is no statement or clause of the framework; check its id.')


def _check_stage(stage: PlannedStage, path: Path, reading: Reading) -> None:
    places = reading.plan.places
    heads = [head for head in heads_of(reading) if head.stage is stage.id]
    lessons = sum(head.stage is stage.id for head, _ in lessons_of(reading))
    if lessons < stage.lessons:
        places.fault_at(path, f"{stage.id} has {lessons} lessons; {stage.lessons} are planned.")
    _check_counts(stage.skills, Counter(one for head in heads for one in head.skills), "skill", path, stage, places)
    _check_counts(stage.messages, Counter(one for head in heads for one in head.messages), "message", path, stage, places)


def _check_counts(planned: Counter[M], written: Counter[M], what: str, path: Path, stage: PlannedStage, places: Places) -> None:
    for one, count in planned.items():
        if written[one] < count:
            carried = f"{written[one]} modules of {stage.id} carry the {what} {one}"
            places.fault_at(path, f"{carried}; {count} are planned.")


def _check_clauses(phase: Phase, framework: Framework, reading: Reading) -> None:
    part = next(part for part in reading.frameworks if part.value is framework)
    planned = framework.planned_clauses(phase.id)
    tied = ties(reading, stages_until(phase))
    for index, statement in enumerate(framework.statements):
        for number, clause in enumerate(statement.clauses):
            if clause.id in planned and clause.id not in tied:
                sentence = f"No step of a lesson teaches {clause.id} by the end of {phase.by_end_of.label}; it is planned."
                part.places.fault_at(("statements", index, "clauses", number), sentence)
