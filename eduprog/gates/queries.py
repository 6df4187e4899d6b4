"""What is on hold, and which conditions of sensitive lessons are met."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import String, bindparam, cast, literal, null, select, type_coerce, union_all

from eduprog.core.db import session
from eduprog.core.held import held
from eduprog.core.tenancy import current_school_id
from eduprog.curriculum.schema import LessonModule
from eduprog.curriculum.schema.acts import Act
from eduprog.curriculum.vocabulary import Gate, YearGroup
from eduprog.gates.models import AheadNotice, ClosedSignOff, DeputyCover, GateDecision, Pause, TrainedTeacher, WentAhead
from eduprog.gates.rules import (
    PARENTS_BEFORE,
    Agreed,
    AheadReason,
    Condition,
    GateReason,
    PauseScope,
    SignOffReason,
    Stop,
    counted,
    is_hard_stop,
)
from eduprog.organisations import queries as organisations
from eduprog.organisations.models import SchoolSettings
from eduprog.school import queries as school


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

    def stop_act(self, act: Act, year_groups: Iterable[YearGroup]) -> bool:
        """Say whether this act is on hold for a class of these year groups: by a strand of it, or by a year group."""
        strands, years = {strand.value for strand in act.strands}, {year.value for year in year_groups}
        return bool(strands & self.strands or years & self.year_groups)


def holds() -> Holds:
    """Give what is on hold in the current school now. One statement, once for a page."""
    return held("holds", lambda: _holds(session().execute(select(Pause.scope, Pause.subject).where(Pause.lifted_at.is_(None)))))


def _holds(paused: Iterable[tuple[str, str]]) -> Holds:
    subjects: dict[str, set[str]] = {scope: set() for scope in PauseScope}
    for scope, subject in paused:
        subjects[scope].add(subject)
    return Holds(*(frozenset(subjects[scope]) for scope in (PauseScope.MODULE, PauseScope.STRAND, PauseScope.YEAR_GROUP)))


def standing_pauses() -> Sequence[Pause]:
    """Give the pauses that stand, oldest first."""
    return session().scalars(select(Pause).where(Pause.lifted_at.is_(None)).order_by(Pause.started_at, Pause.id)).all()


def decisions_of(academic_year_id: int) -> Sequence[GateDecision]:
    """Give every decision of an academic year, in the order in which they were made. One statement."""
    wanted = select(GateDecision).where(GateDecision.academic_year_id == academic_year_id)
    return session().scalars(wanted.order_by(GateDecision.decided_at, GateDecision.id)).all()


def conditions_met(academic_year_id: int) -> dict[tuple[str, YearGroup], frozenset[Condition]]:
    """Give the conditions met in an academic year, by module and year group. One statement.

    Where the school's policy says that a module is no sex education, what asks for notice of it counts as met.
    """
    wanted = select(GateDecision.module_id, GateDecision.year_group, GateDecision.condition, GateDecision.reason)
    return _met(session().execute(wanted.where(GateDecision.academic_year_id == academic_year_id)))


def _met(decided: Iterable[tuple[str, str, str, str]]) -> dict[tuple[str, YearGroup], frozenset[Condition]]:
    met: dict[tuple[str, YearGroup], dict[Condition, GateReason]] = {}
    for module_id, year, condition, reason in decided:
        met.setdefault((module_id, YearGroup(year)), {})[Condition(condition)] = GateReason(reason)
    return {key: counted(reasons) for key, reasons in met.items()}


@dataclass(frozen=True)
class Standing:
    """What is in place in an academic year, as one value to ask: decisions, trained people, and a filled-in help card.

    Nobody has to tick what the records say already.
    """

    decided: Mapping[tuple[str, YearGroup], frozenset[Condition]]
    trained: frozenset[int]
    help_card: bool

    def met(
        self, module: LessonModule, year_groups: Iterable[YearGroup], teacher_ids: Iterable[int | None]
    ) -> frozenset[Condition]:
        """Give the conditions met for all of these year groups, taught by these people."""
        held = [self.decided.get((module.id, year), frozenset()) for year in year_groups]
        met = set(frozenset.intersection(*held)) if held else set()
        return frozenset(met | self.known(teacher_ids))

    def known(self, teacher_ids: Iterable[int | None]) -> frozenset[Condition]:
        """Give the conditions that need no decision, as the records show them to be met."""
        who = set(teacher_ids)
        trained = {Condition.TRAINED_TEACHER} if who and who <= self.trained else set()
        return frozenset(trained | ({Condition.HELP_CARD} if self.help_card else set()))


def standing(academic_year_id: int) -> Standing:
    """Give what is in place in an academic year. One statement."""
    return standing_and_holds(academic_year_id)[0]


_DECISIONS, _TRAINED, _SETTINGS, _PAUSES = (one.__table__.c for one in (GateDecision, TrainedTeacher, SchoolSettings, Pause))
_STANDING_AND_HOLDS = union_all(  # for any school, on bare tables: it names its school itself
    select(
        literal("decided"), _DECISIONS.module_id,
        *(type_coerce(column, String) for column in (_DECISIONS.year_group, _DECISIONS.condition, _DECISIONS.reason)),
    ).where(_DECISIONS.school_id == bindparam("school"), _DECISIONS.academic_year_id == bindparam("year")),
    select(literal("trained"), cast(_TRAINED.person_id, String), null(), null(), null())
    .where(_TRAINED.school_id == bindparam("school")),
    select(literal("help"), _SETTINGS.dsl_name, null(), null(), null()).where(_SETTINGS.school_id == bindparam("school")),
    select(literal("paused"), type_coerce(_PAUSES.scope, String), _PAUSES.subject, null(), null())
    .where(_PAUSES.school_id == bindparam("school"), _PAUSES.lifted_at.is_(None)),
)  # fmt: skip


def standing_and_holds(academic_year_id: int) -> tuple[Standing, Holds]:
    """Give what is in place in an academic year, and what is on hold now. One statement for all of it."""
    found: dict[str, list[Any]] = {"decided": [], "trained": [], "help": [], "paused": []}
    session().flush()
    for kind, *rest in session().execute(_STANDING_AND_HOLDS, {"school": current_school_id(), "year": academic_year_id}).all():
        found[kind].append(rest)
    decided = _met((module_id, year, condition, reason) for module_id, year, condition, reason in found["decided"])
    trained = frozenset(int(person_id) for person_id, *_ in found["trained"])
    is_filled_in = any(dsl_name for dsl_name, *_ in found["help"])
    return Standing(decided, trained, is_filled_in), _holds((scope, subject) for scope, subject, *_ in found["paused"])


def stop_without_class(module: LessonModule, today: date) -> Stop | None:
    """Say why a module may not be put on the board for no class in particular: it must be clear for every year group it is for.

    One statement for a module without sex education while no year group is on hold; three at most. What only warns (G1) is
    nothing to ask here: it belongs to a class and its teacher.
    """
    held = holds()
    if held.stop(module, ()):
        return Stop.ON_HOLD
    may_need_notice = {Gate.W, Gate.W_UNSETTLED} & set(module.gates)
    if not may_need_notice and not held.year_groups:
        return None
    year = school.academic_year_on(today)
    groups = school.classes_of_year(year.id) if year else ()
    years = set(module.years) & {one for group in groups for one in group.year_groups} or set(module.years)
    if held.stop(module, years):
        return Stop.YEAR_ON_HOLD
    decided = standing(year.id) if year and may_need_notice else Standing({}, frozenset(), help_card=False)
    stops = any(is_hard_stop(module, decided.met(module, [one], [])) for one in years)
    return Stop.NO_NOTICE if stops else None


def went_ahead(teaching_group_id: int, module_id: str, day: date) -> bool:
    """Say whether somebody let this lesson begin on this day although a condition was missing."""
    wanted = select(WentAhead.id).where(
        WentAhead.teaching_group_id == teaching_group_id, WentAhead.module_id == module_id, WentAhead.day == day
    )
    return session().scalar(wanted) is not None


@dataclass(frozen=True, slots=True)
class Ahead:
    """A lesson that began with conditions missing, with the people to tell."""

    id: int
    module_id: str
    class_name: str
    years: tuple[YearGroup, ...]
    day: date
    missing: tuple[Condition, ...]
    reason: AheadReason
    decided_by: int
    decided_at: datetime


def lessons_ahead(since: date) -> Sequence[Ahead]:
    """Give the lessons that began with conditions missing from a day on, latest first."""
    wanted = select(WentAhead).where(WentAhead.day >= since).order_by(WentAhead.day.desc(), WentAhead.id.desc())
    return list(_ahead(session().scalars(wanted).all()).values())


def ahead_notices(ids: Collection[int]) -> Mapping[int, tuple[int, Ahead]]:
    """Give, by notice, whom it tells and of which lesson."""
    wanted = select(AheadNotice, WentAhead).join(WentAhead, AheadNotice.went_ahead_id == WentAhead.id)
    rows = session().execute(wanted.where(AheadNotice.id.in_(ids))).all()
    ahead = _ahead([row for _, row in rows])
    return {notice.id: (notice.person_id, ahead[row.id]) for notice, row in rows}


def _ahead(rows: Sequence[WentAhead]) -> dict[int, Ahead]:
    groups = school.classes_to_show({row.teaching_group_id for row in rows})
    return {
        row.id: Ahead(
            row.id, row.module_id, groups[row.teaching_group_id].name, tuple(groups[row.teaching_group_id].year_groups), row.day,
            tuple(Condition(one) for one in row.missing.split()), row.reason, row.decided_by, row.decided_at,
        )
        for row in rows
    }  # fmt: skip


def trained_teachers() -> frozenset[int]:
    """Give the people recorded as trained to teach sensitive lessons. One statement."""
    return frozenset(session().scalars(select(TrainedTeacher.person_id)))


def deputies(today: date) -> Sequence[DeputyCover]:
    """Give the deputies' days that are not over, in order. One statement, once for a page about days of one week."""
    monday = today - timedelta(days=today.weekday())
    return [row for row in held(("deputies", monday), lambda: _deputies(monday)) if row.last_day >= today]


def _deputies(monday: date) -> Sequence[DeputyCover]:
    wanted = select(DeputyCover).where(DeputyCover.last_day >= monday)
    return session().scalars(wanted.order_by(DeputyCover.first_day, DeputyCover.id)).all()


@dataclass(frozen=True, slots=True)
class LeadOnDay:
    """Whom to see about safeguarding on a day: the lead, or the deputy who stands in until `until`. Empty if not told yet."""

    name: str
    place: str
    until: date | None = None


def lead_on(day: date) -> LeadOnDay:
    """Give whom to see about safeguarding on a day; of two deputies the one whose days began last."""
    standing = next((row for row in reversed(deputies(day)) if row.first_day <= day), None)
    chosen = organisations.school_settings()
    if standing is None:
        return LeadOnDay(chosen.dsl_name, chosen.dsl_place)
    return LeadOnDay(standing.name, standing.place or chosen.dsl_place, standing.last_day)


@dataclass(frozen=True, slots=True)
class SignedOff:
    """A session of a closed pack that was opened for a class, with who did and until when."""

    id: int
    group_id: int
    class_name: str
    years: tuple[YearGroup, ...]
    act_id: str
    teacher_id: int
    agreed: Agreed
    reason: SignOffReason
    parents_told_on: date
    closes_on: date
    signed_by: int
    signed_at: datetime
    ended_by: int | None
    ended_at: datetime | None

    @property
    def teach_from(self) -> date:
        """Give the first day on which it may be taught: parents and carers have known of it for a week."""
        return self.parents_told_on + PARENTS_BEFORE

    def stands(self, today: date) -> bool:
        """Say whether it is open on a day: nobody ended it, and it has not run out."""
        return self.ended_at is None and today <= self.closes_on


def sign_offs() -> list[SignedOff]:
    """Give every opening of a closed pack in the current school, latest first. Two statements at most."""
    rows = session().scalars(select(ClosedSignOff).order_by(ClosedSignOff.signed_at.desc(), ClosedSignOff.id.desc())).all()
    groups = school.classes_to_show({row.teaching_group_id for row in rows}) if rows else {}
    return [
        SignedOff(
            row.id, row.teaching_group_id, groups[row.teaching_group_id].name, tuple(groups[row.teaching_group_id].year_groups),
            row.act_id, row.teacher_id, row.agreed, row.reason, row.parents_told_on, row.closes_on, row.signed_by, row.signed_at,
            row.ended_by, row.ended_at,
        )
        for row in rows
    ]  # fmt: skip


def sign_offs_of(person_id: int, today: date) -> list[SignedOff]:
    """Give what is open for somebody to teach from a closed pack on a day. One statement where nothing is."""
    return [one for one in sign_offs() if one.teacher_id == person_id and one.stands(today)]
