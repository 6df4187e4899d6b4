"""The lessons that classes have in their plans and were taught, as words: one text a class, which the database joins.

Rows of classes lie together by index, so that nothing is sorted; a lesson of a year group is written the same in every class, so
that words can be counted before anything is made of them.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple
from typing import cast as as_type

from sqlalchemy import BindParameter, ColumnElement, Select, String, Table, bindparam, cast, func, literal, select

from eduprog.checks.models import CheckTally
from eduprog.checks.rules import Moment
from eduprog.core.db import session
from eduprog.core.held import held
from eduprog.core.tenancy import current_school_id
from eduprog.core.words import BETWEEN, PARTS
from eduprog.coverage.rules.statements import LessonKey
from eduprog.delivery.models import Delivery, DeliveryStep
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import FollowUpState
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState
from eduprog.school.models import TeachingGroup

_STEP = "#"
_FIRST, _SECOND = 1, 2


class Words(NamedTuple):
    """Two kinds of words, each by class."""

    first: dict[int, list[str]]
    second: dict[int, list[str]]


def _bare(model: type) -> Table:
    return as_type(Table, model.__table__)  # type: ignore[attr-defined]  # every model has one


_SCHOOL: BindParameter[int] = bindparam("school")
_GROUPS, _PLAN, _RECORDS, _STEPS = _bare(TeachingGroup), _bare(PlannedLesson), _bare(Delivery), _bare(DeliveryStep)
_SLIPS, _FOLLOW_UPS = _bare(CheckTally), _bare(FollowUp)
_OF_YEAR = select(_GROUPS.c.id).where(_GROUPS.c.school_id == _SCHOOL, _GROUPS.c.academic_year_id == bindparam("year"))


def _a_class(kind: int, table: Table, word: ColumnElement[str], *those: ColumnElement[bool]) -> Select[Any]:
    """Select the words of a table's rows, joined by class. It names its school itself: the tables stand bare."""
    group_id = table.c.teaching_group_id
    wanted: Any = select(literal(kind), group_id, func.aggregate_strings(word, BETWEEN))
    return as_type(Select[Any], wanted.where(table.c.school_id == _SCHOOL, group_id.in_(_OF_YEAR), *those).group_by(group_id))


def _lesson(table: Table) -> ColumnElement[str]:
    return as_type(ColumnElement[str], table.c.module_id + literal(PARTS) + cast(table.c.lesson_number, String))


_STEP_DONE = (_STEPS.c.school_id == _RECORDS.c.school_id) & (_STEPS.c.delivery_id == _RECORDS.c.id)
_LESSONS = _a_class(
    _FIRST, _PLAN, _lesson(_PLAN),
    _PLAN.c.state != PlanState.WITHDRAWN, _PLAN.c.make_good_of.is_(None), _PLAN.c.part < 2,
).union_all(
    _a_class(
        _SECOND, _RECORDS,
        _lesson(_RECORDS) + literal(_STEP) + func.coalesce(cast(_STEPS.c.step_number, String), literal("")),
        _RECORDS.c.withdrawn_at.is_(None),
    ).outerjoin_from(_RECORDS, _STEPS, _STEP_DONE)
)  # fmt: skip
_AFTERWARDS = _a_class(
    _FIRST, _SLIPS, _SLIPS.c.module_id, _SLIPS.c.moment.in_((Moment.EXIT, Moment.REFRESH))
).union_all(_a_class(_SECOND, _FOLLOW_UPS, _FOLLOW_UPS.c.module_id, _FOLLOW_UPS.c.state == FollowUpState.DONE))  # fmt: skip


def lesson_words(academic_year_id: int) -> Words:
    """Give, by class of a year, the lessons of its plan (one taught in parts once), and its records as `done_of` reads them.

    One statement, once for a page.
    """
    return held(("words of lessons", academic_year_id), lambda: _words(_LESSONS, academic_year_id))


def words_afterwards(academic_year_id: int) -> Words:
    """Give, by class of a year, the modules of which slips were counted after teaching, and those a follow-up was given of.

    A module stands there as often as that happened. One statement.
    """
    return _words(_AFTERWARDS, academic_year_id)


def _words(wanted: Any, academic_year_id: int) -> Words:
    found = Words({}, {})
    session().flush()
    for kind, group_id, text in session().execute(wanted, {"school": current_school_id(), "year": academic_year_id}).all():
        found[kind - _FIRST][group_id] = text.split(BETWEEN)
    return found


@cache
def lesson_of(words: str) -> LessonKey:
    """Read a lesson as the database writes it; there are only so many."""
    module_id, _, number = words.rpartition(PARTS)
    return module_id, int(number)


@cache
def done_of(words: str) -> tuple[LessonKey, int]:
    """Read a record: the lesson and the number of a step done, 0 where it was taught whole."""
    lesson, _, step = words.partition(_STEP)
    return lesson_of(lesson), int(step or 0)
