"""Which lessons are planned for whom and when."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Table,
    and_,
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
from eduprog.core.errors import NotHere
from eduprog.core.tenancy import current_school_id
from eduprog.core.words import BETWEEN, PARTS, key_of
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState, WhyUnplaced
from eduprog.school import queries as school
from eduprog.school.models import TeachingGroup


def planned_lesson(planned_lesson_id: int) -> PlannedLesson:
    """Give a planned lesson with its class. Raises NotHere."""
    found = session().scalars(select(PlannedLesson).where(PlannedLesson.id == planned_lesson_id)).one_or_none()
    if found is None:
        raise NotHere
    return school.with_classes([found])[0]


def lessons_between(first: date, last: date, *, lead_teacher_id: int | None = None) -> Sequence[PlannedLesson]:
    """Give the lessons planned for a span of days, by day and class; those one person is to teach if named."""
    wanted = select(PlannedLesson).where(PlannedLesson.planned_on.between(first, last), PlannedLesson.state == PlanState.PLANNED)
    return _in_order(_of_teacher(wanted, lead_teacher_id))


def lessons_of_week(
    first: date, last: date, *, since: date, before: date, lead_teacher_id: int | None
) -> Sequence[PlannedLesson]:
    """Give the lessons planned for a span of days, and those from `since` on and before `before` that have no record.

    By day and class, without their classes; those one person is to teach if named. One statement.
    """
    waiting = (PlannedLesson.planned_on < before) & PlannedLesson.recorded.is_(False)
    wanted = select(PlannedLesson).where(
        PlannedLesson.planned_on.between(since, last), PlannedLesson.state == PlanState.PLANNED,
        or_(PlannedLesson.planned_on >= first, waiting),
    )  # fmt: skip
    return session().scalars(_ordered(_of_teacher(wanted, lead_teacher_id))).all()


def lessons_to_come(first: date, last: date, *, module_ids: Collection[str], or_ids: Collection[int]) -> Sequence[PlannedLesson]:
    """Give the lessons of these modules, or with these ids, that are planned for a span of days and not recorded, by day."""
    wanted = select(PlannedLesson).where(
        PlannedLesson.planned_on.between(first, last),
        PlannedLesson.state == PlanState.PLANNED,
        PlannedLesson.recorded.is_(False),
        or_(PlannedLesson.module_id.in_(module_ids), PlannedLesson.id.in_(or_ids)),
    )
    return _in_order(wanted)


def lessons_on(days: Collection[date]) -> Sequence[PlannedLesson]:
    """Give the lessons planned for any of these days."""
    return _in_order(select(PlannedLesson).where(PlannedLesson.planned_on.in_(days), PlannedLesson.state == PlanState.PLANNED))


def lessons_of_class(group_id: int) -> Sequence[PlannedLesson]:
    """Give a class's plan: every standing lesson by day, those without a day last."""
    wanted = select(PlannedLesson).where(PlannedLesson.teaching_group_id == group_id, PlannedLesson.state != PlanState.WITHDRAWN)
    return _in_order(wanted)


def lessons_of_classes(group_ids: Collection[int]) -> Sequence[PlannedLesson]:
    """Give the standing lessons of several classes."""
    wanted = select(PlannedLesson).where(
        PlannedLesson.teaching_group_id.in_(group_ids), PlannedLesson.state != PlanState.WITHDRAWN
    )
    return _in_order(wanted)


class WithoutDay(NamedTuple):
    """A standing lesson that found no day, as the year's plan shows it."""

    id: int
    group_id: int
    module_id: str
    lesson_number: int
    part: int
    why_unplaced: WhyUnplaced | None


PlanWords = str
"""The standing lessons of a class that have a day, in the words the database writes, because a large school's plan has thousands.

It is the same text as long as nothing of them changes.
"""


def plan_words(group_ids: Collection[int]) -> dict[int, PlanWords]:
    """Give, by class, its standing lessons that have a day. One statement, a row a class."""
    rows = session().execute(_PLAN_WORDS, {"school": current_school_id(), "group_ids": list(group_ids)})
    return {group_id: text for group_id, text in rows}


def number_in(words: PlanWords) -> int:
    """Give how many lessons they are."""
    return words.count(BETWEEN) + 1


def lessons_in(words: PlanWords) -> list[list[str]]:
    """Give the lessons in order, word by word.

    Of each its day, two words that only put it in order, its half-term, and in one word its module, lesson and part with spaces
    between.
    """
    return [one.split(PARTS, _WORDS_BEFORE_LESSON) for one in sorted(words.split(BETWEEN))]


def lessons_without_day(group_ids: Collection[int]) -> list[WithoutDay]:
    """Give the standing lessons of these classes that have no day, class by class. One statement."""
    rows = session().execute(_WITHOUT_DAY, {"school": current_school_id(), "group_ids": list(group_ids)})
    return [WithoutDay._make(row) for row in rows]


_LESSONS: Table = PlannedLesson.__table__  # type: ignore[assignment]  # a mapped class's is a Table
_WORDS_BEFORE_LESSON = 4
_AFTER_EVERY_TIME = "~"
_OF_CLASSES = (
    _LESSONS.c.school_id == bindparam("school"),
    _LESSONS.c.teaching_group_id.in_(bindparam("group_ids", expanding=True)),
    _LESSONS.c.state != PlanState.WITHDRAWN,
)
_WITHOUT_DAY = (
    select(*(_LESSONS.c[name] for name in ("id", "teaching_group_id", "module_id", "lesson_number", "part", "why_unplaced")))
    .where(*_OF_CLASSES, _LESSONS.c.planned_on.is_(None))
    .order_by(_LESSONS.c.starts_at.is_(None), _LESSONS.c.starts_at, _LESSONS.c.teaching_group_id, _LESSONS.c.id)
)
"""What the year's plan reads stands ready for any school, on bare tables: it names its school itself."""


def _plan_words() -> Any:
    one = _LESSONS.c
    parts = (
        cast(one.planned_on, String), func.coalesce(cast(one.starts_at, String), literal(_AFTER_EVERY_TIME)),
        key_of(one.id), type_coerce(one.block, String),
        one.module_id, cast(one.lesson_number, String), cast(one.part, String),
    )  # fmt: skip
    words: Any = parts[0]
    for part in parts[1:]:
        words = words + literal(PARTS) + part
    return (
        select(one.teaching_group_id, func.aggregate_strings(words, BETWEEN))
        .where(*_OF_CLASSES, one.planned_on.is_not(None))
        .group_by(one.teaching_group_id)
    )


_PLAN_WORDS = _plan_words()


def figures_of_classes(group_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Give, by class, how many lessons stand and how many of them have no day; classes without any are left out."""
    counted = (
        select(
            PlannedLesson.teaching_group_id, func.count(), func.sum(case((PlannedLesson.planned_on.is_(None), 1), else_=0))
        )
        .where(PlannedLesson.teaching_group_id.in_(group_ids), PlannedLesson.state != PlanState.WITHDRAWN)
        .group_by(PlannedLesson.teaching_group_id)
    )  # fmt: skip
    return {group_id: (lessons, int(without_day)) for group_id, lessons, without_day in session().execute(counted)}


def is_to_teach(person_id: int) -> ColumnElement[bool]:
    """Give the condition "this person is to teach it" for statements that join planned lessons to their classes."""
    own = and_(TeachingGroup.lead_teacher_id == person_id, PlannedLesson.covered_by.is_(None))
    return or_(PlannedLesson.covered_by == person_id, own)


def _of_teacher(wanted: Select[PlannedLesson], lead_teacher_id: int | None) -> Select[PlannedLesson]:
    if lead_teacher_id is None:
        return wanted
    joined = wanted.join(TeachingGroup, PlannedLesson.teaching_group_id == TeachingGroup.id)
    return joined.where(is_to_teach(lead_teacher_id))


def _in_order(wanted: Select[PlannedLesson]) -> Sequence[PlannedLesson]:
    return school.with_classes(session().scalars(_ordered(wanted)).all())


def _ordered(wanted: Any) -> Any:
    return wanted.order_by(
        PlannedLesson.planned_on.is_(None), PlannedLesson.planned_on, PlannedLesson.starts_at.is_(None), PlannedLesson.starts_at,
        PlannedLesson.teaching_group_id, PlannedLesson.id,
    )  # fmt: skip
