"""Where a single lesson can go: the free meetings of its class, and what speaks against a day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from eduprog.core.errors import NotHere
from eduprog.curriculum import catalogue
from eduprog.planning import queries
from eduprog.planning.models import PlannedLesson
from eduprog.planning.queries import PlanFacts, Timetable
from eduprog.planning.rules import Diary, Meeting, WhyUnplaced, is_sensitive, joint_name, lead_days, minute_of, part_minutes
from eduprog.school import queries as school
from eduprog.school.models import TeachingGroup
from eduprog.school.rules import HalfTermBlock, SlotKind

_CUT = 10


@dataclass(frozen=True, slots=True)
class Opening:
    """A day, and where it is known the time, at which a lesson can stand.

    `calm` as for meetings; None where no meeting is there.
    """

    day: date
    block: HalfTermBlock
    starts_at: time | None
    minutes: int | None
    calm: bool | None = None
    joint: bool = False
    """Whether several classes meet there together, as in an assembly."""

    @classmethod
    def of(cls, lesson: PlannedLesson) -> Opening:
        """Give the place a lesson has now."""
        assert lesson.planned_on is not None
        return cls(lesson.planned_on, lesson.block, lesson.starts_at, lesson.minutes, None, is_joint(lesson))


def year_of(group: TeachingGroup) -> school.SchoolYear:
    """Give the academic year of a class. Raises NotHere."""
    found = next((year for year in school.academic_years() if year.id == group.academic_year_id), None)
    if found is None:
        raise NotHere
    return found


def meetings_in_year(group: TeachingGroup, facts: PlanFacts | None = None) -> list[Meeting]:
    """Give the meetings of a class in its academic year, drop-down days included."""
    facts = facts or queries.plan_facts(group.academic_year_id)
    return Timetable(year_of(group), facts, school.calendar()).meetings(group)


def is_joint(lesson: PlannedLesson) -> bool:
    """Say whether a lesson stands where its class (its slots loaded) meets together with others."""
    if lesson.planned_on is None:
        return False
    moment = (lesson.planned_on.weekday(), lesson.starts_at)
    return any(one.kind is SlotKind.ASSEMBLY and (one.weekday, one.starts_at) == moment for one in lesson.teaching_group.slots)


def is_free(person_id: int, lesson: PlannedLesson, opening: Opening, leave_out: Collection[int]) -> bool:
    """Say whether a person has nothing else while a lesson would stand there; `leave_out` are lessons about to leave their place.

    One lesson that several classes have together in an assembly is one.
    """
    if opening.starts_at is None or opening.minutes is None:
        return True
    diary = queries.plan_facts(lesson.teaching_group.academic_year_id, everybody=True).diary(leave_out)
    joint = joint_name(opening.day, opening.starts_at, _key(lesson)) if opening.joint else None
    return diary.is_free(person_id, opening.day, minute_of(opening.starts_at), opening.minutes, joint)


def _key(lesson: PlannedLesson) -> tuple[str, int, int]:
    return (lesson.module_id, lesson.lesson_number, lesson.part)


def length_of(module_id: str, lesson_number: int, part: int) -> int:
    """Give the minutes of a lesson, or of one of its parts."""
    module = catalogue.current().module(module_id)
    return part_minutes(module, lesson_number)[part - 1] if part else module.lesson(lesson_number).minutes


def free_meetings(group: TeachingGroup, leave_out: Collection[int] = (), facts: PlanFacts | None = None) -> list[Meeting]:
    """Give the meetings of a class that hold no lesson, in order of time."""
    facts = facts or queries.plan_facts(group.academic_year_id)
    held: dict[date, list[tuple[int, int]]] = {}
    for row in facts.rows.get(group.id, ()):
        if row.day is not None and row.id not in leave_out:
            begins = minute_of(row.starts_at) if row.starts_at else 0
            held.setdefault(row.day, []).append((begins, begins + (row.minutes or 24 * 60)))
    return [
        meeting
        for meeting in meetings_in_year(group, facts)
        if all(begin >= meeting.begins + meeting.minutes or end <= meeting.begins for begin, end in held.get(meeting.day, ()))
    ]


def next_opening(lesson: PlannedLesson, *, part: int, teacher_id: int | None, after: date) -> Opening | WhyUnplaced:
    """Give the first free meeting of a lesson's class after a day in which its teacher has no other class, or why there is none.

    Long enough if there is one, calm for a sensitive lesson if there is one.
    """
    group, minutes = lesson.teaching_group, length_of(lesson.module_id, lesson.lesson_number, part)
    facts = queries.plan_facts(group.academic_year_id, everybody=True)
    diary, key = facts.diary([lesson.id]), (lesson.module_id, lesson.lesson_number, part)
    unheld = [meeting for meeting in free_meetings(group, facts=facts) if meeting.day > after]
    free = [one for one in unheld if teacher_id is None or _is_free_in(one, diary, teacher_id, minutes, key)]
    if not free:
        return WhyUnplaced.TEACHER_BUSY if unheld else WhyUnplaced.NO_FREE_MEETING
    long_enough = [meeting for meeting in free if meeting.minutes + _CUT >= minutes] or free
    sensitive = is_sensitive(catalogue.current().module(lesson.module_id))
    soon = [one for one in long_enough if one.day <= long_enough[0].day + timedelta(days=28)]
    calm = [one for one in soon if one.calm] if sensitive else []
    return _opening((calm or long_enough)[0], minutes)


def _is_free_in(meeting: Meeting, diary: Diary, teacher_id: int, minutes: int, key: tuple[str, int, int]) -> bool:
    joint = joint_name(meeting.day, meeting.starts_at, key) if meeting.joint else None
    return diary.is_free(teacher_id, meeting.day, meeting.begins, min(minutes, meeting.minutes), joint)


def opening_on(group: TeachingGroup, lesson: PlannedLesson, day: date, at: time | None) -> Opening | None:
    """Give where on a day a lesson can stand: in a free meeting of the class, or outside its timetable on a day that is empty."""
    minutes = length_of(lesson.module_id, lesson.lesson_number, lesson.part)
    there = [meeting for meeting in free_meetings(group, [lesson.id]) if meeting.day == day and at in (None, meeting.starts_at)]
    if there:
        long_enough = [meeting for meeting in there if meeting.minutes + _CUT >= minutes]
        return _opening((long_enough or there)[0], minutes)
    others = [one for one in queries.lessons_of_class(group.id) if one.planned_on == day and one.id != lesson.id]
    block = school.half_term_on(school.calendar().half_terms, day)
    if others or block is None:
        return None
    return Opening(day, block, at, minutes if at else None)


def _opening(meeting: Meeting, minutes: int) -> Opening:
    return Opening(meeting.day, meeting.block, meeting.starts_at, min(minutes, meeting.minutes), meeting.calm, meeting.joint)


def cautions(lesson: PlannedLesson, opening: Opening, *, today: date, beside: PlannedLesson | None = None) -> list[str]:
    """Give, as sentences, what speaks against a day: the end of a week or block, the notice a gate needs, the order of lessons.

    `beside` is the lesson it changes places with.
    """
    module = catalogue.current().module(lesson.module_id)
    found = _cautions_of_gate(lesson, opening, today) if is_sensitive(module) else []
    others = [
        one for one in queries.lessons_of_class(lesson.teaching_group_id) if one.id != lesson.id and one.make_good_of is None
    ]
    return found + _cautions_of_order(lesson, opening.day, [one for one in others if beside is None or one.id != beside.id])


def _cautions_of_gate(lesson: PlannedLesson, opening: Opening, today: date) -> list[str]:
    group, found = lesson.teaching_group, []
    facts = queries.plan_facts(group.academic_year_id)
    same_day = [one for one in meetings_in_year(group, facts) if one.day == opening.day]
    calm = opening.calm if opening.calm is not None else all(one.calm for one in same_day)
    if not calm:
        found.append(f"{lesson.module_id} is a sensitive lesson, and this is the last lesson of a week or just before a break.")
    days = lead_days(catalogue.current().module(lesson.module_id), facts.met(lesson.module_id, group.year_groups))
    if days and opening.day < today + timedelta(days=days):
        found.append(f"{lesson.module_id} needs {days} days’ notice, so that the DSL and parents or carers know.")
    return found


def _cautions_of_order(lesson: PlannedLesson, day: date, others: Sequence[PlannedLesson]) -> list[str]:
    modules, key = catalogue.current().modules, (lesson.lesson_number, lesson.part)
    found = []
    for one in others:
        if one.planned_on is None or one.module_id not in modules:
            continue
        same = one.module_id == lesson.module_id
        before = (same and (one.lesson_number, one.part) < key) or one.module_id in modules[lesson.module_id].builds_on
        after = (same and (one.lesson_number, one.part) > key) or lesson.module_id in modules[one.module_id].builds_on
        if (before and one.planned_on > day) or (after and one.planned_on < day):
            found.append(f"It would come {'before' if before else 'after'} {one.module_id} lesson {one.lesson_number}.")
    return sorted(set(found))
