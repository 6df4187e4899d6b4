"""Which planned clauses a step teaches, which not yet, and where each is taught."""

from __future__ import annotations

from collections.abc import Iterator

from eduprog.curriculum.frameworks import Framework, Phase, Planned
from eduprog.curriculum.reading import Reading
from eduprog.curriculum.taught import stages_until, ties
from eduprog.curriculum.vocabulary import Stage


def clause_lines(reading: Reading) -> Iterator[str]:
    """Yield, for each phase, how many planned clauses a step teaches and which are not taught yet, with their modules."""
    framework = reading.framework
    if framework is None:
        return
    for phase in framework.phases:
        planned = framework.planned_clauses(phase.id)
        tied = ties(reading, stages_until(phase))
        done = len(planned & tied.keys())
        line = f"Clauses of {framework.id} tied to a step by the end of {phase.by_end_of.label}, {phase.label.lower()}: "
        yield line + f"{done} of {len(planned)} planned (the phase has {phase.items} items)."
        for clause_id in sorted(planned - tied.keys()):
            yield f"  not yet: {clause_id}, planned in {_planned_in(clause_id, framework, reading)}"
        yield from _by_design(phase, framework, reading)


def _planned_in(clause_id: str, framework: Framework, reading: Reading) -> str:
    plan = reading.plan.value
    modules = plan.modules.values() if plan else ()
    named = [one.id for one in modules if any(clause_id in framework.take_apart(written) for written in one.statements)]
    return ", ".join(named) or "no module"


def _by_design(phase: Phase, framework: Framework, reading: Reading) -> Iterator[str]:
    everywhere = ties(reading, frozenset(Stage))
    for statement in framework.statements:
        for clause in statement.clauses if statement.phase == phase.id and statement.in_pack else ():
            if clause.planned is Planned.LATER:
                taught = str(everywhere[clause.id][0]) if clause.id in everywhere else "no step yet"
                yield f"  later than the phase, by design: {clause.id} ({taught})"
            elif clause.planned is Planned.ELSEWHERE:
                yield f"  left to the school, by design: {clause.id}"


def proof_lines(reading: Reading) -> Iterator[str]:
    """Yield every clause of the pack with the steps that teach it, in the order of the framework."""
    framework = reading.framework
    if framework is None:
        return
    found = ties(reading, frozenset(Stage))
    for statement in framework.statements:
        for clause in statement.clauses if statement.in_pack else ():
            steps = "; ".join(str(tie) for tie in found.get(clause.id, ()))
            yield f"{clause.id} ({clause.planned}): {steps or 'no step'}"
