"""Put teaching on hold, lift it, and record that a condition of a sensitive lesson is met."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from eduprog.accounts import queries as accounts
from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Actor
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.gates.models import DeputyCover, GateDecision, Pause, TrainedTeacher
from eduprog.gates.rules import Condition, PauseScope


class AlreadyPaused(Refusal):
    """That is on hold already."""


class DeputyThere(Refusal):
    """A deputy's days begin on that day already. Take those days away first."""


class DaysOver(Refusal):
    """The last day must not be before the first day, nor before today."""


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


def say_trained(*, person_id: int, trained: bool, by: Actor, now: datetime) -> None:
    """Record that a person of the school is trained to teach sensitive lessons, or no longer; again changes nothing.

    Raises NotHere for somebody who does not work here.
    """
    accounts.person_of_school(person_id)
    known = session().scalars(select(TrainedTeacher).where(TrainedTeacher.person_id == person_id)).one_or_none()
    if (known is not None) is trained:
        return
    if known is not None:
        session().delete(known)
    else:
        session().add(TrainedTeacher(person_id=person_id, recorded_by=by.id, recorded_at=now))
    session().flush()
    audit.record(act="training recorded", subject="person", subject_id=person_id, by=by, at=now, trained=trained)


def add_deputy(*, name: str, place: str, first_day: date, last_day: date, by: Actor, now: datetime, today: date) -> DeputyCover:
    """Let a deputy stand in for the safeguarding lead on these days. The same again gives the first back.

    Raises DaysOver or DeputyThere.
    """
    if last_day < max(first_day, today):
        raise DaysOver
    known = session().scalars(select(DeputyCover).where(DeputyCover.first_day == first_day)).one_or_none()
    if known is not None:
        if (known.name, known.place, known.last_day) != (name, place, last_day):
            raise DeputyThere
        return known
    added = DeputyCover(name=name, place=place, first_day=first_day, last_day=last_day, added_at=now)
    session().add(added)
    session().flush()
    audit.record(
        act="deputy stands in", subject="deputy_cover", subject_id=added.id, by=by, at=now, first_day=first_day, last_day=last_day
    )
    return added


def remove_deputy(*, deputy_id: int, by: Actor, now: datetime) -> None:
    """Take a deputy's days away. Raises NotHere."""
    known = session().scalars(select(DeputyCover).where(DeputyCover.id == deputy_id)).one_or_none()
    if known is None:
        raise NotHere
    session().delete(known)
    audit.record(act="deputy's days removed", subject="deputy_cover", subject_id=deputy_id, by=by, at=now)
