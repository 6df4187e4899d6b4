"""The programme board: what the records say of every class that runs, in a fixed number of statements."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Date, bindparam, case, func, or_, select

from eduprog.core.db import session
from eduprog.coverage.queries.classes import ClassRow, YearFacts, YearsFacts, classes_of
from eduprog.coverage.queries.met import abouts, met_and_waiting
from eduprog.coverage.rules.board import AHEAD_DAYS, Board, ClassFacts, LessonRef, OpenLesson, SensitiveLesson, Starter, board_of
from eduprog.coverage.rules.open_lessons import OpenRow, open_lesson
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Gate, HalfTermBlock, Message, YearGroup
from eduprog.delivery.models import Delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.gates import queries as gates
from eduprog.gates.rules import Condition, is_hard_stop, missing
from eduprog.planning.models import PlannedLesson, SchemeEntry, SchemeOfWork
from eduprog.planning.rules import PlanState, WhyUnplaced

_LOOK_BACK = timedelta(days=120)


def board(years: YearsFacts, names: dict[int, str], *, today: date, only: int | None = None) -> Board:
    """Give the board of the year looked at. `names` are the staff of the school: a class led by nobody of them has no
    owner. With `only`, the lines of that class alone.

    Six statements, whatever the number of classes.
    """
    year, days = years.chosen, years.days
    classes = [one for one in classes_of(year.id, today=today) if only in (None, one.id)]
    ids = [one.id for one in classes]
    counts = _counts(ids)
    lessons = _due_and_ahead(year, classes, today, days.ahead(today, 3 * AHEAD_DAYS))
    opened, ahead = lessons.opened, lessons.ahead
    sensitive = _sensitive(classes, ahead, year.id, days.ahead(today, AHEAD_DAYS))
    last_met, starters = _last_met_and_starters(ids, today)
    facts = []
    for one in classes:
        planned, recorded = counts.get(one.id, (0, 0))
        delivered = recorded - lessons.in_part[one.id]
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
    """Give, by class, the lessons planned, and those of them that have a record, full or in part."""
    planned = PlannedLesson
    counted = (
        select(planned.teaching_group_id, func.count(), func.sum(case((planned.recorded, 1), else_=0)))
        .where(planned.teaching_group_id.in_(group_ids), planned.make_good_of.is_(None), planned.state != PlanState.WITHDRAWN)
        .group_by(planned.teaching_group_id)
    )
    return {group_id: (number, int(recorded)) for group_id, number, recorded in session().execute(counted)}


class _Row(NamedTuple):
    group_id: int
    id: int
    module_id: str
    number: int
    day: date | None
    state: PlanState
    recorded: bool
    outcome: LessonOutcome | None
    make_good_of: int | None
    starts_at: time | None


class _Lessons(NamedTuple):
    """By class: how many lessons were taught in part and not made whole, what is due and not delivered, what has a day ahead."""

    in_part: Counter[int]
    opened: dict[int, list[OpenLesson]]
    ahead: dict[int, list[LessonRef]]


def _due_and_ahead(year: YearFacts, classes: Sequence[ClassRow], today: date, until: date) -> _Lessons:
    """Give them oldest first. Two statements: the lessons, with every make-good among them, and the schemes of work."""
    over = [span.block for span in year.spans if span.last < today]
    late = _belong_before(year.id, over)
    of_class = {one.id: one.year_groups for one in classes}
    rows = _not_delivered(of_class, year.id, over, until)
    rests = [row for row in rows if row.make_good_of is not None]
    whole = {row.make_good_of for row in rests if row.outcome not in (None, LessonOutcome.PART_TAUGHT)}
    days: dict[int | None, date] = {}
    for row in rests:
        if row.day is not None and not row.recorded and row.state is PlanState.PLANNED:
            days[row.make_good_of] = min(row.day, days.get(row.make_good_of, row.day))
    found = _Lessons(Counter(), defaultdict(list), defaultdict(list))
    for row in rows:
        if row.id in whole:
            continue
        found.in_part[row.group_id] += row.make_good_of is None and row.outcome is not None
        is_late = any((group, row.module_id) in late for group in of_class[row.group_id])
        is_far = row.day is not None and row.day > until and not is_late and row.outcome is None  # else its rest may be late
        if is_far or (row.make_good_of is not None and (row.outcome is not None or row.state is PlanState.WITHDRAWN)):
            continue
        one = OpenRow(
            row.id,
            row.module_id,
            row.number,
            row.day,
            row.outcome is not None,
            days.get(row.id) if row.recorded else None,
            is_late,
        )
        _keep(found, row, one, today, until)
    return found


def _keep(found: _Lessons, row: _Row, one: OpenRow, today: date, until: date) -> None:
    if one.day is not None and today <= one.day <= until and not one.part_taught:
        found.ahead[row.group_id].append(LessonRef(one.planned_lesson_id, one.module_id, one.lesson_number, one.day))
    lesson = None if row.make_good_of is not None else open_lesson(one, today)
    if lesson is not None:
        found.opened[row.group_id].append(lesson)


_BELONG_BEFORE = (
    select(SchemeOfWork.year_group, SchemeEntry.module_id)
    .join(SchemeEntry, SchemeEntry.scheme_of_work_id == SchemeOfWork.id)
    .where(SchemeOfWork.academic_year_id == bindparam("year_id"), SchemeEntry.block.in_(bindparam("over", expanding=True)))
)


def _open_statement() -> Any:
    """Make the statement: what has no record or is a make-good, from the plan; what was taught in part, from its records."""
    plan, until = PlannedLesson, bindparam("until", type_=Date)
    columns = (
        plan.teaching_group_id, plan.id, plan.module_id, plan.lesson_number, plan.planned_on, plan.state, plan.recorded,
        Delivery.outcome, plan.make_good_of, plan.starts_at,
    )  # fmt: skip
    in_these = plan.teaching_group_id.in_(bindparam("group_ids", expanding=True))
    left = plan.why_unplaced == WhyUnplaced.NEXT_YEAR
    without_day = (plan.state == PlanState.UNPLACED) & (plan.why_unplaced.is_(None) | ~left)
    late = plan.module_id.in_(_BELONG_BEFORE.with_only_columns(SchemeEntry.module_id, maintain_column_froms=True))
    soon = or_(plan.planned_on <= until, without_day, plan.planned_on.is_not(None) & late)
    unrecorded = (plan.state != PlanState.WITHDRAWN) & ~plan.recorded & soon
    record = (Delivery.planned_lesson_id == plan.id) & Delivery.withdrawn_at.is_(None)
    open_still = select(*columns).outerjoin(Delivery, record).where(in_these, plan.make_good_of.is_not(None) | unrecorded)
    in_part = (
        select(*columns)
        .select_from(Delivery)
        .join(plan, record)
        .where(
            Delivery.teaching_group_id.in_(bindparam("group_ids", expanding=True)),
            Delivery.outcome == LessonOutcome.PART_TAUGHT, plan.make_good_of.is_(None), plan.state != PlanState.WITHDRAWN,
        )
    )  # fmt: skip
    return open_still.union_all(in_part)


_OPEN = _open_statement()


def _not_delivered(group_ids: Collection[int], year_id: int, over: Collection[HalfTermBlock], until: date) -> list[_Row]:
    """Give what was not taught fully, oldest first, with every make-good.

    It has no day, one until then, was taught in part, or is of a module that belongs, by the schemes of work, into the
    half-terms that are over.
    """
    asked = {"group_ids": list(group_ids), "year_id": year_id, "over": list(over), "until": until}
    rows = [_Row(*row) for row in session().execute(_OPEN, asked)]
    return sorted(rows, key=lambda row: (row.day or date.max, row.starts_at or time.min, row.id))


def _belong_before(academic_year_id: int, over: Collection[HalfTermBlock]) -> set[tuple[YearGroup, str]]:
    """Give what belongs, by the schemes of work, into the half-terms that are over: year groups and modules."""
    belongs = session().execute(_BELONG_BEFORE, {"year_id": academic_year_id, "over": list(over)})
    return {(year_group, module_id) for year_group, module_id in belongs}


def _sensitive(
    classes: Iterable[ClassRow], ahead: Mapping[int, Sequence[LessonRef]], academic_year_id: int, until: date
) -> dict[int, list[SensitiveLesson]]:
    modules = catalogue.current().modules
    gated = {module.id for module in modules.values() if Gate.G0 not in module.gates}
    standing, holds = gates.standing_and_holds(academic_year_id)
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


def _last_met_and_starters(group_ids: Collection[int], today: date) -> tuple[dict[int, dict[Message, date]], dict[int, Starter]]:
    """Give, by class, the last day each message was met by a lesson or a follow-up of the last months; and what waits.

    Of what waits it is the follow-up that has waited longest and how many wait. One statement.
    """
    known = abouts()
    last: dict[int, dict[Message, date]] = defaultdict(dict)
    starters: dict[int, Starter] = {}
    since = today - _LOOK_BACK
    for group_id, one in met_and_waiting(group_ids, since=since, today=today).items():
        days: dict[Message, str] = {}
        for what, day in one.days.items():
            for message in known[what].messages if what in known else ():
                if days.get(message, "") < day:
                    days[message] = day
        last[group_id] = {message: date.fromisoformat(day) for message, day in days.items()}
        if one.waiting:
            first = min(one.waiting, key=lambda waits: (waits.day, waits.follow_up_id))
            starters[group_id] = Starter(first.follow_up_id, first.module_id, first.day, len(one.waiting))
    return last, starters
