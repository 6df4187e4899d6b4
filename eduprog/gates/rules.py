"""What a gate asks for, what may be said of it and what a pause can stop, as closed lists; and what still lacks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from eduprog.curriculum.schema import LessonModule
from eduprog.curriculum.vocabulary import Gate
from eduprog.school.rules import HalfTermSpan

WENT_AHEAD = "gate-went-ahead"
"""Name of the message that tells a head of PSHE that a lesson began with a condition missing."""


class Condition(StrEnum):
    """What must be in place before a gated lesson."""

    TRAINED_TEACHER = "trained_teacher"
    DSL_TOLD = "dsl_told"
    HELP_CARD = "help_card"
    PARENTS_SHOWN = "parents_shown"
    SCHOOL_POLICY = "school_policy"
    PARENT_NOTICE = "parent_notice"
    WITHDRAWALS_CHECKED = "withdrawals_checked"
    ALTERNATIVE_WORK = "alternative_work"

    @property
    def label(self) -> str:
        """Give the words used on pages and in letters."""
        return _LABELS[self]


_LABELS = {
    Condition.TRAINED_TEACHER: "Trained teacher",
    Condition.DSL_TOLD: "Safeguarding lead told ahead",
    Condition.HELP_CARD: "Help card filled in",
    Condition.PARENTS_SHOWN: "Parents shown the materials",
    Condition.SCHOOL_POLICY: "School policy settled",
    Condition.PARENT_NOTICE: "Parents given notice",
    Condition.WITHDRAWALS_CHECKED: "Withdrawal register checked",
    Condition.ALTERNATIVE_WORK: "Alternative work ready",
}
_PREPARED = (Condition.TRAINED_TEACHER, Condition.DSL_TOLD, Condition.HELP_CARD, Condition.PARENTS_SHOWN)
OF_SEX_EDUCATION = (Condition.PARENT_NOTICE, Condition.WITHDRAWALS_CHECKED, Condition.ALTERNATIVE_WORK)
_ASKED = {
    Gate.G1: _PREPARED,
    Gate.W: OF_SEX_EDUCATION,
    Gate.W_UNSETTLED: (Condition.SCHOOL_POLICY, *OF_SEX_EDUCATION),
}


class GateReason(StrEnum):
    """How a condition came to be met."""

    DONE = "done"
    WHOLE_YEAR = "whole_year"
    DONE_BEFORE = "done_before"
    SEX_EDUCATION = "sex_education"
    NOT_SEX_EDUCATION = "not_sex_education"

    @property
    def label(self) -> str:
        """Give the words used on pages."""
        return _REASONS[self]


_REASONS = {
    GateReason.DONE: "Done for these lessons",
    GateReason.WHOLE_YEAR: "Done for the whole year",
    GateReason.DONE_BEFORE: "Done with an earlier lesson this year",
    GateReason.SEX_EDUCATION: "Our policy says it is sex education",
    GateReason.NOT_SEX_EDUCATION: "Our policy says it is not sex education",
}
OF_POLICY = (GateReason.SEX_EDUCATION, GateReason.NOT_SEX_EDUCATION)
OF_DOING = tuple(reason for reason in GateReason if reason not in OF_POLICY)


class AheadReason(StrEnum):
    """Why a lesson begins although a condition is missing."""

    DONE_NOT_NOTED = "done_not_noted"
    DONE_JUST_NOW = "done_just_now"
    COLLEAGUE_THERE = "colleague_there"
    CANNOT_WAIT = "cannot_wait"

    @property
    def label(self) -> str:
        """Give the words used on pages and in letters."""
        return _AHEAD[self]


_AHEAD = {
    AheadReason.DONE_NOT_NOTED: "It is done, but not noted here",
    AheadReason.DONE_JUST_NOW: "I have just done it",
    AheadReason.COLLEAGUE_THERE: "A trained colleague is in the room",
    AheadReason.CANNOT_WAIT: "The lesson cannot wait; it will be put right this week",
}


class Stop(StrEnum):
    """Why a lesson may not be put on the board for no class in particular."""

    ON_HOLD = "on_hold"
    YEAR_ON_HOLD = "year_on_hold"
    NO_NOTICE = "no_notice"

    @property
    def sentence(self) -> str:
        """Give what a teacher reads."""
        return _STOPS[self]


_STOPS = {
    Stop.ON_HOLD: "Your DSL has put this on hold in your school. Please teach something else and ask them first.",
    Stop.YEAR_ON_HOLD: (
        "Your DSL has put a year group of this module on hold. If yours is not on hold, teach it from your class in My week."
    ),
    Stop.NO_NOTICE: (
        "Parents and carers have to be told before it, and nobody has noted that those of every year group were. If yours were,"
        " teach it from your class in My week; if not, ask your head of PSHE."
    ),
}


class PauseScope(StrEnum):
    """What a pause stops."""

    MODULE = "module"
    STRAND = "strand"
    YEAR_GROUP = "year_group"


class Agreed(StrEnum):
    """Which two offices agreed, in writing, that a closed pack is opened for a class. Offices, not names."""

    HEAD_AND_LEAD = "head_and_lead"
    HEAD_AND_DEPUTY_LEAD = "head_and_deputy_lead"
    ACTING_HEAD_AND_LEAD = "acting_head_and_lead"

    @property
    def label(self) -> str:
        """Give the words used on pages."""
        return _AGREED[self]


_AGREED = {
    Agreed.HEAD_AND_LEAD: "Head and designated safeguarding lead",
    Agreed.HEAD_AND_DEPUTY_LEAD: "Head and deputy designated safeguarding lead",
    Agreed.ACTING_HEAD_AND_LEAD: "Acting head and designated safeguarding lead",
}


class SignOffReason(StrEnum):
    """Why a closed pack is opened for a class: nothing of what happened, and of nobody."""

    NOT_ENOUGH = "not_enough"
    ADVISED = "advised"
    MOVED = "moved"

    @property
    def label(self) -> str:
        """Give the words used on pages."""
        return _SIGN_OFF_REASONS[self]


_SIGN_OFF_REASONS = {
    SignOffReason.NOT_ENOUGH: "The ordinary lessons were taught and are not enough for this class",
    SignOffReason.ADVISED: "Our policy or advice from outside the school asks for it",
    SignOffReason.MOVED: "Agreed before; the lesson moves to other days",
}
PARENTS_BEFORE = timedelta(days=7)
"""How long before a closed session parents and carers are told."""
LONGEST_OPEN = timedelta(days=56)
"""How long after parents were told a closed pack may stay open for a class."""


def asked_of(module: LessonModule) -> tuple[Condition, ...]:
    """Give the conditions that the gates of a module ask for, in order; none for a module without any but G0."""
    asked = {condition for gate in module.gates for condition in _ASKED.get(gate, ())}
    return tuple(condition for condition in Condition if condition in asked)


def missing(module: LessonModule, met: Collection[Condition]) -> tuple[Condition, ...]:
    """Give what is asked for and not met. Until the policy is settled, nothing that hangs on it is asked for."""
    asked = asked_of(module)
    waits = Condition.SCHOOL_POLICY in asked and Condition.SCHOOL_POLICY not in met
    return tuple(one for one in asked if one not in met and not (waits and one in OF_SEX_EDUCATION))


def is_hard_stop(module: LessonModule, met: Collection[Condition]) -> bool:
    """Say whether a lesson may not begin: it holds sex education, and parents were given no notice."""
    if Condition.PARENT_NOTICE in met:
        return False
    return Gate.W in module.gates or (Gate.W_UNSETTLED in module.gates and Condition.SCHOOL_POLICY in met)


def counted(reasons: dict[Condition, GateReason]) -> frozenset[Condition]:
    """Give the conditions that count as met; what is no sex education by the school's policy needs no notice of it."""
    met = frozenset(reasons)
    if reasons.get(Condition.SCHOOL_POLICY) is GateReason.NOT_SEX_EDUCATION:
        return met | set(OF_SEX_EDUCATION)
    return met


_SEASONS = ("autumn", "spring", "summer")
_SIXTEEN = 16


@dataclass(frozen=True, slots=True)
class OwnChoice:
    """From when a pupil may choose sex education themselves: a term, and its first day where the calendar knows it."""

    sixteen_on: date
    term: str
    first_day: date | None


def own_choice(born: date, spans: Sequence[HalfTermSpan]) -> OwnChoice:
    """Give the first day of the term three terms before the one that holds the 16th birthday (statutory guidance, para 19).

    A birthday in a holiday belongs to the term before it. Beyond the calendar terms are told by the month.
    """
    sixteen = _birthday(born, born.year + _SIXTEEN)
    season, year = _term_of(sixteen, spans)
    target = year - 1  # three terms a year: the same term one year earlier
    firsts = [span.first for span in spans if _season(span) == season and span.first.year == target]
    return OwnChoice(sixteen, f"{season} term {target}", min(firsts, default=None))


def _birthday(born: date, year: int) -> date:
    if (born.month, born.day) == (2, 29):
        return date(year, 3, 1) if year % 4 else date(year, 2, 29)
    return born.replace(year=year)


def _term_of(day: date, spans: Sequence[HalfTermSpan]) -> tuple[str, int]:
    """Give the term that holds a day, or the one before it where it is a holiday: its season and calendar year."""
    begun = [span for span in spans if span.first <= day]
    if begun and any(span.last >= day for span in spans):
        last = max(begun, key=lambda span: span.first)
        return _season(last), last.first.year
    season = _SEASONS[0] if day.month >= 9 else _SEASONS[1] if day.month <= 3 else _SEASONS[2]
    return season, day.year


def _season(span: HalfTermSpan) -> str:
    return span.block.value.split("-")[0]
