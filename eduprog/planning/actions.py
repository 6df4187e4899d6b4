"""Plan a year, move a lesson, add one that makes good what was missed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Actor
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Gate, YearGroup
from eduprog.planning import queries
from eduprog.planning.models import PlannedLesson, SchemeEntry, SchemeOfWork
from eduprog.planning.rules import MeetingDay, Place, PlanState, Wanted, meeting_days, next_free_day, place_lessons, scheme_year
from eduprog.school import queries as school
from eduprog.school.models import AcademicYear, TeachingGroup
from eduprog.school.rules import HalfTermBlock, SchoolCalendar
from eduprog.tallies import actions as tallies
from eduprog.tallies.actions import TallyChange


class ClosedThatDay(Refusal):
    """The school is shut on that day, so nothing can be planned there."""


class DayTaken(Refusal):
    """The class has another lesson on that day already."""


class OutsideYear(Refusal):
    """That day is not in the class's academic year."""


@dataclass
class PlanReport:
    """What planning did: lessons added, kept, and those that found no day (class name, module, lesson)."""

    added: int = 0
    kept: int = 0
    unplaced: list[tuple[str, str, int]] = field(default_factory=list)


def set_up_schemes(*, academic_year_id: int, year_groups: Iterable[YearGroup], by: Actor, now: datetime) -> list[SchemeOfWork]:
    """Give each year group that has none the default scheme of work: our modules in our order and half-terms."""
    known = queries.schemes_of_year(academic_year_id)
    modules = catalogue.current().modules
    entries = [one for one in catalogue.current().programme.entries.values() if one.id in modules and modules[one.id].is_live]
    added = []
    for year in sorted(set(year_groups) - set(known), key=lambda group: group.number):
        chosen = [entry for entry in entries if entry.years[0] is year]
        in_order = sorted(chosen, key=lambda entry: list(HalfTermBlock).index(entry.half_term))
        rows = [
            SchemeEntry(module_id=entry.id, block=entry.half_term, position=number)
            for number, entry in enumerate(in_order, start=1)
        ]
        added.append(SchemeOfWork(academic_year_id=academic_year_id, year_group=year, entries=rows))
    session().add_all(added)
    session().flush()
    audit.record(
        act="schemes of work set up", subject="academic_year", subject_id=academic_year_id, by=by, at=now, added=len(added)
    )
    return added


def plan_year(*, academic_year: AcademicYear, groups: Sequence[TeachingGroup], by: Actor, now: datetime) -> PlanReport:
    """Plan the year for these classes by their schemes of work. What stands already stays; planning twice changes nothing."""
    calendar = school.calendar()
    schemes = queries.schemes_of_year(academic_year.id)
    standing: dict[int, list[PlannedLesson]] = {group.id: [] for group in groups}
    for lesson in queries.lessons_of_classes(standing):
        standing[lesson.teaching_group_id].append(lesson)
    report, rows, changes = PlanReport(), [], []
    for group in groups:
        places = _plan_class(group, academic_year, schemes, standing[group.id], calendar)
        report.kept += len(standing[group.id])
        for place in places:
            rows.append(_row(group.id, place, now))
            changes.append(change_of_plan(group, place.wanted.module_id, place.block, academic_year.id, 1))
            if place.day is None:
                report.unplaced.append((group.name, place.wanted.module_id, place.wanted.lesson_number))
    report.added = len(rows)
    session().add_all(rows)
    session().flush()
    tallies.apply(changes)
    audit.record(act="year planned", subject="academic_year", subject_id=academic_year.id, by=by, at=now, lessons=len(rows))
    return report


def _plan_class(
    group: TeachingGroup,
    academic_year: AcademicYear,
    schemes: dict[YearGroup, SchemeOfWork],
    standing: Sequence[PlannedLesson],
    calendar: SchoolCalendar,
) -> list[Place]:
    years = [year.value for year in group.year_groups]
    scheme = schemes.get(YearGroup(scheme_year(years, academic_year.starts_on.year))) if years else None
    if scheme is None:
        return []
    known = {(lesson.module_id, lesson.lesson_number) for lesson in standing}
    wanted = [lesson for lesson in _wanted(scheme) if (lesson.module_id, lesson.lesson_number) not in known]
    taken = frozenset(lesson.planned_on for lesson in standing if lesson.planned_on)
    return place_lessons(wanted, days_of(group, academic_year, calendar), taken)


def days_of(group: TeachingGroup, academic_year: AcademicYear, calendar: SchoolCalendar) -> list[MeetingDay]:
    """Give the days of an academic year on which a class has lessons with us."""
    pattern = school.meeting_pattern(school.lesson_slots(group))
    return meeting_days(calendar, pattern, academic_year.starts_on, academic_year.ends_on)


def _wanted(scheme: SchemeOfWork) -> list[Wanted]:
    wanted = []
    for entry in scheme.entries:
        module = catalogue.current().module(entry.module_id)
        sensitive = Gate.G0 not in module.gates
        wanted += [Wanted(module.id, lesson.number, entry.block, sensitive) for lesson in module.lessons]
    return wanted


def _row(group_id: int, place: Place, now: datetime) -> PlannedLesson:
    return PlannedLesson(
        teaching_group_id=group_id,
        module_id=place.wanted.module_id,
        lesson_number=place.wanted.lesson_number,
        block=place.block,
        planned_on=place.day,
        state=PlanState.PLANNED if place.day else PlanState.UNPLACED,
        planned_at=now,
    )


def change_of_plan(group: TeachingGroup, module_id: str, block: HalfTermBlock, academic_year_id: int, by: int) -> TallyChange:
    """Give what one planned lesson more (or less) changes in the roll-ups."""
    strand = catalogue.current().module(module_id).strand
    return TallyChange(academic_year_id, group.year_groups, strand, block, planned=by)


def move_lesson(*, planned_lesson_id: int, to: date, by: Actor, now: datetime) -> PlannedLesson:
    """Move a lesson to another day by hand; re-planning leaves it there. Raises NotHere, ClosedThatDay, DayTaken, OutsideYear."""
    lesson = queries.planned_lesson(planned_lesson_id)
    if lesson.state is PlanState.WITHDRAWN:
        raise NotHere
    calendar = school.calendar()
    block = school.half_term_on(calendar.half_terms, to)
    if block is None or not calendar.is_open(to):
        raise ClosedThatDay
    group = lesson.teaching_group
    year = school.academic_year_on(to)
    if year is None or year.id != group.academic_year_id:
        raise OutsideYear
    others = [other for other in queries.lessons_of_class(group.id) if other.planned_on == to and other.id != lesson.id]
    if others:
        raise DayTaken
    _count_move(lesson, group, block)
    lesson.planned_on, lesson.block, lesson.state, lesson.moved_by_hand = to, block, PlanState.PLANNED, True
    audit.record(act="lesson moved", subject="planned_lesson", subject_id=lesson.id, by=by, at=now, to=to)
    return lesson


def move_on(*, planned_lesson_id: int, after: date, by: Actor, now: datetime) -> PlannedLesson:
    """Move a lesson that did not happen to the class's next free meeting; without one it stays named, but has no day."""
    lesson = queries.planned_lesson(planned_lesson_id)
    group = lesson.teaching_group
    day = _next_free(group, after)
    if day is None:
        lesson.planned_on, lesson.state = None, PlanState.UNPLACED
    else:
        _count_move(lesson, group, day[1])
        lesson.planned_on, lesson.block = day
    audit.record(act="lesson moved on", subject="planned_lesson", subject_id=lesson.id, by=by, at=now, to=lesson.planned_on)
    return lesson


def move_on_all(*, planned_lesson_ids: Iterable[int], by: Actor, now: datetime) -> int:
    """Move each of these lessons to its class's next free meeting after the day it stood on. Gives how many."""
    moved = 0
    for planned_lesson_id in planned_lesson_ids:
        stood_on = queries.planned_lesson(planned_lesson_id).planned_on
        if stood_on is not None:
            move_on(planned_lesson_id=planned_lesson_id, after=stood_on, by=by, now=now)
            session().flush()
            moved += 1
    return moved


def plan_make_good(*, planned_lesson_id: int, after: date, by: Actor, now: datetime) -> PlannedLesson:
    """Plan the rest of a part-taught lesson for the class's next free meeting. Raises NotHere."""
    lesson = queries.planned_lesson(planned_lesson_id)
    group = lesson.teaching_group
    day = _next_free(group, after)
    added = PlannedLesson(
        teaching_group_id=group.id,
        module_id=lesson.module_id,
        lesson_number=lesson.lesson_number,
        block=day[1] if day else lesson.block,
        planned_on=day[0] if day else None,
        state=PlanState.PLANNED if day else PlanState.UNPLACED,
        make_good_of=lesson.id,
        planned_at=now,
    )
    session().add(added)
    session().flush()
    audit.record(act="make-good lesson planned", subject="planned_lesson", subject_id=added.id, by=by, at=now, of=lesson.id)
    return added


def withdraw_lesson(*, planned_lesson_id: int, by: Actor, now: datetime) -> PlannedLesson:
    """Take a lesson out of a class's plan. Raises NotHere."""
    lesson = queries.planned_lesson(planned_lesson_id)
    if lesson.state is PlanState.WITHDRAWN:
        raise NotHere
    group = lesson.teaching_group
    lesson.state = PlanState.WITHDRAWN
    if lesson.make_good_of is None:
        tallies.apply([change_of_plan(group, lesson.module_id, lesson.block, group.academic_year_id, -1)])
    audit.record(act="lesson withdrawn", subject="planned_lesson", subject_id=lesson.id, by=by, at=now)
    return lesson


def _count_move(lesson: PlannedLesson, group: TeachingGroup, to: HalfTermBlock) -> None:
    """Move a planned lesson to another cell of the roll-ups. Make-good lessons are not counted: their original is."""
    if lesson.make_good_of is None and to is not lesson.block:
        tallies.apply(
            [
                change_of_plan(group, lesson.module_id, lesson.block, group.academic_year_id, -1),
                change_of_plan(group, lesson.module_id, to, group.academic_year_id, 1),
            ]
        )


def _next_free(group: TeachingGroup, after: date) -> tuple[date, HalfTermBlock] | None:
    year = next((year for year in school.academic_years() if year.id == group.academic_year_id), None)
    if year is None:
        return None
    taken = frozenset(lesson.planned_on for lesson in queries.lessons_of_class(group.id) if lesson.planned_on)
    return next_free_day(days_of(group, year, school.calendar()), after, taken)
