"""Put teaching on hold, lift it, and record that a condition of a sensitive lesson is met."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Actor
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.gates.models import GateDecision, Pause
from eduprog.gates.rules import Condition, PauseScope


class AlreadyPaused(Refusal):
    """That is on hold already."""


def pause(*, scope: PauseScope, subject: str, by: Actor, now: datetime) -> Pause:
    """Put a module, strand or year group on hold at once: lessons, starters and prompts. No reason is asked for or kept."""
    standing = select(Pause).where(Pause.scope == scope, Pause.subject == subject, Pause.lifted_at.is_(None))
    if session().scalars(standing).first() is not None:
        raise AlreadyPaused
    added = Pause(scope=scope, subject=subject, started_by=by.id, started_at=now)
    session().add(added)
    session().flush()
    audit.record(act="teaching paused", subject="pause", subject_id=added.id, by=by, at=now)
    return added


def lift(*, pause_id: int, by: Actor, now: datetime) -> Pause:
    """Lift a pause. Raises NotHere if none such stands."""
    standing = session().scalars(select(Pause).where(Pause.id == pause_id, Pause.lifted_at.is_(None))).one_or_none()
    if standing is None:
        raise NotHere
    standing.lifted_by, standing.lifted_at = by.id, now
    audit.record(act="teaching resumed", subject="pause", subject_id=pause_id, by=by, at=now)
    return standing


def meet_condition(
    *, academic_year_id: int, module_id: str, year_group: YearGroup, condition: Condition, by: Actor, now: datetime
) -> GateDecision:
    """Record that a condition is met for a year group in an academic year; recording it again changes nothing."""
    same = select(GateDecision).where(
        GateDecision.academic_year_id == academic_year_id,
        GateDecision.module_id == module_id,
        GateDecision.year_group == year_group,
        GateDecision.condition == condition,
    )
    known = session().scalars(same).one_or_none()
    if known is not None:
        return known
    added = GateDecision(
        academic_year_id=academic_year_id,
        module_id=module_id,
        year_group=year_group,
        condition=condition,
        decided_by=by.id,
        decided_at=now,
    )
    session().add(added)
    session().flush()
    audit.record(
        act="condition met", subject="gate_decision", subject_id=added.id, by=by, at=now, module=module_id, condition=condition
    )
    return added
