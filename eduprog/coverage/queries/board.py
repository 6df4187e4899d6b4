"""The programme board: what the records say of every class that runs, in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import aliased

from eduprog.core.db import session
from eduprog.coverage.queries.classes import ClassRow, YearFacts, YearsFacts, classes_of
from eduprog.coverage.queries.met import follow_ups_met, lessons_met
from eduprog.coverage.rules.board import AHEAD_DAYS, Board, ClassFacts, LessonRef, OpenLesson, SensitiveLesson, Starter, board_of
from eduprog.coverage.rules.open_lessons import OpenRow, open_lesson
from eduprog.coverage.rules.school_days import SchoolDays
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Gate, Message
from eduprog.delivery.models import Delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import FollowUpState
from eduprog.gates import queries as gates
from eduprog.gates.rules import Condition
from eduprog.planning.models import PlannedLesson, SchemeEntry, SchemeOfWork
from eduprog.planning.rules import PlanState, WhyUnplaced
from eduprog.school.models import TeachingGroupYear

_LOOK_BACK = timedelta(days=120)


def board(years: YearsFacts, names: dict[int, str], *, today: date) -> Board:
    """Give the board of the year looked at. `names` are the staff of the school: a class led by nobody of them has no owner.

    Nine statements, whatever the number of classes.
    """
    year, days = years.chosen, years.days
    classes = classes_of(year.id, today=today)
    ids = [one.id for one in classes]
    planned, delivered = _planned(ids), _delivered(ids)
    opened, ahead = _open(year, ids, today), _ahead(ids, today, days)
    sensitive = _sensitive(classes, ahead, year.id, days.ahead(today, AHEAD_DAYS))
    met, starters = _last_met(ids, today), _starters(ids, today)
    facts = [
        ClassFacts(
            one.id, one.name, one.year_groups, one.lead_teacher_id if one.lead_teacher_id in names else None,
            names.get(one.lead_teacher_id or 0, ""), planned.get(one.id, 0), delivered.get(one.id, 0),
            delivered.get(one.id, 0) + len(opened[one.id]), next(iter(ahead[one.id]), None), tuple(opened[one.id]), met[one.id],
            starters.get(one.id), tuple(sensitive[one.id]),
        )
        for one in classes
    ]  # fmt: skip
    return board_of(facts, days, today=today, starts_on=year.starts_on)


def _roots(group_ids: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    return (
        PlannedLesson.teaching_group_id.in_(group_ids),
        PlannedLesson.make_good_of.is_(None),
        PlannedLesson.state != PlanState.WITHDRAWN,
    )


def _planned(group_ids: Collection[int]) -> dict[int, int]:
    counted = select(PlannedLesson.teaching_group_id, func.count()).where(*_roots(group_ids))
    return dict(session().execute(counted.group_by(PlannedLesson.teaching_group_id)).all())


def _delivered(group_ids: Collection[int]) -> dict[int, int]:
    """Count, by class, the planned lessons that were, or whose make-good was, taught fully."""
    root = func.coalesce(PlannedLesson.make_good_of, PlannedLesson.id)
    counted = (
        select(PlannedLesson.teaching_group_id, func.count(root.distinct()))
        .join(Delivery, Delivery.planned_lesson_id == PlannedLesson.id)
        .where(
            PlannedLesson.teaching_group_id.in_(group_ids),
            PlannedLesson.state != PlanState.WITHDRAWN,
            Delivery.withdrawn_at.is_(None),
            Delivery.outcome != LessonOutcome.PART_TAUGHT,
        )
        .group_by(PlannedLesson.teaching_group_id)
    )
    return dict(session().execute(counted).all())


def _open(year: YearFacts, group_ids: Collection[int], today: date) -> dict[int, list[OpenLesson]]:
    """Give, by class, the lessons that are due and not delivered, oldest first."""
    rest, rest_given = aliased(PlannedLesson), aliased(Delivery)
    given_again = (
        select(rest_given.id)
        .join(rest, rest.id == rest_given.planned_lesson_id)
        .where(
            rest.make_good_of == PlannedLesson.id, rest_given.withdrawn_at.is_(None),
            rest_given.outcome != LessonOutcome.PART_TAUGHT, rest.school_id == PlannedLesson.school_id,
        )
    )  # fmt: skip
    later = aliased(PlannedLesson)
    rest_day = (
        select(func.min(later.planned_on))
        .where(
            later.make_good_of == PlannedLesson.id, later.recorded.is_(False), later.state == PlanState.PLANNED,
            later.school_id == PlannedLesson.school_id,
        )
        .scalar_subquery()
    )  # fmt: skip
    over = [span.block for span in year.spans if span.last < today]
    late = _belongs_before(year.id, over)
    wanted = (
        select(
            PlannedLesson.teaching_group_id, PlannedLesson.id, PlannedLesson.module_id, PlannedLesson.lesson_number,
            PlannedLesson.planned_on, Delivery.id.is_not(None), case((PlannedLesson.recorded, rest_day)), late,
        )
        .outerjoin(Delivery, (Delivery.planned_lesson_id == PlannedLesson.id) & Delivery.withdrawn_at.is_(None))
        .where(
            *_roots(group_ids),
            Delivery.id.is_(None) | ((Delivery.outcome == LessonOutcome.PART_TAUGHT) & ~given_again.exists()),
            or_(PlannedLesson.planned_on < today, _without_day(), (PlannedLesson.planned_on >= today) & late),
        )
        .order_by(PlannedLesson.planned_on.is_(None), PlannedLesson.planned_on, PlannedLesson.id)
    )  # fmt: skip
    found: dict[int, list[OpenLesson]] = defaultdict(list)
    for group_id, *rest_of_row in session().execute(wanted):
        lesson = open_lesson(OpenRow(*rest_of_row), today)
        if lesson is not None:
            found[group_id].append(lesson)
    return found


def _without_day() -> ColumnElement[bool]:
    left = PlannedLesson.why_unplaced == WhyUnplaced.NEXT_YEAR
    return (PlannedLesson.state == PlanState.UNPLACED) & (PlannedLesson.why_unplaced.is_(None) | ~left)


def _belongs_before(academic_year_id: int, over: Collection[Any]) -> ColumnElement[bool]:
    """Say whether the half-term a lesson belongs in by the scheme of work is among those that are over."""
    return (
        select(SchemeEntry.id)
        .join(SchemeOfWork, SchemeOfWork.id == SchemeEntry.scheme_of_work_id)
        .join(TeachingGroupYear, TeachingGroupYear.year_group == SchemeOfWork.year_group)
        .where(
            SchemeOfWork.academic_year_id == academic_year_id,
            TeachingGroupYear.teaching_group_id == PlannedLesson.teaching_group_id,
            SchemeEntry.module_id == PlannedLesson.module_id,
            SchemeEntry.block.in_(over),
            SchemeEntry.school_id == PlannedLesson.school_id,
        )
        .exists()
    )


def _ahead(group_ids: Collection[int], today: date, days: SchoolDays) -> dict[int, list[LessonRef]]:
    """Give, by class, what is planned for the coming school days and not recorded yet, in order."""
    wanted = (
        select(
            PlannedLesson.teaching_group_id, PlannedLesson.id, PlannedLesson.module_id, PlannedLesson.lesson_number,
            PlannedLesson.planned_on,
        )
        .where(
            PlannedLesson.teaching_group_id.in_(group_ids), PlannedLesson.state == PlanState.PLANNED,
            PlannedLesson.recorded.is_(False), PlannedLesson.planned_on.between(today, days.ahead(today, 3 * AHEAD_DAYS)),
        )
        .order_by(PlannedLesson.planned_on, PlannedLesson.starts_at, PlannedLesson.id)
    )  # fmt: skip
    found: dict[int, list[LessonRef]] = defaultdict(list)
    for group_id, id_, module_id, number, day in session().execute(wanted):
        found[group_id].append(LessonRef(id_, module_id, number, day))
    return found


def _sensitive(
    classes: Iterable[ClassRow], ahead: dict[int, list[LessonRef]], academic_year_id: int, until: date
) -> dict[int, list[SensitiveLesson]]:
    modules = catalogue.current().modules
    met, holds = gates.conditions_met(academic_year_id), gates.holds()
    found: dict[int, list[SensitiveLesson]] = defaultdict(list)
    for one in classes:
        for lesson in ahead[one.id]:
            module = modules.get(lesson.module_id)
            if module is None or Gate.G0 in module.gates or (lesson.day or until) > until:
                continue
            told = all(Condition.DSL_TOLD in met.get((module.id, year), frozenset()) for year in one.year_groups)
            found[one.id].append(SensitiveLesson(lesson, told, holds.stop(module, one.year_groups)))
    return found


def _last_met(group_ids: Collection[int], today: date) -> dict[int, dict[Message, date]]:
    """Give, by class, the last day each message was met, by a lesson or a follow-up of the last months."""
    modules = catalogue.current().modules
    found: dict[int, dict[Message, date]] = defaultdict(dict)
    for group_id, module_id, day in lessons_met(group_ids):
        if module_id in modules:
            _keep_latest(found[group_id], modules[module_id].messages, day)
    for group_id, module_id, point, day in follow_ups_met(group_ids, since=today - _LOOK_BACK):
        if module_id in modules:
            module = modules[module_id]
            _keep_latest(found[group_id], module.follow_ups[point].messages or module.messages, day)
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
