"""One class and what it is taught and owed, as a machine that a test lets run: what may happen to it, and what must hold."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from eduprog.core.db import session, transaction
from eduprog.core.errors import Refusal
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.delivery import actions, queries
from eduprog.delivery.models import Delivery
from eduprog.delivery.rules import LessonOutcome, NotTaughtReason
from eduprog.followups import actions as followup_actions
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import EndReason, FollowUpState, PlacementState
from eduprog.planning import actions as planning_actions
from eduprog.planning import queries as planning
from eduprog.planning.models import PlannedLesson
from eduprog.school import queries as school
from eduprog.school.models import Closure
from eduprog.school.rules import ClosureKind, MeetingPattern, SchoolCalendar
from eduprog.tallies import actions as tallies
from eduprog.yearcycle import actions as yearcycle
from tests.integration.delivery.stage import Stage

POINTS = {"R1", "R2", "R3", "R4"}
PICK = st.integers(0, 999)
NEXT_YEAR = date(2027, 9, 1)
happened: Counter[str] = Counter()


class Years(RuleBasedStateMachine):
    """One class, and everything that can happen to what it is taught and owed."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        stage.snapshot.restore()
        self.stage, self.scene = stage, stage.scene
        self.addresses = {self.scene.teacher_id: "hana@os.example", self.scene.lead_id: "mark@os.example"}
        self.group_id = self.scene.group_ids["Y1"]
        self.today = date(2026, 10, 6)
        self.scope = school_scope(self.scene.school_id)
        self.scope.__enter__()
        self.meets: dict[int, MeetingPattern] = {}

    def teardown(self) -> None:
        """Leave the school; its figures must equal a recount."""
        try:
            self.the_figures_equal_a_recount()
        finally:
            session().rollback()
            self.scope.__exit__(None, None, None)

    @property
    def facts(self) -> dict[str, Any]:
        """Who acts, and when: on the machine's day at noon."""
        return {"by": self.scene.teacher, "now": datetime.combine(self.today, time(12), tzinfo=UTC)}

    def try_to(self, act: Callable[[], object]) -> None:
        """Do it as an entry point would; a refusal is an answer, a fault is not."""
        try:
            with transaction():
                act()
        except Refusal:
            happened["refused"] += 1
            return
        happened[sys._getframe(1).f_code.co_name] += 1

    def planned(self) -> list[PlannedLesson]:
        """The lessons still to be recorded."""
        return [lesson for lesson in planning.lessons_of_class(self.group_id) if not lesson.recorded]

    def classes(self) -> list[int]:
        """The class, and the one its pupils go to if that is known."""
        return [self.group_id]

    def rows(self, *states: FollowUpState) -> list[FollowUp]:
        """The follow-ups in one of these states."""
        wanted = session().query(FollowUp).filter(FollowUp.teaching_group_id.in_(self.classes()))
        return [row for row in wanted.order_by(FollowUp.id) if row.state in states]

    def stopped(self, module_id: str) -> bool:
        """Whether a module's follow-ups ended for good."""
        return False

    @initialize(taught=st.integers(1, 4))
    def begin(self, taught: int) -> None:
        """Begin in the middle of a year, with something taught and owed."""
        for lesson in self.planned()[:taught]:
            self.try_to(
                lambda lesson=lesson: actions.record_delivery(
                    planned_lesson_id=lesson.id, taught_on=self.today, outcome=LessonOutcome.AS_PLANNED, today=self.today,
                    **self.facts,
                )
            )  # fmt: skip

    @rule(pick=PICK, back=st.integers(0, 20), outcome=st.sampled_from(["as_planned", "as_planned", "adapted", "part_taught"]))
    def record(self, pick: int, back: int, outcome: str) -> None:
        """Record one of the next lessons, today or late."""
        chosen = self.planned()[: 1 + pick % 3]
        if chosen:
            day, how = self.today - timedelta(days=back), LessonOutcome(outcome)
            steps = [] if how is LessonOutcome.AS_PLANNED else [1]
            self.try_to(
                lambda: actions.record_delivery(
                    planned_lesson_id=chosen[-1].id, taught_on=day, outcome=how, steps=steps, once_key=f"k{pick}",
                    today=self.today, **self.facts,
                )
            )  # fmt: skip

    @rule(pick=PICK)
    def undo(self, pick: int) -> None:
        """Undo a record."""
        known = queries.of_class(self.group_id)
        if known:
            self.try_to(lambda: actions.undo_delivery(delivery_id=known[pick % len(known)].id, **self.facts))

    @rule(pick=PICK, by_days=st.integers(-12, 12))
    def change_day(self, pick: int, by_days: int) -> None:
        """Say that it was another day."""
        known = queries.of_class(self.group_id)
        if known:
            one = known[pick % len(known)]
            day = one.taught_on + timedelta(days=by_days)
            self.try_to(lambda: actions.change_day(delivery_id=one.id, taught_on=day, today=self.today, **self.facts))

    @rule(pick=PICK)
    def not_taught(self, pick: int) -> None:
        """Record that a lesson did not happen."""
        chosen = self.planned()[: 1 + pick % 3]
        if chosen:
            self.try_to(
                lambda: actions.record_not_taught(
                    planned_lesson_id=chosen[-1].id, reason=NotTaughtReason.CLASS_OUT, today=self.today, **self.facts
                )
            )

    @rule(pick=PICK, by_days=st.integers(-21, 21))
    def move(self, pick: int, by_days: int) -> None:
        """Move a planned lesson by hand."""
        chosen = [lesson for lesson in self.planned() if lesson.planned_on]
        if chosen:
            one = chosen[pick % len(chosen)]
            day = one.planned_on + timedelta(days=by_days)
            self.try_to(lambda: planning_actions.move_lesson(planned_lesson_id=one.id, to=day, even_so=True, **self.facts))

    @rule(pick=PICK, end=st.sampled_from(["done", "skipped", "again"]))
    def give(self, pick: int, end: str) -> None:
        """Give a follow-up, leave it out, or make it due again."""
        wanted = (FollowUpState.DONE, FollowUpState.SKIPPED) if end == "again" else (FollowUpState.DUE,)
        rows = self.rows(*wanted)
        if not rows:
            return
        row_id = rows[pick % len(rows)].id
        if end == "done":
            self.try_to(lambda: followup_actions.complete_follow_up(follow_up_id=row_id, done_on=self.today, **self.facts))
        elif end == "skipped":
            self.try_to(lambda: followup_actions.skip_follow_up(follow_up_id=row_id, reason=EndReason.NO_TIME, **self.facts))
        else:
            self.try_to(lambda: followup_actions.undo_follow_up(follow_up_id=row_id, **self.facts))

    @rule(pick=PICK)
    def give_one(self, pick: int) -> None:
        """Give one that is owed: it happens more often than anything else."""
        rows = self.rows(FollowUpState.DUE)
        if rows:
            row_id = rows[pick % len(rows)].id
            self.try_to(lambda: followup_actions.complete_follow_up(follow_up_id=row_id, done_on=self.today, **self.facts))

    @rule(pick=PICK, days=st.integers(1, 3))
    def snow(self, pick: int, days: int) -> None:
        """Shut the school where a follow-up stands, or tomorrow."""
        stood = [row.due_on for row in self.rows(FollowUpState.DUE) if row.due_on and row.due_on >= self.today]
        first = stood[pick % len(stood)] if stood else self.today + timedelta(days=1)
        shut = [first + timedelta(days=n) for n in range(days)]
        self.try_to(lambda: yearcycle.close_school(days=shut, kind=ClosureKind.SNOW, today=self.today, **self.facts))

    @rule(by_days=st.integers(1, 40))
    def time_goes_on(self, by_days: int) -> None:
        """Let days pass, across half-terms and the change of the clocks."""
        self.today = min(self.today + timedelta(days=by_days), date(2027, 7, 20))

    @precondition(lambda self: self.today > date(2026, 10, 20))
    @rule(by_days=st.integers(1, 10))
    def clock_set_back(self, by_days: int) -> None:
        """Let the server's clock be set back."""
        self.today -= timedelta(days=by_days)

    @rule()
    def settle(self) -> None:
        """Run the nightly job."""
        self.try_to(lambda: yearcycle.settle_follow_ups(today=self.today, **self.facts))

    @rule()
    def nothing_is_missed(self) -> None:
        """Recompute what is owed: whatever happened before, nothing is missing."""
        with transaction():
            assert yearcycle.mend_follow_ups(today=self.today, **self.facts).put_back == 0
        happened["recomputed"] += 1

    @invariant()
    def what_is_owed_holds_together(self) -> None:
        """None is doubled, none is lost, none stands on a day on which the class does not meet."""
        standing = {one.id: one for one in queries.of_class(self.group_id)}
        rows = self.rows(*FollowUpState)
        self.none_is_doubled(rows)
        self.none_is_lost(rows, standing)
        self.none_stands_on_a_closed_day(rows)

    def none_is_doubled(self, rows: list[FollowUp]) -> None:
        """One of each point for a lesson's record, and one owed or given for a module."""
        keys = Counter((row.delivery_id, row.point, row.teaching_group_id) for row in rows)
        assert max(keys.values(), default=0) <= 1
        owed = Counter((row.module_id, row.point) for row in rows if row.state is FollowUpState.DUE)
        assert max(owed.values(), default=0) <= 1
        given = Counter((row.module_id, row.point) for row in rows if row.state is FollowUpState.DONE)
        assert max(given.values(), default=0) <= 1
        assert not owed.keys() & given.keys()

    def none_is_lost(self, rows: list[FollowUp], standing: dict[int, Delivery]) -> None:
        """Each finished module that stands has all four: owed, given or left out; what does not stand owes nothing."""
        for row in rows:
            assert row.delivery_id in standing or row.state is not FollowUpState.DUE
        there: dict[str, set[str]] = {}
        for row in rows:
            if row.state is not FollowUpState.WITHDRAWN:
                there.setdefault(row.module_id, set()).add(row.point.value)
        finished = {
            one.module_id for one in standing.values()
            if one.outcome is not LessonOutcome.PART_TAUGHT
            and one.lesson_number == len(catalogue.current().module(one.module_id).lessons)
        }  # fmt: skip
        begun = {row.module_id for row in rows if row.state is not FollowUpState.WITHDRAWN and row.delivery_id in standing}
        for module_id in finished | begun:
            assert self.stopped(module_id) or there.get(module_id) == POINTS, module_id

    def none_stands_on_a_closed_day(self, rows: list[FollowUp]) -> None:
        """Each that is to come stands on a day the class meets, or says why it has none."""
        calendar = self.calendar()
        for row in rows:
            if row.state is FollowUpState.DUE and row.placement is PlacementState.PLACED:
                assert row.due_on is not None
                assert calendar.class_meets(self.pattern(row.teaching_group_id), row.due_on), row.due_on
                assert row.due_on > row.taught_on
                assert row.carried_from_id is None or row.due_on >= NEXT_YEAR
            elif row.state is FollowUpState.DUE:
                assert row.due_on is None

    def calendar(self) -> SchoolCalendar:
        """Give the calendar; the same closures are the same calendar, for the years do not change."""
        shut = tuple(session().scalars(select(Closure.day).order_by(Closure.day)))
        if shut not in self.stage.calendars:
            self.stage.calendars[shut] = school.calendar()
        return self.stage.calendars[shut]

    def pattern(self, group_id: int) -> MeetingPattern:
        """Give when a class meets: no rule changes that."""
        if group_id not in self.meets:
            self.meets[group_id] = school.meeting_pattern(school.teaching_group(group_id).slots)
        return self.meets[group_id]

    def the_figures_equal_a_recount(self) -> None:
        """What the roll-ups say is what the records say, and one lesson has one record."""
        assert tallies.compare(queries.tally_facts()) == []
        known = session().query(Delivery).filter(Delivery.withdrawn_at.is_(None)).all()
        assert max(Counter(one.planned_lesson_id for one in known).values(), default=0) <= 1
