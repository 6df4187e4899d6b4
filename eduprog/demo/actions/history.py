"""Live through a school's term and a half: each lesson and follow-up by the action a teacher would have used."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from random import Random

from eduprog.core import clock
from eduprog.core.permissions import Actor, person
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Gate, YearGroup
from eduprog.delivery import actions as delivery
from eduprog.delivery.rules import LessonOutcome, NotTaughtReason
from eduprog.demo.actions.founding import Founded
from eduprog.demo.rules import Fate, FollowUpFate, chance, fate_of_follow_up, fate_of_lesson
from eduprog.demo.rules.agenda import Agenda, Entry, Happening
from eduprog.demo.rules.choosing import Move
from eduprog.followups import actions as followups
from eduprog.followups import queries as followup_queries
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import FollowUpState
from eduprog.gates import actions as gates
from eduprog.gates.rules import Condition, GateReason, PauseScope, asked_of
from eduprog.planning import actions as planning_actions
from eduprog.planning import queries as planning
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import steps_of_part
from eduprog.school import queries as school
from eduprog.school.rules import ClosureKind, SchoolCalendar, wall_time
from eduprog.yearcycle import actions as yearcycle

_REASONS = (NotTaughtReason.STAFF_ABSENT, NotTaughtReason.TIME_TAKEN, NotTaughtReason.CLASS_OUT, NotTaughtReason.NOT_READY)
_PAUSE_DAYS = 9
_TWO_WEEKS = timedelta(days=14)
_SOON = timedelta(minutes=20)  # what is known late is done after it is known


class History:
    """One school's past, lived week by week; whoever drives it owns the transactions and makes the school current."""

    def __init__(
        self, *, founded: Founded, seed: str, began: datetime, ends: datetime, snow: date | None, move: Move | None
    ) -> None:
        """Put on the agenda what is known from the start: everything that happens lies after `began` and before `ends`."""
        self._founded = founded
        self._seed = f"{seed}:{founded.sketch.domain}"
        self._ends = ends
        self._agenda = Agenda()
        self._paused = ""
        self._pause_id = 0
        self._calendar: SchoolCalendar = school.calendar()
        self._leads = {group.id: group.lead_teacher_id for group in school.groups_by_id(founded.group_ids).values()}
        lessons = planning.lessons_of_classes(founded.group_ids)
        for lesson in lessons:
            if move is None or lesson.id != move.lesson_id:
                self._expect_lesson(lesson, began)
        if move is not None:
            self._agenda.add(wall_time(move.stood_on, time(8, 5)), Happening.MOVE, subject_id=move.lesson_id, day=move.to)
        if snow is not None:
            self._agenda.add(wall_time(snow, time(6, 45)), Happening.SNOW, day=snow)
        self._expect_gates(lessons, began)

    def live_until(self, moment: datetime) -> None:
        """Let happen what happened before this moment."""
        acts = {
            Happening.LESSON: self._lesson, Happening.FOLLOW_UP: self._follow_up, Happening.SNOW: self._snow,
            Happening.PAUSE: self._pause, Happening.LIFT: self._lift, Happening.CONDITIONS: self._meet_conditions,
            Happening.MOVE: self._move,
        }  # fmt: skip
        for entry in self._agenda.until(moment):
            acts[entry.what](entry)

    # What is to be expected -------------------------------------------------------------------------------------------

    def _expect_lesson(self, lesson: PlannedLesson, known_at: datetime) -> None:
        if lesson.planned_on is None:
            return
        at = self._recorded_at(lesson.planned_on, self._dice("moment", lesson.id, lesson.planned_on))
        at = max(at, known_at + _SOON)
        self._agenda.add(
            at, Happening.LESSON, subject_id=lesson.id, day=lesson.planned_on, group_id=lesson.teaching_group_id,
            module_id=lesson.module_id, lesson_number=lesson.lesson_number,
        )  # fmt: skip

    def _recorded_at(self, day: date, dice: Random) -> datetime:
        """Most lessons are recorded on their day, some in the evening, some when a week has gone."""
        late = dice.choices((0, 1, 2, 4, 7), (78, 10, 6, 4, 2))[0]
        hour = dice.randint(12, 17) if late == 0 else dice.randint(15, 20)
        return wall_time(day + timedelta(days=late), time(hour, dice.randint(0, 59)))

    def _expect_follow_ups(self, rows: Iterable[FollowUp], known_at: datetime) -> None:
        for row in rows:
            if row.due_on is None or row.state is not FollowUpState.DUE:
                continue
            dice = self._dice("follow-up", row.id)
            fate = fate_of_follow_up(dice)
            if fate is FollowUpFate.FORGOTTEN:
                continue
            day = row.due_on
            if fate is FollowUpFate.LATE:
                day = self._calendar.first_open_day(day + timedelta(days=dice.randint(1, 6))) or day
            at = max(wall_time(day, time(dice.randint(12, 17), dice.randint(0, 59))), known_at + _SOON)
            self._agenda.add(
                at,
                Happening.FOLLOW_UP,
                subject_id=row.id,
                day=row.due_on,
                group_id=row.teaching_group_id,
                module_id=row.module_id,
            )

    def _expect_gates(self, lessons: Iterable[PlannedLesson], began: datetime) -> None:
        """Sensitive modules have their conditions recorded before; the first of them to be taught was once paused."""
        firsts: dict[str, date] = {}
        for lesson in lessons:
            if lesson.planned_on and Gate.G0 not in catalogue.current().module(lesson.module_id).gates:
                firsts[lesson.module_id] = min(lesson.planned_on, firsts.get(lesson.module_id, lesson.planned_on))
        for module_id, first in sorted(firsts.items()):
            at = max(began, wall_time(first, time(12, 0)) - _TWO_WEEKS)
            self._agenda.add(at, Happening.CONDITIONS, module_id=module_id)
        known = sorted((first, module_id) for module_id, first in firsts.items())
        if known and clock.local(self._ends).date() - known[0][0] > _TWO_WEEKS:
            first, module_id = known[0]
            self._agenda.add(wall_time(first, time(8, 15)), Happening.PAUSE, module_id=module_id)
            self._agenda.add(wall_time(first + timedelta(days=_PAUSE_DAYS), time(16, 0)), Happening.LIFT)

    def _dice(self, *what: object) -> Random:
        return chance(self._seed, *what)

    # What happens -----------------------------------------------------------------------------------------------------

    def _lesson(self, entry: Entry) -> None:
        dice = self._dice("lesson", entry.subject_id, entry.day)
        fate = fate_of_lesson(dice)
        if entry.module_id == self._paused:
            self._not_taught(entry, NotTaughtReason.POSTPONED_ON_ADVICE, self._teacher_of(entry.group_id, dice))
        elif fate is Fate.NOT_TAUGHT:
            self._not_taught(entry, dice.choice(_REASONS), self._teacher_of(entry.group_id, dice))
        elif fate is not Fate.FORGOTTEN:
            self._taught(entry, fate, dice)

    def _teacher_of(self, group_id: int, dice: Random) -> Actor:
        """Now and then somebody else records: the head of PSHE."""
        lead = self._leads[group_id]
        return person(self._founded.head_of_pshe if lead is None or dice.random() < 0.04 else lead)

    def _taught(self, entry: Entry, fate: Fate, dice: Random) -> None:
        assert entry.day is not None
        module = catalogue.current().module(entry.module_id)
        steps = steps_of_part(module, entry.lesson_number, planning.planned_lesson(entry.subject_id).part)
        done: list[int] = []
        if fate is Fate.PART_TAUGHT:
            done = steps[: max(1, len(steps) // 2)]
        elif fate is Fate.ADAPTED:
            left_out = dice.choice(steps[1:] or steps)
            done = [step for step in steps if step != left_out] or steps
        recorded = delivery.record_delivery(
            planned_lesson_id=entry.subject_id, taught_on=entry.day, outcome=LessonOutcome(fate.value), steps=done,
            by=self._teacher_of(entry.group_id, dice), now=entry.at, today=clock.local(entry.at).date(),
        )  # fmt: skip
        if fate is Fate.PART_TAUGHT:
            self._expect_make_good(entry, entry.day)
        else:
            self._expect_follow_ups(followup_queries.of_delivery(recorded.id), entry.at)

    def _expect_make_good(self, entry: Entry, after: date) -> None:
        lessons = planning.lessons_of_class(entry.group_id)
        root_id = next(lesson.make_good_of or lesson.id for lesson in lessons if lesson.id == entry.subject_id)
        for lesson in lessons:
            if lesson.make_good_of == root_id and lesson.planned_on is not None and lesson.planned_on > after:
                self._expect_lesson(lesson, entry.at)

    def _not_taught(self, entry: Entry, reason: NotTaughtReason, by: Actor) -> None:
        today = clock.local(entry.at).date()
        moved = delivery.record_not_taught(planned_lesson_id=entry.subject_id, reason=reason, by=by, now=entry.at, today=today)
        self._expect_lesson(moved, entry.at)

    def _follow_up(self, entry: Entry) -> None:
        if entry.module_id == self._paused:
            self._agenda.put_off(entry, entry.at + timedelta(days=_PAUSE_DAYS))
            return
        dice = self._dice("follow-up", entry.subject_id)
        fate = fate_of_follow_up(dice)
        by = self._teacher_of(entry.group_id, dice)
        if fate is FollowUpFate.SKIPPED:
            reason = dice.choice(followups.SKIP_REASONS)
            followups.skip_follow_up(follow_up_id=entry.subject_id, reason=reason, by=by, now=entry.at)
        else:
            done_on = clock.local(entry.at).date()
            followups.complete_follow_up(follow_up_id=entry.subject_id, done_on=done_on, by=by, now=entry.at)

    def _snow(self, entry: Entry) -> None:
        assert entry.day is not None
        by = person(self._founded.admin)
        yearcycle.close_school(days=[entry.day], kind=ClosureKind.SNOW, by=by, now=entry.at, today=entry.day)
        self._calendar = school.calendar()
        for stood in self._agenda.take_day(entry.day):
            if stood.what is Happening.LESSON:
                self._expect_lesson(planning.planned_lesson(stood.subject_id), entry.at)
            else:
                self._expect_follow_ups([followup_queries.follow_up_alone(stood.subject_id)], entry.at)

    def _move(self, entry: Entry) -> None:
        assert entry.day is not None
        by = person(self._founded.head_of_pshe)
        planning_actions.move_lesson(planned_lesson_id=entry.subject_id, to=entry.day, even_so=True, by=by, now=entry.at)

    def _pause(self, entry: Entry) -> None:
        by = person(self._founded.safeguarding_lead)
        self._paused = entry.module_id
        self._pause_id = gates.pause(scope=PauseScope.MODULE, subject=entry.module_id, by=by, now=entry.at).id

    def _lift(self, entry: Entry) -> None:
        self._paused = ""
        gates.lift(pause_id=self._pause_id, by=person(self._founded.safeguarding_lead), now=entry.at)

    def _meet_conditions(self, entry: Entry) -> None:
        entitled = catalogue.current().module(entry.module_id).years
        for year in sorted({*entitled} & {*self._founded.sketch.years}, key=lambda group: group.number):
            self._condition(entry, year)

    def _condition(self, entry: Entry, year: YearGroup) -> None:
        for condition in asked_of(catalogue.current().module(entry.module_id)):
            settled = condition is Condition.SCHOOL_POLICY
            gates.meet_condition(
                academic_year_id=self._founded.academic_year_id, module_id=entry.module_id, year_group=year, condition=condition,
                reason=GateReason.SEX_EDUCATION if settled else GateReason.DONE, withdrawn=0,
                by=person(self._founded.safeguarding_lead), now=entry.at,
            )  # fmt: skip
