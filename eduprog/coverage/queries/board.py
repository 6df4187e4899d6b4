"""The programme board: what the records say of every class that runs, in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from eduprog.core.db import session
from eduprog.coverage.queries.classes import ClassRow, YearFacts, YearsFacts, classes_of
from eduprog.coverage.queries.met import met
from eduprog.coverage.rules.board import AHEAD_DAYS, Board, ClassFacts, LessonRef, OpenLesson, SensitiveLesson, Starter, board_of
from eduprog.coverage.rules.open_lessons import OpenRow, open_lesson
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Gate, Message
from eduprog.delivery.models import Delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import FollowUpState
from eduprog.gates import queries as gates
from eduprog.gates.rules import Condition, is_hard_stop, missing
from eduprog.planning.models import PlannedLesson, SchemeEntry, SchemeOfWork
from eduprog.planning.rules import PlanState, WhyUnplaced
from eduprog.school.models import TeachingGroupYear

_LOOK_BACK = timedelta(days=120)


def board(years: YearsFacts, names: dict[int, str], *, today: date) -> Board:
    """Give the board of the year looked at. `names` are the staff of the school: a class led by nobody of them has no owner.

    Eight statements, whatever the number of classes.
    """
    year, days = years.chosen, years.days
    classes = classes_of(year.id, today=today)
    ids = [one.id for one in classes]
    counts = _counts(ids)
    opened, ahead = _due_and_ahead(year, ids, today, days.ahead(today, 3 * AHEAD_DAYS))
    sensitive = _sensitive(classes, ahead, year.id, days.ahead(today, AHEAD_DAYS))
    last_met, starters = _last_met(ids, today), _starters(ids, today)
    facts = []
    for one in classes:
        planned, delivered = counts.get(one.id, (0, 0))
        owner = one.lead_teacher_id if one.lead_teacher_id in names else None
        facts.append(
            ClassFacts(
                one.id, one.name, one.year_groups, owner, names.get(owner or 0, ""), planned, delivered,
                delivered + len(opened[one.id]), next(iter(ahead[one.id]), None), tuple(opened[one.id]), last_met[one.id],
                starters.get(one.id), tuple(sensitive[one.id]),
            )
        )  # fmt: skip
    return board_of(facts, days, today=today, starts_on=year.starts_on)


def _counts(group_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Give, by class, the lessons planned, and those of them that were, or whose make-good was, taught fully."""
    full = case((Delivery.outcome != LessonOutcome.PART_TAUGHT, 1), (PlannedLesson.id.in_(_made_good(group_ids)), 1), else_=0)
    counted = (
        select(PlannedLesson.teaching_group_id, func.count(), func.sum(full))
        .outerjoin(Delivery, (Delivery.planned_lesson_id == PlannedLesson.id) & Delivery.withdrawn_at.is_(None))
        .where(*_roots(group_ids))
        .group_by(PlannedLesson.teaching_group_id)
    )
    return {group_id: (planned, int(delivered)) for group_id, planned, delivered in session().execute(counted)}


def _made_good(group_ids: Collection[int]) -> Select[tuple[int | None]]:
    """Give the lessons whose rest was taught fully: a set of its own, as one look for each lesson would read all of them."""
    rest, given = aliased(PlannedLesson), aliased(Delivery)
    return (
        select(rest.make_good_of)
        .join(given, given.planned_lesson_id == rest.id)
        .where(
            rest.teaching_group_id.in_(group_ids), rest.make_good_of.is_not(None), given.withdrawn_at.is_(None),
            given.outcome != LessonOutcome.PART_TAUGHT,
        )
    )  # fmt: skip


def _roots(group_ids: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    return (
        PlannedLesson.teaching_group_id.in_(group_ids),
        PlannedLesson.make_good_of.is_(None),
        PlannedLesson.state != PlanState.WITHDRAWN,
    )


_Open = dict[int, list[OpenLesson]]
_Ahead = dict[int, list[LessonRef]]


def _due_and_ahead(year: YearFacts, group_ids: Collection[int], today: date, until: date) -> tuple[_Open, _Ahead]:
    """Give, by class and oldest first, the lessons due and not delivered, and those with a day from today on."""
    later = aliased(PlannedLesson)
    rest = (
        select(later.make_good_of, func.min(later.planned_on).label("day"))
        .where(
            later.teaching_group_id.in_(group_ids), later.make_good_of.is_not(None), later.recorded.is_(False),
            later.state == PlanState.PLANNED,
        )
        .group_by(later.make_good_of)
        .subquery()
    )  # fmt: skip
    late = _belongs_before(year.id, [span.block for span in year.spans if span.last < today])
    part = (Delivery.outcome == LessonOutcome.PART_TAUGHT) & PlannedLesson.make_good_of.is_(None)
    wanted = (
        select(
            PlannedLesson.teaching_group_id, PlannedLesson.id, PlannedLesson.module_id, PlannedLesson.lesson_number,
            PlannedLesson.planned_on, Delivery.id.is_not(None), case((PlannedLesson.recorded, rest.c.day)), late,
            PlannedLesson.make_good_of.is_not(None),
        )
        .outerjoin(Delivery, (Delivery.planned_lesson_id == PlannedLesson.id) & Delivery.withdrawn_at.is_(None))
        .outerjoin(rest, rest.c.make_good_of == PlannedLesson.id)
        .where(
            PlannedLesson.teaching_group_id.in_(group_ids),
            PlannedLesson.state != PlanState.WITHDRAWN,
            Delivery.id.is_(None) | part,
            PlannedLesson.id.not_in(_made_good(group_ids)),
            or_(PlannedLesson.planned_on <= until, _without_day(), (PlannedLesson.planned_on > until) & late),
        )
        .order_by(PlannedLesson.planned_on.is_(None), PlannedLesson.planned_on, PlannedLesson.starts_at, PlannedLesson.id)
    )  # fmt: skip
    opened: _Open = defaultdict(list)
    ahead: _Ahead = defaultdict(list)
    for group_id, *row, made_good_of in session().execute(wanted):
        one = OpenRow(*row)
        if one.day is not None and today <= one.day <= until and not one.part_taught:
            ahead[group_id].append(LessonRef(one.planned_lesson_id, one.module_id, one.lesson_number, one.day))
        lesson = None if made_good_of else open_lesson(one, today)
        if lesson is not None:
            opened[group_id].append(lesson)
    return opened, ahead


def _without_day() -> ColumnElement[bool]:
    left = PlannedLesson.why_unplaced == WhyUnplaced.NEXT_YEAR
    return (PlannedLesson.state == PlanState.UNPLACED) & (PlannedLesson.why_unplaced.is_(None) | ~left)


def _belongs_before(academic_year_id: int, over: Collection[Any]) -> ColumnElement[bool]:
    """Say whether the half-term a lesson belongs in by the scheme of work is among those that are over."""
    belongs = (
        select(TeachingGroupYear.teaching_group_id, SchemeEntry.module_id)
        .join(SchemeOfWork, SchemeOfWork.year_group == TeachingGroupYear.year_group)
        .join(SchemeEntry, SchemeEntry.scheme_of_work_id == SchemeOfWork.id)
        .where(SchemeOfWork.academic_year_id == academic_year_id, SchemeEntry.block.in_(over))
    )
    return tuple_(PlannedLesson.teaching_group_id, PlannedLesson.module_id).in_(belongs)


def _sensitive(
    classes: Iterable[ClassRow], ahead: _Ahead, academic_year_id: int, until: date
) -> dict[int, list[SensitiveLesson]]:
    modules = catalogue.current().modules
    gated = {module.id for module in modules.values() if Gate.G0 not in module.gates}
    standing, holds = gates.standing(academic_year_id), gates.holds()
    found: dict[int, list[SensitiveLesson]] = defaultdict(list)
    for one in classes:
        for lesson in ahead[one.id]:
            if lesson.module_id not in gated or (lesson.day or until) > until:
                continue
            module = modules[lesson.module_id]
            met = standing.met(module, one.year_groups, [one.lead_teacher_id])
            lacks = tuple(condition.label for condition in missing(module, met))
            held = holds.stop(module, one.year_groups)
            found[one.id].append(SensitiveLesson(lesson, Condition.DSL_TOLD in met, held, lacks, is_hard_stop(module, met)))
    return found


def _last_met(group_ids: Collection[int], today: date) -> dict[int, dict[Message, date]]:
    """Give, by class, the last day each message was met, by a lesson or a follow-up of the last months."""
    modules = catalogue.current().modules
    found: dict[int, dict[Message, date]] = defaultdict(dict)
    for group_id, module_id, point, day in met(group_ids, follow_ups_since=today - _LOOK_BACK):
        if module_id in modules:
            module = modules[module_id]
            own = module.follow_ups[point].messages if point else ()
            _keep_latest(found[group_id], own or module.messages, day)
    return found


def _keep_latest(kept: dict[Message, date], messages: Iterable[Message], day: date) -> None:
    for message in messages:
        if message not in kept or kept[message] < day:
            kept[message] = day


def _starters(group_ids: Collection[int], today: date) -> dict[int, Starter]:
    """Give, by class, the follow-up that has waited longest and how many wait."""
    wanted = (
        select(FollowUp.teaching_group_id, FollowUp.id, FollowUp.module_id, FollowUp.due_on)
        .where(
            FollowUp.teaching_group_id.in_(group_ids), FollowUp.state == FollowUpState.DUE, FollowUp.due_on <= today,
            FollowUp.due_on >= today - _LOOK_BACK,
        )
        .order_by(FollowUp.due_on.desc(), FollowUp.id.desc())
    )  # fmt: skip
    found: dict[int, Starter] = {}
    for group_id, id_, module_id, due_on in session().execute(wanted):
        waiting = found[group_id].waiting + 1 if group_id in found else 1
        found[group_id] = Starter(id_, module_id, due_on or today, waiting)
    return found
