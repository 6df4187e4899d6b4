"""Recount the current school from the rows themselves: lessons and what became of them, follow-ups, families that joined.

A lesson that stands by itself, as almost every one does, is added up by the database. One that was begun and made good, or is
taught in parts, is delivered only once all of it was: those are read row by row and judged by the rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Integer, Select, String, Table, bindparam, case, func, or_, select, type_coerce

from eduprog.core.db import session
from eduprog.core.tenancy import current_school_id
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.delivery.models import Delivery
from eduprog.delivery.rules import LessonOutcome, LessonState, state_over_parts
from eduprog.families import queries as families
from eduprog.followups import queries as followups
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState
from eduprog.school.models import TeachingGroup, TeachingGroupYear
from eduprog.school.rules import HalfTermBlock
from eduprog.tallies.actions import AnyChange, TallyChange

_BETWEEN = " "
_BLOCKS = {block.value: block for block in HalfTermBlock}


def tally_facts() -> list[AnyChange]:
    """Give all that the roll-ups of the current school should hold. Four statements, one more where lessons were made good."""
    session().flush()  # statements on bare tables do not do it by themselves
    return [*_whole_lessons(), *_lessons_in_pieces(), *followups.tally_facts(), *families.tally_facts()]


# Bare tables, each named with its school: to filter statements as large as these anew each time took as long as their rows.
_LESSON, _DELIVERY = cast(Table, PlannedLesson.__table__), cast(Table, Delivery.__table__)
_CLASS, _CLASS_YEAR = cast(Table, TeachingGroup.__table__), cast(Table, TeachingGroupYear.__table__)
_SCHOOL = bindparam("school_id", type_=Integer)
_REST = _LESSON.alias("rest")
_MADE_GOOD = select(_REST.c.make_good_of).where(_REST.c.make_good_of.is_not(None), _REST.c.school_id == _SCHOOL)
_WITH_RECORDS = _LESSON.outerjoin(
    _DELIVERY,
    (_DELIVERY.c.planned_lesson_id == _LESSON.c.id) & _DELIVERY.c.withdrawn_at.is_(None) & (_DELIVERY.c.school_id == _SCHOOL),
)


def _plain(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Give a code as it is stored."""
    return type_coerce(column, String)


def _sums() -> Select[Any]:
    named = func.aggregate_strings(_plain(_CLASS_YEAR.c.year_group), _BETWEEN)
    classes = (
        select(_CLASS.c.id, _CLASS.c.academic_year_id, named.label("years"))
        .outerjoin(_CLASS_YEAR, (_CLASS_YEAR.c.teaching_group_id == _CLASS.c.id) & (_CLASS_YEAR.c.school_id == _SCHOOL))
        .where(_CLASS.c.school_id == _SCHOOL)
        .group_by(_CLASS.c.id, _CLASS.c.academic_year_id)
        .subquery()
    )
    place = (classes.c.academic_year_id, classes.c.years, _LESSON.c.module_id, _plain(_LESSON.c.block))
    planned = case((_LESSON.c.state != PlanState.WITHDRAWN, 1), else_=0)
    fully = case((_DELIVERY.c.outcome != LessonOutcome.PART_TAUGHT, 1), else_=0)
    return (
        select(*place, func.sum(planned), func.sum(fully), func.count(_DELIVERY.c.id), func.sum(_DELIVERY.c.minutes))
        .select_from(_WITH_RECORDS.join(classes, classes.c.id == _LESSON.c.teaching_group_id))
        .where(_LESSON.c.school_id == _SCHOOL, _LESSON.c.part == 0, _LESSON.c.make_good_of.is_(None))
        .where(_LESSON.c.id.not_in(_MADE_GOOD))
        .group_by(*place)
    )


_SUMS = _sums()
_PIECES = (
    select(
        _LESSON.c.id, func.coalesce(_LESSON.c.make_good_of, _LESSON.c.id), _LESSON.c.make_good_of.is_not(None),
        _LESSON.c.teaching_group_id, _LESSON.c.module_id, _LESSON.c.lesson_number, _LESSON.c.part,
        _LESSON.c.state == PlanState.WITHDRAWN, _LESSON.c.block, _DELIVERY.c.outcome != LessonOutcome.PART_TAUGHT,
        _DELIVERY.c.minutes,
    )
    .select_from(_WITH_RECORDS)
    .where(_LESSON.c.school_id == _SCHOOL)
    .where(or_(_LESSON.c.part > 0, _LESSON.c.make_good_of.is_not(None), _LESSON.c.id.in_(_MADE_GOOD)))
)  # fmt: skip


def _of_school(statement: Select[Any]) -> Sequence[Any]:
    return session().execute(statement, {"school_id": current_school_id()}).all()


def _whole_lessons() -> Iterable[TallyChange]:
    """Add up the lessons that stand by themselves, by academic year, year groups of the class, module and half-term."""
    curriculum = catalogue.current()
    strands = {module_id: module.strand for module_id, module in curriculum.modules.items()}
    years_of: dict[str | None, tuple[YearGroup, ...]] = {None: ()}
    for year_id, years, module_id, block, planned, fully, recorded, minutes in _of_school(_SUMS):
        if years not in years_of:
            years_of[years] = tuple(map(YearGroup, years.split(_BETWEEN)))
        strand = strands.get(module_id) or curriculum.module(module_id).strand
        yield TallyChange(year_id, years_of[years], strand, _BLOCKS[block], planned, fully, recorded - fully, minutes or 0)


class _Piece(NamedTuple):
    id: int
    root: int
    is_rest: bool
    group_id: int
    module_id: str
    number: int
    part: int
    withdrawn: bool
    block: HalfTermBlock
    fully: bool | None
    minutes: int | None


def _lessons_in_pieces() -> list[TallyChange]:
    """Judge the lessons that were made good or are taught in parts."""
    pieces = [_Piece._make(row) for row in _of_school(_PIECES)]
    if not pieces:
        return []
    outcomes: dict[int, list[tuple[bool, int]]] = defaultdict(list)
    parts: dict[tuple[int, str, int], list[int]] = defaultdict(list)
    for piece in pieces:
        if piece.fully is not None and piece.minutes is not None:
            outcomes[piece.root].append((piece.fully, piece.minutes))
        if piece.part and not piece.is_rest and not piece.withdrawn:
            parts[piece.group_id, piece.module_id, piece.number].append(piece.id)
    classes = _years_of_classes()
    return [
        _fact(piece, *classes[piece.group_id], [outcomes.get(one, ()) for one in _roots(piece, parts)])
        for piece in pieces
        if not piece.is_rest and piece.part < 2
    ]


def _years_of_classes() -> dict[int, tuple[int, tuple[YearGroup, ...]]]:
    """Give, by class, its academic year and its year groups."""
    wanted = select(TeachingGroup.id, TeachingGroup.academic_year_id, TeachingGroupYear.year_group)
    wanted = wanted.outerjoin(TeachingGroupYear, TeachingGroupYear.teaching_group_id == TeachingGroup.id)
    found: dict[int, tuple[int, tuple[YearGroup, ...]]] = {}
    for group_id, year_id, year in session().execute(wanted.order_by(TeachingGroupYear.id)):
        before = found.get(group_id, (year_id, ()))[1]
        found[group_id] = (year_id, before if year is None else (*before, year))
    return found


def _roots(piece: _Piece, parts: Mapping[tuple[int, str, int], list[int]]) -> list[int]:
    if not piece.part or piece.withdrawn:
        return [piece.id]
    return parts[piece.group_id, piece.module_id, piece.number]


def _fact(
    piece: _Piece, academic_year_id: int, years: tuple[YearGroup, ...], outcomes: Sequence[Sequence[tuple[bool, int]]]
) -> TallyChange:
    state = state_over_parts([[fully for fully, _ in one] for one in outcomes])
    return TallyChange(
        academic_year_id,
        years,
        catalogue.current().module(piece.module_id).strand,
        piece.block,
        planned=int(not piece.withdrawn),
        delivered=int(state is LessonState.DELIVERED),
        part=int(state is LessonState.PART),
        minutes=sum(minutes for one in outcomes for _, minutes in one),
    )
