"""Put teaching on hold, lift it, and record that a condition of a sensitive lesson is met."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from eduprog.accounts import queries as accounts
from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Actor, Role
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.gates.models import AheadNotice, DeputyCover, GateDecision, Pause, TrainedTeacher, WentAhead
from eduprog.gates.rules import OF_POLICY, WENT_AHEAD, AheadReason, Condition, GateReason, PauseScope
from eduprog.mail import actions as mail
from eduprog.mail.actions import NewMessage
from eduprog.mail.rules import RecipientKind

MOST_WITHDRAWN = 500
TOLD_WITHIN = timedelta(days=2)


class AlreadyPaused(Refusal):
    """That is on hold already."""


class DeputyThere(Refusal):
    """A deputy's days begin on that day already. Take those days away first."""


class ReasonDoesNotFit(Refusal):
    """That reason does not go with that condition."""


class CountNeeded(Refusal):
    """Give how many pupils are withdrawn, 0 if none: a whole number up to 500. The register itself stays in your own system."""


class OnlyPeople(Refusal):
    """Only a person can let a lesson go on."""


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
    *, academic_year_id: int, module_id: str, year_group: YearGroup, condition: Condition, reason: GateReason = GateReason.DONE,
    withdrawn: int | None = None, by: Actor, now: datetime,
) -> GateDecision:  # fmt: skip
    """Record that a condition is met for a year group in an academic year, how, and by whom; recording it again changes nothing.

    Of the withdrawal register only that it was checked and a count is kept. Raises ReasonDoesNotFit or CountNeeded.
    """
    if (condition is Condition.SCHOOL_POLICY) is not (reason in OF_POLICY):
        raise ReasonDoesNotFit
    if condition is Condition.WITHDRAWALS_CHECKED and not 0 <= (-1 if withdrawn is None else withdrawn) <= MOST_WITHDRAWN:
        raise CountNeeded
    known = _decision(academic_year_id, module_id, year_group, condition)
    if known is not None:
        return known
    added = GateDecision(
        academic_year_id=academic_year_id, module_id=module_id, year_group=year_group, condition=condition, reason=reason,
        withdrawn=withdrawn if condition is Condition.WITHDRAWALS_CHECKED else None, decided_by=by.id, decided_at=now,
    )  # fmt: skip
    session().add(added)
    session().flush()
    audit.record(
        act="condition met", subject="gate_decision", subject_id=added.id, by=by, at=now, module=module_id, condition=condition,
        reason=reason,
    )  # fmt: skip
    return added


def take_back(
    *, academic_year_id: int, module_id: str, year_group: YearGroup, condition: Condition, by: Actor, now: datetime
) -> None:
    """Take back that a condition is met; where none was recorded nothing changes. The audit keeps both."""
    known = _decision(academic_year_id, module_id, year_group, condition)
    if known is None:
        return
    session().delete(known)
    session().flush()
    audit.record(
        act="condition taken back", subject="gate_decision", subject_id=known.id, by=by, at=now, module=module_id,
        condition=condition,
    )  # fmt: skip


def settle(
    *, academic_year_id: int, year_group: YearGroup, met: Collection[tuple[str, Condition]],
    not_met: Collection[tuple[str, Condition]], reason: GateReason, policies: Mapping[str, GateReason],
    withdrawn: Mapping[str, int | None], by: Actor, now: datetime,
) -> None:  # fmt: skip
    """Record and take back conditions of a year group at once, by module: all of them or, refused, none.

    `policies` says for modules whether they are sex education, `withdrawn` how many pupils are withdrawn from them.
    Raises ReasonDoesNotFit or CountNeeded.
    """
    for module_id, condition in sorted(not_met):
        take_back(
            academic_year_id=academic_year_id, module_id=module_id, year_group=year_group, condition=condition, by=by, now=now
        )
    wanted = [(module_id, condition, reason) for module_id, condition in sorted(met)]
    wanted += [(module_id, Condition.SCHOOL_POLICY, policy) for module_id, policy in sorted(policies.items())]
    for module_id, condition, why in wanted:
        meet_condition(
            academic_year_id=academic_year_id, module_id=module_id, year_group=year_group, condition=condition, reason=why,
            withdrawn=withdrawn.get(module_id), by=by, now=now,
        )  # fmt: skip


def _decision(academic_year_id: int, module_id: str, year_group: YearGroup, condition: Condition) -> GateDecision | None:
    same = select(GateDecision).where(
        GateDecision.academic_year_id == academic_year_id, GateDecision.module_id == module_id,
        GateDecision.year_group == year_group, GateDecision.condition == condition,
    )  # fmt: skip
    return session().scalars(same).one_or_none()


def go_ahead(
    *, teaching_group_id: int, module_id: str, day: date, missing: Sequence[Condition], reason: AheadReason, by: Actor,
    now: datetime,
) -> WentAhead:  # fmt: skip
    """Let a lesson begin although conditions are missing, keep who did and why, and queue a note to each head of PSHE.

    The same class, module and day again gives the first back. Raises OnlyPeople.
    """
    if by.person_id is None:
        raise OnlyPeople
    same = select(WentAhead).where(
        WentAhead.teaching_group_id == teaching_group_id, WentAhead.module_id == module_id, WentAhead.day == day
    )
    known = session().scalars(same).one_or_none()
    if known is not None:
        return known
    added = WentAhead(
        teaching_group_id=teaching_group_id, module_id=module_id, day=day, missing=" ".join(missing), reason=reason,
        decided_by=by.person_id, decided_at=now,
    )  # fmt: skip
    session().add(added)
    session().flush()
    notices = [AheadNotice(went_ahead_id=added.id, person_id=lead.id) for lead in accounts.people_of_school(Role.PROGRAMME_LEAD)]
    session().add_all(notices)
    session().flush()
    messages = [
        NewMessage(f"{WENT_AHEAD}:{one.id}", WENT_AHEAD, one.id, RecipientKind.PERSON, one.person_id, now, now + TOLD_WITHIN)
        for one in notices
    ]
    mail.enqueue_all(messages=messages, now=now)
    audit.record(
        act="lesson went ahead", subject="went_ahead", subject_id=added.id, by=by, at=now, module=module_id, day=day,
        reason=reason, missing=added.missing,
    )  # fmt: skip
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
