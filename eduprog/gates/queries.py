"""What is on hold, and which conditions of sensitive lessons are met."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from eduprog.core.db import session
from eduprog.curriculum.schema import LessonModule
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.gates.models import DeputyCover, GateDecision, Pause, TrainedTeacher
from eduprog.gates.rules import Condition, PauseScope
from eduprog.organisations import queries as organisations


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


def trained_teachers() -> frozenset[int]:
    """Give the people recorded as trained to teach sensitive lessons. One statement."""
    return frozenset(session().scalars(select(TrainedTeacher.person_id)))


def deputies(today: date) -> Sequence[DeputyCover]:
    """Give the deputies' days that are not over, in order."""
    wanted = select(DeputyCover).where(DeputyCover.last_day >= today)
    return session().scalars(wanted.order_by(DeputyCover.first_day, DeputyCover.id)).all()


@dataclass(frozen=True, slots=True)
class LeadOnDay:
    """Whom to see about safeguarding on a day: the lead, or the deputy who stands in until `until`. Empty if not told yet."""

    name: str
    place: str
    until: date | None = None


def lead_on(day: date) -> LeadOnDay:
    """Give whom to see about safeguarding on a day; of two deputies the one whose days began last."""
    wanted = select(DeputyCover).where(DeputyCover.first_day <= day, DeputyCover.last_day >= day)
    standing = session().scalars(wanted.order_by(DeputyCover.first_day.desc()).limit(1)).first()
    chosen = organisations.school_settings()
    if standing is None:
        return LeadOnDay(chosen.dsl_name, chosen.dsl_place)
    return LeadOnDay(standing.name, standing.place or chosen.dsl_place, standing.last_day)
