"""A teacher's week as values: lessons, follow-ups, and what waits to be recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TypeVar

from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import FollowUpPoint
from eduprog.delivery.models import Delivery
from eduprog.delivery.queries.looks import first_looks
from eduprog.delivery.queries.records import Recorded, recorded_of
from eduprog.delivery.rules import LessonOutcome
from eduprog.followups import queries as followups
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import FollowUpState
from eduprog.gates import queries as gates
from eduprog.planning import queries as planning
from eduprog.planning.models import PlannedLesson
from eduprog.school import queries as school
from eduprog.school.queries import AnyClass

LOOK_BACK = timedelta(days=21)
_Card = TypeVar("_Card", bound="LessonCard | FollowUpCard")


@dataclass(frozen=True, slots=True)
class LessonCard:
    """A planned lesson as a card shows it."""

    planned_lesson_id: int
    delivery_id: int | None
    group_id: int
    group_name: str
    teacher: str
    module_id: str
    module_title: str
    lesson_number: int
    lessons: int
    title: str
    minutes: int
    day: date | None
    starts_at: time | None
    outcome: LessonOutcome | None
    make_good: bool
    gated: bool
    on_hold: bool
    part: int = 0
    parts: int = 0
    covered: bool = False
    see_first: bool = False


@dataclass(frozen=True, slots=True)
class FollowUpCard:
    """A follow-up as a card shows it."""

    follow_up_id: int
    group_id: int
    group_name: str
    teacher: str
    module_id: str
    module_title: str
    point: FollowUpPoint
    minutes: int
    day: date | None
    state: FollowUpState
    on_hold: bool


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Friday: what each day holds, and what from before still waits."""

    first: date
    last: date
    lessons: Mapping[date, Sequence[LessonCard]]
    follow_ups: Mapping[date, Sequence[FollowUpCard]]
    unrecorded: Sequence[LessonCard]
    overdue: Sequence[FollowUpCard]

    @property
    def days(self) -> list[date]:
        """Give the days that hold anything, in order."""
        return sorted({*self.lessons, *self.follow_ups})


def week_of(day: date, *, today: date, lead_teacher_id: int | None) -> Week:
    """Give the week that holds the day, for one teacher's classes, or for the whole school if none is named."""
    first = day - timedelta(days=day.weekday())
    last = first + timedelta(days=4)
    holds = gates.holds()
    before, since = min(first, today), first - LOOK_BACK
    lessons = planning.lessons_of_week(first, last, since=since, before=before, lead_teacher_id=lead_teacher_id)
    ids = [lesson.id for lesson in lessons]
    taught, looks = recorded_of(ids), first_looks(ids)
    planned = [lesson for lesson in lessons if lesson.planned_on and lesson.planned_on >= first]
    waiting = [lesson for lesson in lessons if lesson.planned_on and lesson.planned_on < before and lesson.id not in taught]
    rows = followups.of_week(first, last, since=since, before=before, lead_teacher_id=lead_teacher_id)
    due = [row for row in rows if row.due_on and row.due_on >= first]
    overdue = [row for row in rows if row.due_on and row.due_on < before]
    classes = school.classes_to_show([*(one.teaching_group_id for one in lessons), *(row.teaching_group_id for row in rows)])
    givers = school.givers_of(classes[row.teaching_group_id] for row in rows)

    def lesson(one: PlannedLesson, delivery: Recorded | None) -> LessonCard:
        return lesson_card(one, delivery, holds, looks, classes[one.teaching_group_id])

    def follow_up(row: FollowUp) -> FollowUpCard:
        return follow_up_card(row, holds, givers, classes[row.teaching_group_id])

    return Week(
        first=first,
        last=last,
        lessons=_by_day([lesson(one, taught.get(one.id)) for one in planned]),
        follow_ups=_by_day([follow_up(row) for row in due]),
        unrecorded=[lesson(one, None) for one in waiting],
        overdue=[follow_up(row) for row in overdue],
    )


def starters(planned: PlannedLesson, day: date) -> Sequence[FollowUpCard]:
    """Give the follow-ups that this lesson begins with on a day: due by then and not on hold.

    Those of its class, unless another hosts them, and those of the classes it hosts, such as a tutor group or an assembly.
    """
    group = planned.teaching_group
    given_here = {*school.hosted_by(group.id), *([] if group.host_group_id is not None else [group.id])}
    due = followups.due_of_classes(given_here, day - LOOK_BACK, day)
    held = gates.holds()
    givers = school.givers_of(row.teaching_group for row in due)
    return [card for card in (follow_up_card(row, held, givers) for row in due) if not card.on_hold]


def _by_day(cards: Iterable[_Card]) -> dict[date, list[_Card]]:
    days: dict[date, list[_Card]] = {}
    for card in cards:
        if card.day is not None:
            days.setdefault(card.day, []).append(card)
    return days


def lesson_card(
    lesson: PlannedLesson, delivery: Delivery | Recorded | None, holds: gates.Holds, looks: Collection[int] = (),
    group: AnyClass | None = None,
) -> LessonCard:  # fmt: skip
    """Give a planned lesson as a card, and its class if that is not loaded; `looks` are those the DSL wants to be asked about."""
    module = catalogue.current().module(lesson.module_id)
    content = module.lessons[lesson.lesson_number - 1]
    group = group or lesson.teaching_group
    return LessonCard(
        planned_lesson_id=lesson.id,
        delivery_id=delivery.id if delivery else None,
        group_id=group.id,
        group_name=group.name,
        teacher=group.lead_name or "",
        module_id=module.id,
        module_title=module.title,
        lesson_number=lesson.lesson_number,
        lessons=len(module.lessons),
        title=content.title,
        minutes=sum(step.minutes for step in content.parts[lesson.part - 1]) if lesson.part else content.minutes,
        day=lesson.planned_on,
        starts_at=lesson.starts_at or _starts_at(group, lesson.planned_on),
        outcome=delivery.outcome if delivery else None,
        make_good=lesson.make_good_of is not None,
        gated="G0" not in module.gates,
        on_hold=holds.stop(module, group.year_groups),
        part=lesson.part,
        parts=len(content.parts) if lesson.part else 0,
        covered=lesson.covered_by is not None,
        see_first=delivery is None and lesson.id in looks,
    )


def recorded_card(delivery: Delivery, planned: PlannedLesson) -> LessonCard:
    """Give a recorded lesson as a card."""
    return lesson_card(planned, delivery, gates.Holds())


def follow_up_card(row: FollowUp, holds: gates.Holds, givers: Mapping[int, str], group: AnyClass | None = None) -> FollowUpCard:
    """Give a follow-up as a card, and its class if that is not loaded; `givers` names who gives the follow-ups, by class."""
    module = catalogue.current().module(row.module_id)
    group = group or row.teaching_group
    return FollowUpCard(
        follow_up_id=row.id,
        group_id=group.id,
        group_name=group.name,
        teacher=givers.get(group.id, ""),
        module_id=module.id,
        module_title=module.title,
        point=row.point,
        minutes=module.follow_ups[row.point].minutes,
        day=row.due_on,
        state=row.state,
        on_hold=holds.stop(module, group.year_groups),
    )


def _starts_at(group: AnyClass, day: date | None) -> time | None:
    if day is None:
        return None
    return next((slot.starts_at for slot in group.slots if slot.weekday == day.weekday()), None)
