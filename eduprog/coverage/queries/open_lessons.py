"""What of the plan is due and not delivered, what comes next, and how much there is: one text a class, which the database joins.

A large school has hundreds of open lessons; a class's text is read once for as long as nothing of it changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from typing import cast as as_type

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    String,
    Table,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from eduprog.core.db import session
from eduprog.core.tenancy import current_school_id
from eduprog.core.words import BETWEEN, PARTS, id_of, key_of
from eduprog.coverage.queries.classes import ClassRow, YearFacts
from eduprog.coverage.queries.met import EVERY_CLASS, THESE
from eduprog.coverage.rules.board import AHEAD_DAYS, LessonRef, OpenLesson
from eduprog.coverage.rules.open_lessons import OpenRow, open_lesson
from eduprog.coverage.rules.school_days import SchoolDays
from eduprog.curriculum.vocabulary import HalfTermBlock, YearGroup
from eduprog.delivery.models import Delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.planning.models import PlannedLesson, SchemeEntry, SchemeOfWork
from eduprog.planning.rules import PlanState, WhyUnplaced

_NO_DAY = "~"
"""Stands after every day."""


class ClassLessons(NamedTuple):
    """The lessons of a class: how many are planned, how many were delivered fully, what is due and not delivered, what comes.

    What is due stands oldest first, and so does what comes; of a lesson taught in part, its rest.
    """

    planned: int
    delivered: int
    opened: tuple[OpenLesson, ...]
    ahead: tuple[LessonRef, ...]


NOTHING_PLANNED = ClassLessons(0, 0, (), ())


class _Words(NamedTuple):
    """What the database says of a class: two counts, and of its lessons not delivered and of those taught in part a text each."""

    planned: int
    recorded: int
    texts: tuple[str, ...]


class _Lesson(NamedTuple):
    """A lesson as the database writes it, word by word, so that words stand in order of time; nothing where there is nothing."""

    day: str
    starts_at: str
    key: str
    module_id: str
    number: str
    state: str
    made_good_key: str
    outcome: str


class _Days(NamedTuple):
    """Today, the last day looked ahead to as a word, and the modules of lessons that are late on any day to come."""

    today: date
    until: str
    late: frozenset[str]


def lessons_of_board(
    year: YearFacts, classes: Sequence[ClassRow], days: SchoolDays, *, today: date, only: int | None
) -> dict[int, ClassLessons]:
    """Give the lessons of these classes of a year, by class; with `only`, of that class alone. Two statements."""
    until = days.ahead(today, 3 * AHEAD_DAYS)
    over = [span.block for span in year.spans if span.last < today]
    late, these = _belong_before(year.id, over), {"year": year.id, "only": only or EVERY_CLASS}
    words = _words(these, over, until)
    known: dict[tuple[YearGroup, ...], _Days] = {}
    found = {}
    for one in classes:
        if one.id in words:
            if one.year_groups not in known:
                modules = frozenset().union(*(late[group] for group in one.year_groups))
                known[one.year_groups] = _Days(today, until.isoformat(), modules)
            found[one.id] = _read(words[one.id], known[one.year_groups])
    return found


@lru_cache(maxsize=500)
def _read(words: _Words, days: _Days) -> ClassLessons:
    """Read the lessons of a class, worked out once for a day and for as long as nothing of them changes."""
    lessons = sorted(_Lesson._make(word.split(PARTS)) for text in words.texts for word in text.split(BETWEEN))
    rests = [lesson for lesson in lessons if lesson.made_good_key]
    whole = {rest.made_good_key for rest in rests if rest.outcome not in ("", LessonOutcome.PART_TAUGHT)}
    rest_on = {rest.made_good_key: rest.day for rest in reversed(rests) if _is_planned(rest)}  # the first of several stays
    in_part = 0
    opened: list[OpenLesson] = []
    ahead: list[LessonRef] = []
    for lesson in lessons:
        if lesson.key in whole or (lesson.made_good_key and (lesson.outcome or lesson.state == PlanState.WITHDRAWN)):
            continue
        in_part += bool(lesson.outcome)
        row = _row_of(lesson, rest_on.get(lesson.key), lesson.module_id in days.late)
        if days.until < lesson.day != _NO_DAY and not row.belongs_before and not row.part_taught:  # else its rest may be late
            continue
        if days.today.isoformat() <= lesson.day <= days.until and not row.part_taught:
            ahead.append(LessonRef(*row[:4]))
        due = None if lesson.made_good_key else open_lesson(row, days.today)
        if due is not None:
            opened.append(due)
    return ClassLessons(words.planned, words.recorded - in_part, tuple(opened), tuple(ahead))


def _is_planned(lesson: _Lesson) -> bool:
    return lesson.day != _NO_DAY and not lesson.outcome and lesson.state == PlanState.PLANNED


def _row_of(lesson: _Lesson, rest_on: str | None, is_late: bool) -> OpenRow:
    return OpenRow(
        id_of(lesson.key),
        lesson.module_id,
        int(lesson.number),
        None if lesson.day == _NO_DAY else date.fromisoformat(lesson.day),
        bool(lesson.outcome),
        date.fromisoformat(rest_on) if rest_on and lesson.outcome else None,
        is_late,
    )


def _belong_before(academic_year_id: int, over: Collection[HalfTermBlock]) -> Mapping[YearGroup, set[str]]:
    """Give the modules that belong, by the schemes of work, into the half-terms that are over; by year group."""
    found: dict[YearGroup, set[str]] = defaultdict(set)
    for year_group, modules in _asked(_MODULES_BEFORE, year=academic_year_id, over=list(over)):
        found[YearGroup(year_group)].update(modules.split(BETWEEN))
    return found


def _words(these: Mapping[str, int], over: Collection[HalfTermBlock], until: date) -> dict[int, _Words]:
    """Give, by class, how much is planned and recorded, and what was not taught fully, with every make-good.

    It has no day, one until then, was taught in part, or is of a module that belongs, by the schemes of work, into the
    half-terms that are over.
    """
    found: dict[int, _Words] = {}
    for group_id, planned, recorded, text in _asked(_LESSONS, **these, over=list(over), until=until):
        before = found.get(group_id, _Words(0, 0, ()))
        texts = before.texts if text is None else (*before.texts, text)
        found[group_id] = _Words(before.planned + planned, before.recorded + recorded, texts)
    return found


def _asked(wanted: Any, **asked: Any) -> Sequence[Any]:
    session().flush()
    return session().execute(wanted, {"school": current_school_id(), **asked}).all()


_SCHEMES, _ENTRIES = (as_type(Table, one.__table__).c for one in (SchemeOfWork, SchemeEntry))
_PLAN, _RECORDS = as_type(Table, PlannedLesson.__table__).c, as_type(Table, Delivery.__table__).c
_SCHOOL: BindParameter[int] = bindparam("school")
_BELONG_BEFORE = (
    select(_ENTRIES.module_id)
    .join_from(
        SchemeOfWork.__table__, SchemeEntry.__table__,
        (_ENTRIES.school_id == _SCHEMES.school_id) & (_ENTRIES.scheme_of_work_id == _SCHEMES.id),
    )
    .where(
        _SCHEMES.school_id == _SCHOOL, _SCHEMES.academic_year_id == bindparam("year"),
        _ENTRIES.block.in_(bindparam("over", expanding=True)),
    )
)  # fmt: skip
_MODULES_BEFORE = _BELONG_BEFORE.with_only_columns(
    type_coerce(_SCHEMES.year_group, String), func.aggregate_strings(_ENTRIES.module_id, BETWEEN), maintain_column_froms=True
).group_by(_SCHEMES.year_group)


def _word(outcome: Any) -> ColumnElement[str]:
    """Write a lesson of the plan as `_Lesson` reads it."""
    first, *others = (
        func.coalesce(cast(_PLAN.planned_on, String), literal(_NO_DAY)),
        func.coalesce(cast(_PLAN.starts_at, String), literal("")),
        key_of(_PLAN.id), _PLAN.module_id, cast(_PLAN.lesson_number, String), type_coerce(_PLAN.state, String),
        func.coalesce(key_of(_PLAN.make_good_of), literal("")), outcome,
    )  # fmt: skip
    for other in others:
        first = first + literal(PARTS) + other
    return as_type(ColumnElement[str], first)


def _statement() -> Any:
    """Make the statement: what has no record or is a make-good, from the plan; what was taught in part, from its records."""
    outcome: Any = type_coerce(_RECORDS.outcome, String)
    record = (_RECORDS.school_id == _PLAN.school_id) & (_RECORDS.planned_lesson_id == _PLAN.id) & _RECORDS.withdrawn_at.is_(None)
    of_rest = select(outcome).where(record).correlate(PlannedLesson.__table__).scalar_subquery()
    is_rest, stands = _PLAN.make_good_of.is_not(None), _PLAN.state != PlanState.WITHDRAWN
    without_day = (_PLAN.state == PlanState.UNPLACED) & (
        _PLAN.why_unplaced.is_(None) | (_PLAN.why_unplaced != WhyUnplaced.NEXT_YEAR)
    )
    late = _PLAN.module_id.in_(_BELONG_BEFORE)
    soon = or_(_PLAN.planned_on <= bindparam("until", type_=Date), without_day, _PLAN.planned_on.is_not(None) & late)
    text = case(
        (is_rest, _word(func.coalesce(of_rest, literal("")))), (stands & ~_PLAN.recorded & soon, _word(literal("")))
    )  # fmt: skip
    counted = stands & ~is_rest
    group_id = _PLAN.teaching_group_id
    of_plan = (
        select(
            group_id, func.sum(case((counted, 1), else_=0)), func.sum(case((counted & _PLAN.recorded, 1), else_=0)),
            func.aggregate_strings(text, BETWEEN),
        )
        .where(_PLAN.school_id == _SCHOOL, group_id.in_(THESE))
        .group_by(group_id)
    )  # fmt: skip
    in_part = (
        select(_RECORDS.teaching_group_id, literal(0), literal(0), func.aggregate_strings(_word(outcome), BETWEEN))
        .join_from(Delivery.__table__, PlannedLesson.__table__, record)
        .where(
            _RECORDS.school_id == _SCHOOL, _RECORDS.teaching_group_id.in_(THESE),
            _RECORDS.outcome == LessonOutcome.PART_TAUGHT, ~is_rest, stands,
        )
        .group_by(_RECORDS.teaching_group_id)
    )  # fmt: skip
    return of_plan.union_all(in_part)


_LESSONS = _statement()
"""What the board asks stands ready for any school, on bare tables: it names its school itself."""
