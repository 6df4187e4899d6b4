"""Recount the current school from the rows themselves: lessons and what became of them, follow-ups, families that joined.

A lesson that stands by itself, as almost every one does, is added up by the database. One that was begun and made good, or is
taught in parts, is delivered only once all of it was: those are read row by row and judged by the rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, String, case, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from eduprog.core.db import session
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
    return [*_whole_lessons(), *_lessons_in_pieces(), *followups.tally_facts(), *families.tally_facts()]


_REST = aliased(PlannedLesson)
_MADE_GOOD = select(_REST.make_good_of).where(_REST.make_good_of.is_not(None))
_STANDING_RECORD = (Delivery.planned_lesson_id == PlannedLesson.id) & Delivery.withdrawn_at.is_(None)


def _sums() -> Select[Any]:
    named = func.aggregate_strings(type_coerce(TeachingGroupYear.year_group, String), _BETWEEN)
    classes = (
        select(TeachingGroup.id, TeachingGroup.academic_year_id, named.label("years"))
        .outerjoin(TeachingGroupYear, TeachingGroupYear.teaching_group_id == TeachingGroup.id)
        .group_by(TeachingGroup.id, TeachingGroup.academic_year_id)
        .subquery()
    )
    place = (classes.c.academic_year_id, classes.c.years, PlannedLesson.module_id, type_coerce(PlannedLesson.block, String))
    planned = case((PlannedLesson.state != PlanState.WITHDRAWN, 1), else_=0)
    fully = case((Delivery.outcome != LessonOutcome.PART_TAUGHT, 1), else_=0)
    return (
        select(*place, func.sum(planned), func.sum(fully), func.count(Delivery.id), func.sum(Delivery.minutes))
        .join(classes, classes.c.id == PlannedLesson.teaching_group_id)
        .outerjoin(Delivery, _STANDING_RECORD)
        .where(PlannedLesson.part == 0, PlannedLesson.make_good_of.is_(None), PlannedLesson.id.not_in(_MADE_GOOD))
        .group_by(*place)
    )


_SUMS = _sums()
_PIECES = (
    select(
        PlannedLesson.id, func.coalesce(PlannedLesson.make_good_of, PlannedLesson.id), PlannedLesson.make_good_of.is_not(None),
        PlannedLesson.teaching_group_id, PlannedLesson.module_id, PlannedLesson.lesson_number, PlannedLesson.part,
        PlannedLesson.state == PlanState.WITHDRAWN, PlannedLesson.block, Delivery.outcome != LessonOutcome.PART_TAUGHT,
        Delivery.minutes,
    )
    .outerjoin(Delivery, _STANDING_RECORD)
    .where(or_(PlannedLesson.part > 0, PlannedLesson.make_good_of.is_not(None), PlannedLesson.id.in_(_MADE_GOOD)))
)  # fmt: skip


def _whole_lessons() -> Iterable[TallyChange]:
    """Add up the lessons that stand by themselves, by academic year, year groups of the class, module and half-term."""
    curriculum = catalogue.current()
    strands = {module_id: module.strand for module_id, module in curriculum.modules.items()}
    years_of: dict[str | None, tuple[YearGroup, ...]] = {None: ()}
    for year_id, years, module_id, block, planned, fully, recorded, minutes in session().execute(_SUMS).all():
        if years not in years_of:
            years_of[years] = tuple(map(YearGroup, years.split(_BETWEEN)))
        delivered, strand = int(fully), strands.get(module_id) or curriculum.module(module_id).strand
        yield TallyChange(
            year_id, years_of[years], strand, _BLOCKS[block], int(planned), delivered, recorded - delivered, int(minutes or 0)
        )


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
    pieces = [_Piece._make(row) for row in session().execute(_PIECES)]
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
