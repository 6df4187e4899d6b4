"""Move, swap, split, cover, leave to next year, make good: changes to single lessons of a plan."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from eduprog.core import audit, clock
from eduprog.core.db import session
from eduprog.core.errors import Conflict, NotHere, Refusal
from eduprog.core.permissions import Actor
from eduprog.curriculum import catalogue
from eduprog.planning import queries
from eduprog.planning.actions.figures import change_of_plan, count_move, is_counted
from eduprog.planning.actions.openings import Opening, cautions, is_free, next_opening, opening_on, year_of
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState, WhyUnplaced, part_minutes
from eduprog.school import queries as school
from eduprog.tallies import actions as tallies


class ClosedThatDay(Refusal):
    """The school is shut on that day, so nothing can be planned there."""


class DayTaken(Refusal):
    """The class has another lesson on that day already."""


class OutsideYear(Refusal):
    """That day is not in the class's academic year."""


class TaughtAlready(Refusal):
    """This lesson is recorded as taught. Undo its record first."""


class TeacherBusy(Refusal):
    """The teacher has another class at that time."""


class NeedsConfirming(Refusal):
    """There is something to consider first. Tick that you mean it, and move the lesson again."""


class NotSwappable(Refusal):
    """Only two lessons of one class that both have a day can be swapped."""


class NotSplittable(Refusal):
    """This lesson has no checked parts, is one already, or is the rest of another."""


class LessonChanged(Conflict):
    """This lesson has changed since you opened the page. Here is how it stands now: look at it, then decide again."""


class NotStaff(Refusal):
    """That person is not on the staff of this school."""


def refuse_if_changed(*, planned_lesson_id: int, version: int) -> None:
    """Refuse to go on from a page that showed another state of a lesson. Raises NotHere or LessonChanged."""
    if queries.planned_lesson(planned_lesson_id).version != version:
        raise LessonChanged


def move_lesson(
    *, planned_lesson_id: int, to: date, at: time | None = None, even_so: bool = False, by: Actor, now: datetime
) -> PlannedLesson:
    """Move a lesson to another day by hand; re-planning leaves it there. `at` is needed only for a time outside the timetable.

    Raises NotHere, TaughtAlready, ClosedThatDay, OutsideYear, DayTaken or TeacherBusy; NeedsConfirming, unless `even_so`, where
    the day is against the order, the notice or the calm that a lesson should have.
    """
    lesson = _movable(planned_lesson_id)
    group = lesson.teaching_group
    calendar = school.calendar()
    block = school.half_term_on(calendar.half_terms, to)
    if block is None or not calendar.is_open(to):
        raise ClosedThatDay
    year = school.academic_year_on(to)
    if year is None or year.id != group.academic_year_id:
        raise OutsideYear
    opening = opening_on(group, lesson, to, at)
    if opening is None:
        raise DayTaken
    _refuse_if_busy(lesson, opening)
    doubts = cautions(lesson, opening, today=clock.local(now).date())
    if doubts and not even_so:
        raise NeedsConfirming(" ".join(doubts))
    _put(lesson, opening)
    lesson.moved_by_hand = True
    audit.record(act="lesson moved", subject="planned_lesson", subject_id=lesson.id, by=by, at=now, to=to)
    return lesson


def _movable(planned_lesson_id: int) -> PlannedLesson:
    lesson = queries.planned_lesson(planned_lesson_id)
    if lesson.state is PlanState.WITHDRAWN:
        raise NotHere
    if lesson.recorded:
        raise TaughtAlready
    return lesson


def _put(lesson: PlannedLesson, opening: Opening) -> None:
    lesson.block = count_move(lesson, lesson.teaching_group, opening.block)
    lesson.planned_on, lesson.starts_at, lesson.minutes = opening.day, opening.starts_at, opening.minutes
    lesson.state, lesson.why_unplaced = PlanState.PLANNED, None


def _teacher_of(lesson: PlannedLesson) -> int | None:
    return lesson.covered_by or lesson.teaching_group.lead_teacher_id


def _refuse_if_busy(lesson: PlannedLesson, opening: Opening, beside: PlannedLesson | None = None) -> None:
    """Refuse a place in which the teacher has another class; `beside` is the lesson it changes places with."""
    teacher = _teacher_of(lesson)
    leaving = [lesson.id] if beside is None else [lesson.id, beside.id]
    if teacher is not None and not is_free(teacher, lesson, opening, leaving):
        raise TeacherBusy


def move_on(*, planned_lesson_id: int, after: date, by: Actor, now: datetime) -> PlannedLesson:
    """Move a lesson that did not happen to the next free meeting of class and teacher; without one it stays named, has no day."""
    lesson = queries.planned_lesson(planned_lesson_id)
    opening = next_opening(lesson, part=lesson.part, teacher_id=_teacher_of(lesson), after=after)
    if isinstance(opening, WhyUnplaced):
        lesson.planned_on, lesson.starts_at, lesson.minutes = None, None, None
        lesson.state, lesson.why_unplaced = PlanState.UNPLACED, opening
    else:
        _put(lesson, opening)
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
    """Plan the rest of a part-taught lesson for the next free meeting of the class and its teacher. Raises NotHere."""
    lesson = queries.planned_lesson(planned_lesson_id)
    opening = next_opening(lesson, part=lesson.part, teacher_id=lesson.teaching_group.lead_teacher_id, after=after)
    added = _beside(lesson, opening, part=lesson.part, now=now)
    added.make_good_of = lesson.id
    session().add(added)
    session().flush()
    audit.record(act="make-good lesson planned", subject="planned_lesson", subject_id=added.id, by=by, at=now, of=lesson.id)
    return added


def _beside(lesson: PlannedLesson, found: Opening | WhyUnplaced, *, part: int, now: datetime) -> PlannedLesson:
    opening, why = (None, found) if isinstance(found, WhyUnplaced) else (found, None)
    return PlannedLesson(
        teaching_group_id=lesson.teaching_group_id,
        module_id=lesson.module_id,
        lesson_number=lesson.lesson_number,
        part=part,
        block=opening.block if opening else lesson.block,
        planned_on=opening.day if opening else None,
        starts_at=opening.starts_at if opening else None,
        minutes=opening.minutes if opening else None,
        state=PlanState.PLANNED if opening else PlanState.UNPLACED,
        why_unplaced=why,
        planned_at=now,
    )


def withdraw_lesson(*, planned_lesson_id: int, by: Actor, now: datetime) -> PlannedLesson:
    """Take a lesson out of a class's plan. Raises NotHere."""
    lesson = queries.planned_lesson(planned_lesson_id)
    if lesson.state is PlanState.WITHDRAWN:
        raise NotHere
    group = lesson.teaching_group
    lesson.state, lesson.why_unplaced = PlanState.WITHDRAWN, None
    if is_counted(lesson):
        tallies.apply([change_of_plan(group, lesson.module_id, lesson.block, group.academic_year_id, -1)])
    audit.record(act="lesson withdrawn", subject="planned_lesson", subject_id=lesson.id, by=by, at=now)
    return lesson


def swap_lessons(
    *, planned_lesson_id: int, with_id: int, even_so: bool = False, for_cover: bool = False, by: Actor, now: datetime
) -> list[PlannedLesson]:
    """Let two lessons of one class change places; `for_cover` says that somebody else is found for them next.

    Raises NotHere, TaughtAlready or NotSwappable; TeacherBusy unless `for_cover`, NeedsConfirming unless `even_so`.
    """
    first, second = _movable(planned_lesson_id), _movable(with_id)
    known = first.planned_on is not None and second.planned_on is not None
    if not known or first.teaching_group_id != second.teaching_group_id or first.id == second.id:
        raise NotSwappable
    openings = [Opening.of(second), Opening.of(first)]
    if not for_cover:
        _refuse_if_busy(first, openings[0], second)
        _refuse_if_busy(second, openings[1], first)
    today = clock.local(now).date()
    doubts = cautions(first, openings[0], today=today, beside=second) + cautions(second, openings[1], today=today, beside=first)
    if doubts and not even_so:
        raise NeedsConfirming(" ".join(doubts))
    for lesson, opening in zip((first, second), openings, strict=True):
        _put(lesson, opening)
        lesson.moved_by_hand = True
    audit.record(act="lessons swapped", subject="planned_lesson", subject_id=first.id, by=by, at=now, other=second.id)
    return [first, second]


def split_lesson(*, planned_lesson_id: int, by: Actor, now: datetime) -> list[PlannedLesson]:
    """Teach a lesson in its checked parts: the first keeps its day, the others take the class's next free meetings.

    Raises NotHere, TaughtAlready or NotSplittable.
    """
    lesson = _movable(planned_lesson_id)
    parts = part_minutes(catalogue.current().module(lesson.module_id), lesson.lesson_number)
    if lesson.part or lesson.make_good_of is not None or not parts:
        raise NotSplittable
    group = year_of(lesson.teaching_group)
    lesson.part, lesson.moved_by_hand = 1, True
    after = lesson.planned_on
    if after is None:
        begins = max(clock.local(now).date(), group.starts_on)
        opening = next_opening(lesson, part=1, teacher_id=_teacher_of(lesson), after=begins)
        if isinstance(opening, Opening):
            _put(lesson, opening)
            after = opening.day
    made = [lesson]
    for part in range(2, len(parts) + 1):
        lead = lesson.teaching_group.lead_teacher_id
        opening = next_opening(lesson, part=part, teacher_id=lead, after=after) if after else WhyUnplaced.WAITS_FOR_EARLIER
        added = _beside(lesson, opening, part=part, now=now)
        added.moved_by_hand = True
        session().add(added)
        session().flush()
        made.append(added)
        after = opening.day if isinstance(opening, Opening) else None
    audit.record(act="lesson split", subject="planned_lesson", subject_id=lesson.id, by=by, at=now, parts=len(parts))
    return made


def leave_to_next_year(*, planned_lesson_id: int, by: Actor, now: datetime) -> PlannedLesson:
    """Leave a lesson to next year:

    it stays named, keeps no day, and planning again does not take it up. Raises NotHere, TaughtAlready.
    """
    lesson = _movable(planned_lesson_id)
    lesson.planned_on, lesson.starts_at, lesson.minutes = None, None, None
    lesson.state, lesson.why_unplaced = PlanState.UNPLACED, WhyUnplaced.NEXT_YEAR
    audit.record(act="lesson left to next year", subject="planned_lesson", subject_id=lesson.id, by=by, at=now)
    return lesson


def take_up_again(*, planned_lesson_id: int, by: Actor, now: datetime) -> PlannedLesson:
    """Let the next planning find a day again for a lesson that was left to next year. Raises NotHere."""
    lesson = queries.planned_lesson(planned_lesson_id)
    if lesson.why_unplaced is not WhyUnplaced.NEXT_YEAR:
        raise NotHere
    lesson.why_unplaced = WhyUnplaced.NO_FREE_MEETING
    audit.record(act="lesson taken up again", subject="planned_lesson", subject_id=lesson.id, by=by, at=now)
    return lesson


def mark_recorded(*, planned_lesson_id: int, recorded: bool) -> None:
    """Note that a lesson was recorded as taught, or its record undone, so that planning again knows what to leave alone."""
    session().get_one(PlannedLesson, planned_lesson_id).recorded = recorded
