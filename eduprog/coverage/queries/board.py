"""The programme board: what the records say of every class that runs, in a fixed number of statements."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import BindParameter, Date, String, Table, bindparam, case, func, or_, select, type_coerce

from eduprog.core.db import session
from eduprog.core.tenancy import current_school_id
from eduprog.coverage.queries.classes import ClassRow, YearFacts, YearsFacts, classes_of
from eduprog.coverage.queries.met import EVERY_CLASS, last_meetings, met_and_waiting
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
from eduprog.school.models import TeachingGroup

_LOOK_BACK = timedelta(days=120)


def board(years: YearsFacts, names: dict[int, str], *, today: date, only: int | None = None) -> Board:
    """Give the board of the year looked at. `names` are the staff of the school: a class led by nobody of them has no
    owner. With `only`, the lines of that class alone.

    Six statements, whatever the number of classes.
    """
    year, days = years.chosen, years.days
    classes = [one for one in classes_of(year.id, today=today) if only in (None, one.id)]
    these = {"year": year.id, "only": only or EVERY_CLASS}
    counts = _counts(these)
    lessons = _due_and_ahead(year, classes, these, today, days.ahead(today, 3 * AHEAD_DAYS))
    opened, ahead = lessons.opened, lessons.ahead
    sensitive = _sensitive(classes, ahead, year.id, days.ahead(today, AHEAD_DAYS))
    last_met, starters = _last_met_and_starters(these, today)
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


_GROUPS, _SCHEMES, _ENTRIES = (cast(Table, one.__table__).c for one in (TeachingGroup, SchemeOfWork, SchemeEntry))
_PLAN, _RECORDS = cast(Table, PlannedLesson.__table__), cast(Table, Delivery.__table__)
_SCHOOL: BindParameter[int] = bindparam("school")
_THESE = select(_GROUPS.id).where(
    _GROUPS.school_id == _SCHOOL, _GROUPS.academic_year_id == bindparam("year"),
    (bindparam("only") == EVERY_CLASS) | (_GROUPS.id == bindparam("only")),
)  # fmt: skip
_STANDS = (_PLAN.c.school_id == _SCHOOL) & (_PLAN.c.state != PlanState.WITHDRAWN)
_COUNTS = (
    select(_PLAN.c.teaching_group_id, func.count(), func.sum(case((_PLAN.c.recorded, 1), else_=0)))
    .where(_STANDS, _PLAN.c.teaching_group_id.in_(_THESE), _PLAN.c.make_good_of.is_(None))
    .group_by(_PLAN.c.teaching_group_id)
)
_BELONG_BEFORE = (
    select(type_coerce(_SCHEMES.year_group, String), _ENTRIES.module_id)
    .join_from(
        SchemeOfWork.__table__, SchemeEntry.__table__,
        (_ENTRIES.school_id == _SCHEMES.school_id) & (_ENTRIES.scheme_of_work_id == _SCHEMES.id),
    )
    .where(
        _SCHEMES.school_id == _SCHOOL, _SCHEMES.academic_year_id == bindparam("year"),
        _ENTRIES.block.in_(bindparam("over", expanding=True)),
    )
)  # fmt: skip


def _open_statement() -> Any:
    """Make the statement: what has no record or is a make-good, from the plan; what was taught in part, from its records."""
    plan, records, until = _PLAN.c, _RECORDS.c, bindparam("until", type_=Date)
    columns = (
        plan.teaching_group_id, plan.id, plan.module_id, plan.lesson_number, plan.planned_on, type_coerce(plan.state, String),
        plan.recorded, type_coerce(records.outcome, String), plan.make_good_of, plan.starts_at,
    )  # fmt: skip
    without_day = (plan.state == PlanState.UNPLACED) & (
        plan.why_unplaced.is_(None) | (plan.why_unplaced != WhyUnplaced.NEXT_YEAR)
    )
    late = plan.module_id.in_(_BELONG_BEFORE.with_only_columns(_ENTRIES.module_id, maintain_column_froms=True))
    soon = or_(plan.planned_on <= until, without_day, plan.planned_on.is_not(None) & late)
    record = (records.school_id == plan.school_id) & (records.planned_lesson_id == plan.id) & records.withdrawn_at.is_(None)
    open_still = (
        select(*columns)
        .outerjoin_from(_PLAN, _RECORDS, record)
        .where(
            plan.school_id == _SCHOOL, plan.teaching_group_id.in_(_THESE),
            plan.make_good_of.is_not(None) | (_STANDS & ~plan.recorded & soon),
        )
    )  # fmt: skip
    in_part = (
        select(*columns)
        .join_from(_RECORDS, _PLAN, record)
        .where(
            records.school_id == _SCHOOL, records.teaching_group_id.in_(_THESE),
            records.outcome == LessonOutcome.PART_TAUGHT, plan.make_good_of.is_(None), _STANDS,
        )
    )  # fmt: skip
    return open_still.union_all(in_part)


_OPEN = _open_statement()
"""What the board asks stands ready for any school, on bare tables: it names its school itself."""


def _asked(wanted: Any, **asked: Any) -> Sequence[Any]:
    session().flush()
    return session().execute(wanted, {"school": current_school_id(), **asked}).all()


def _counts(these: Mapping[str, int]) -> dict[int, tuple[int, int]]:
    """Give, by class, the lessons planned, and those of them that have a record, full or in part."""
    return {group_id: (number, int(recorded)) for group_id, number, recorded in _asked(_COUNTS, **these)}


class _Row(NamedTuple):
    group_id: int
    id: int
    module_id: str
    number: int
    day: date | None
    state: str
    recorded: bool
    outcome: str | None
    make_good_of: int | None
    starts_at: time | None


class _Lessons(NamedTuple):
    """By class: how many lessons were taught in part and not made whole, what is due and not delivered, what has a day ahead."""

    in_part: Counter[int]
    opened: dict[int, list[OpenLesson]]
    ahead: dict[int, list[LessonRef]]


def _due_and_ahead(year: YearFacts, classes: Sequence[ClassRow], these: Mapping[str, int], today: date, until: date) -> _Lessons:
    """Give them oldest first. Two statements: the lessons, with every make-good among them, and the schemes of work."""
    over = [span.block for span in year.spans if span.last < today]
    late = _belong_before(year.id, over)
    of_class = {one.id: one.year_groups for one in classes}
    rows = [row for row in _not_delivered(these, over, until) if row.group_id in of_class]
    rests = [row for row in rows if row.make_good_of is not None]
    whole = {row.make_good_of for row in rests if row.outcome not in (None, LessonOutcome.PART_TAUGHT)}
    days: dict[int | None, date] = {}
    for row in rests:
        if row.day is not None and not row.recorded and row.state == PlanState.PLANNED:
            days[row.make_good_of] = min(row.day, days.get(row.make_good_of, row.day))
    found = _Lessons(Counter(), defaultdict(list), defaultdict(list))
    for row in rows:
        if row.id in whole:
            continue
        is_taught = row.outcome is not None
        if row.make_good_of is None:
            found.in_part[row.group_id] += is_taught
        elif is_taught or row.state == PlanState.WITHDRAWN:
            continue
        is_late = any(row.module_id in late[group] for group in of_class[row.group_id])
        if row.day is not None and row.day > until and not is_late and not is_taught:  # else its rest may be late
            continue
        made_good = days.get(row.id) if row.recorded else None
        _keep(found, row, OpenRow(row.id, row.module_id, row.number, row.day, is_taught, made_good, is_late), today, until)
    return found


def _keep(found: _Lessons, row: _Row, one: OpenRow, today: date, until: date) -> None:
    if one.day is not None and today <= one.day <= until and not one.part_taught:
        found.ahead[row.group_id].append(LessonRef(one.planned_lesson_id, one.module_id, one.lesson_number, one.day))
    lesson = None if row.make_good_of is not None else open_lesson(one, today)
    if lesson is not None:
        found.opened[row.group_id].append(lesson)


def _not_delivered(these: Mapping[str, int], over: Collection[HalfTermBlock], until: date) -> list[_Row]:
    """Give what was not taught fully, oldest first, with every make-good.

    It has no day, one until then, was taught in part, or is of a module that belongs, by the schemes of work, into the
    half-terms that are over.
    """
    rows = [_Row._make(row) for row in _asked(_OPEN, **these, over=list(over), until=until)]
    return sorted(rows, key=lambda row: (row.day or date.max, row.starts_at or time.min, row.id))


def _belong_before(academic_year_id: int, over: Collection[HalfTermBlock]) -> Mapping[YearGroup, set[str]]:
    """Give the modules that belong, by the schemes of work, into the half-terms that are over; by year group."""
    found: dict[YearGroup, set[str]] = defaultdict(set)
    for year_group, module_id in _asked(_BELONG_BEFORE, year=academic_year_id, over=list(over)):
        found[YearGroup(year_group)].add(module_id)
    return found


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


def _last_met_and_starters(these: Mapping[str, int], today: date) -> tuple[dict[int, dict[Message, date]], dict[int, Starter]]:
    """Give, by class, the last day each message was met by a lesson or a follow-up of the last months; and what waits.

    Of what waits it is the follow-up that has waited longest and how many wait. One statement.
    """
    last: dict[int, dict[Message, date]] = defaultdict(dict)
    starters: dict[int, Starter] = {}
    for group_id, one in met_and_waiting(these, since=today - _LOOK_BACK, today=today).items():
        for day, _by_lesson, subjects in last_meetings(one.texts, today):
            last[group_id].update((subject, day) for subject in subjects if isinstance(subject, Message))
        if one.waiting:
            first = min(one.waiting, key=lambda waits: (waits.day, waits.follow_up_id))
            starters[group_id] = Starter(first.follow_up_id, first.module_id, first.day, len(one.waiting))
    return last, starters
