"""What is on hold, and which conditions of sensitive lessons are met."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from eduprog.core.db import session
from eduprog.curriculum.schema import LessonModule
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.gates.models import GateDecision, Pause
from eduprog.gates.rules import Condition, PauseScope


@dataclass(frozen=True)
class Holds:
    """Everything the safeguarding lead has paused, as one value to ask."""

    modules: frozenset[str] = frozenset()
    strands: frozenset[str] = frozenset()
    year_groups: frozenset[str] = frozenset()

    def stop(self, module: LessonModule, year_groups: Iterable[YearGroup]) -> bool:
        """Say whether this module is on hold for a class of these year groups."""
        years = {year.value for year in year_groups}
        return module.id in self.modules or module.strand.value in self.strands or bool(years & self.year_groups)


def holds() -> Holds:
    """Give what is on hold in the current school now. One statement."""
    subjects: dict[PauseScope, set[str]] = {scope: set() for scope in PauseScope}
    for scope, subject in session().execute(select(Pause.scope, Pause.subject).where(Pause.lifted_at.is_(None))):
        subjects[scope].add(subject)
    return Holds(*(frozenset(subjects[scope]) for scope in (PauseScope.MODULE, PauseScope.STRAND, PauseScope.YEAR_GROUP)))


def standing_pauses() -> Sequence[Pause]:
    """Give the pauses that stand, oldest first."""
    return session().scalars(select(Pause).where(Pause.lifted_at.is_(None)).order_by(Pause.started_at, Pause.id)).all()


def conditions_met(academic_year_id: int) -> dict[tuple[str, YearGroup], frozenset[Condition]]:
    """Give the conditions met in an academic year, by module and year group."""
    wanted = select(GateDecision.module_id, GateDecision.year_group, GateDecision.condition)
    met: dict[tuple[str, YearGroup], frozenset[Condition]] = {}
    for module_id, year, condition in session().execute(wanted.where(GateDecision.academic_year_id == academic_year_id)):
        met[module_id, year] = met.get((module_id, year), frozenset()) | {condition}
    return met
