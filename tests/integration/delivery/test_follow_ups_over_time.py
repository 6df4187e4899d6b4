"""Whatever teachers, snow and clocks do: no follow-up is doubled, lost or due on a closed day, no reminder goes without cause.

The safeguarding lead may put a module, a strand or a year group on hold and lift it again: what is on hold is offered to
nobody and told to nobody while the hold stands, and nothing of it is lost.
"""

from __future__ import annotations

import os
import re
from datetime import date, datetime, time, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from flask import Flask, current_app
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from eduprog.core import clock
from eduprog.core.db import session, transaction
from eduprog.core.permissions import job as job_actor
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.delivery import queries as deliveries
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import FollowUpState
from eduprog.gates import actions as gates
from eduprog.gates.rules import PauseScope
from eduprog.mail.emails import Composer
from eduprog.mail.jobs import Dispatcher
from eduprog.mail.transports.memory import MemoryTransport
from eduprog.planning import actions as planning_actions
from eduprog.planning import queries as planning
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState
from eduprog.reminders import actions as reminders
from eduprog.school import queries as school
from eduprog.school.rules import wall_time
from eduprog.yearcycle import actions as yearcycle
from eduprog.yearcycle import queries as years
from tests.conftest import FULL
from tests.integration.delivery.stage import Stage, a_stage
from tests.integration.delivery.years import PICK, Years, happened
from tests.support.retiring import without

EXAMPLES = int(os.environ.get("EDUPROG_EXAMPLES", 400 if FULL else 4))
JULY = date(2027, 7, 5)
LOOK_BACK = timedelta(days=21)


class WholeYears(Years):
    """Also: cover, holds, modules retired, the class ended, the step into the next year and back, what staff are mailed."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.curriculum = catalogue.ours()
        self.retired: set[str] = set()
        self.ended_on: date | None = None
        self.step_id: int | None = None
        self.transport = MemoryTransport()
        owners = current_app.extensions["eduprog"].DATA_DIR / "owners"
        self.dispatcher = Dispatcher(
            self.transport, Composer("e <e@eduprog.example>"), owners=owners, batch=10, lease_seconds=900
        )
        self.weekly: set[tuple[str, date]] = set()
        self.held: dict[int, str] = {}

    def teardown(self) -> None:
        """Leave everything as it was."""
        catalogue.install(self.curriculum)
        self.dispatcher.close()
        super().teardown()

    def classes(self) -> list[int]:
        """The class, and the one its pupils go to if that is known."""
        return [self.group_id, *school.successors_in(self.scene.academic_year_id).get(self.group_id, [])]

    def stopped(self, module_id: str) -> bool:
        """Whether a module's follow-ups ended for good."""
        return self.ended_on is not None or module_id in self.retired

    def on_hold(self, module_id: str) -> bool:
        """Whether the safeguarding lead holds a module back, as far as this machine knows."""
        strand = self.curriculum.module(module_id).strand.value
        return any(subject in (module_id, strand, YearGroup.Y1.value) for subject in self.held.values())

    @rule(pick=PICK, scope=st.sampled_from(PauseScope))
    def put_on_hold(self, pick: int, scope: PauseScope) -> None:
        """Put a module, its strand or the year group on hold; what is owed stays owed."""
        owed = self.rows(FollowUpState.DUE)
        known = sorted({row.module_id for row in owed} | {lesson.module_id for lesson in self.planned()[:4]})
        if not known:
            return
        module = self.curriculum.module(known[pick % len(known)])
        year, strand = YearGroup.Y1.value, module.strand.value
        subject = {PauseScope.MODULE: module.id, PauseScope.STRAND: strand, PauseScope.YEAR_GROUP: year}[scope]

        def pause() -> None:
            self.held[gates.pause(scope=scope, subject=subject, **self.facts).id] = subject

        before = [(row.id, row.due_on) for row in owed]
        self.try_to(pause)
        assert [(row.id, row.due_on) for row in self.rows(FollowUpState.DUE)] == before

    @precondition(lambda self: self.held)
    @rule(pick=PICK)
    def lift(self, pick: int) -> None:
        """Lift one of the holds; what is owed is as it was."""
        chosen = sorted(self.held)[pick % len(self.held)]
        self.try_to(lambda: gates.lift(pause_id=chosen, **self.facts))
        del self.held[chosen]

    @rule(pick=PICK)
    def open_lesson(self, pick: int) -> None:
        """Open one of the next lessons: it begins with what is due by today and not on hold, and with nothing else."""
        chosen = self.planned()[:3]
        if not chosen:
            return
        lesson = planning.planned_lesson(chosen[pick % len(chosen)].id)
        wanted = {
            row.id for row in self.rows(FollowUpState.DUE)
            if row.due_on and self.today - LOOK_BACK <= row.due_on <= self.today
            and row.teaching_group_id == self.group_id and not self.on_hold(row.module_id)
        }  # fmt: skip
        assert {card.follow_up_id for card in deliveries.starters(lesson, self.today)} == wanted
        happened["opened with follow-ups" if wanted else "opened with none"] += 1

    @rule(pick=PICK, back=st.booleans())
    def cover(self, pick: int, back: bool) -> None:
        """Let the head of PSHE take one of the next lessons, or give it back."""
        chosen = [lesson for lesson in self.planned() if lesson.planned_on][:4]
        if chosen:
            one, person_id = chosen[pick % len(chosen)], None if back else self.scene.lead_id
            self.try_to(lambda: planning_actions.cover_lesson(planned_lesson_id=one.id, person_id=person_id, **self.facts))

    @precondition(lambda self: len(self.retired) < 2)
    @rule(pick=PICK)
    def retire(self, pick: int) -> None:
        """Retire a module that something is owed of; by the next morning its follow-ups have ended."""
        owed = sorted({row.module_id for row in self.rows(FollowUpState.DUE)})
        if not owed:
            return
        self.retired.add(owed[pick % len(owed)])
        catalogue.install(without(self.curriculum, self.retired))
        self.try_to(lambda: yearcycle.mend_follow_ups(today=self.today, **self.facts))
        assert not [row for row in self.rows(FollowUpState.DUE) if row.module_id in self.retired]

    @precondition(lambda self: self.ended_on is None and self.step_id is None and self.today > date(2027, 2, 1))
    @rule(sooner=st.integers(0, 9))
    def end_class(self, sooner: int) -> None:
        """End the class; one time in ten, for nothing happens to it afterwards."""
        if sooner == 0:
            ends_on = self.today
            self.try_to(lambda: yearcycle.end_class(group_id=self.group_id, ends_on=ends_on, **self.facts))
            self.ended_on = ends_on

    @rule()
    def july(self) -> None:
        """Let it be July, when the next year is made ready."""
        self.today = max(self.today, JULY)

    @precondition(lambda self: self.ended_on is None and self.step_id is None and self.today >= JULY)
    @rule()
    def roll_over(self) -> None:
        """Step into the next year."""

        def step() -> None:
            ready = years.next_year(self.today)
            assert ready is not None
            report = yearcycle.roll_over(from_year_id=ready.old.id, chosen=ready.proposed, today=self.today, **self.facts)
            self.step_id = report.roll_over_id

        self.try_to(step)
        self.meets.clear()

    @precondition(lambda self: self.step_id is not None)
    @rule(wants=st.integers(0, 2))
    def roll_back(self, wants: int) -> None:
        """Take the step back, one time in three."""
        if wants == 0:
            step_id = self.step_id
            assert step_id is not None
            self.try_to(lambda: yearcycle.undo_roll_over(roll_over_id=step_id, **self.facts))
            if not school.successors_in(self.scene.academic_year_id):
                self.step_id = None
            self.meets.clear()

    @rule(pick=PICK)
    def lose(self, pick: int) -> None:
        """Let a row vanish; the nightly job puts it back."""
        handed_on = {row.carried_from_id for row in self.rows(*FollowUpState)}
        rows = [
            row for row in self.rows(FollowUpState.DUE)
            if row.id not in handed_on and not self.stopped(row.module_id) and self._stands(row.delivery_id)
        ]  # fmt: skip
        if not rows:
            return
        lost = rows[pick % len(rows)]
        key = (lost.delivery_id, lost.point, lost.teaching_group_id)
        with transaction() as work:
            work.delete(work.get_one(FollowUp, lost.id))
        session().expunge_all()
        self.try_to(lambda: yearcycle.mend_follow_ups(today=self.today, **self.facts))
        now_in = {(row.delivery_id, row.point, row.teaching_group_id) for row in self.rows(FollowUpState.DUE)}
        follow = [] if lost.due_on else school.successors_of([key[2]]).get(key[2], [])  # it waited for those that follow
        assert now_in & {(*key[:2], group_id) for group_id in (key[2], *follow)}

    def _stands(self, delivery_id: int) -> bool:
        return delivery_id in {one.id for one in deliveries.of_class(self.group_id)}

    @rule(hour=st.integers(6, 20))
    def make_reminders(self, hour: int) -> None:
        """Let the job that makes reminders run at some hour of the day."""
        now = wall_time(self.today, time(hour, 5))
        self.try_to(lambda: reminders.prepare_due(by=job_actor("test"), now=now))

    @rule(hour=st.integers(6, 20))
    def post(self, hour: int) -> None:
        """Send what waits: everything in it is true at that moment."""
        now = wall_time(self.today, time(hour, 10))
        self.dispatcher.drain(now)
        for envelope in self.transport.sent:
            message: EmailMessage = message_from_bytes(envelope.content, policy=policy.default)  # type: ignore[assignment]
            if message["To"] in self.addresses.values():
                happened["mailed"] += 1
                self._is_justified(message, now)
        self.transport.sent.clear()
        session().rollback()

    @rule(weeks=st.integers(1, 3))
    def monday_comes(self, weeks: int) -> None:
        """Let it be seven on a Monday: the week's message is made and sent."""
        self.today = min(self.today + timedelta(days=7 * weeks - self.today.weekday()), date(2027, 7, 19))
        self.make_reminders(7)
        self.post(7)

    def _is_justified(self, message: EmailMessage, now: datetime) -> None:
        session().expire_all()
        local = clock.local(now)
        assert school.calendar().is_open(local.date())
        assert time(7) <= local.time() < time(19), local
        body = message.get_body(("plain",))
        assert body is not None
        text, to = body.get_content(), str(message["To"])
        for lesson_id in re.findall(r"/planned-lessons/(\d+)/record", text):
            self._waits_for_its_record(int(lesson_id), to, weekly="We ask once" not in text)
        for row_id in re.findall(r"/follow-ups/(\d+)", text):
            row = session().get(FollowUp, int(row_id))
            assert row is not None
            assert row.state is FollowUpState.DUE
            assert row.due_on is not None
            assert not self.on_hold(row.module_id)
            assert to == self.addresses[self.scene.teacher_id]
        for module_id, number in re.findall(r"/lessons/([^/\s]+)/(\d+)", text):
            self._is_ahead(module_id, int(number), to)
        if str(message["Subject"]).startswith("Your week"):
            week = (to, self.today - timedelta(days=self.today.weekday()))
            assert week not in self.weekly, week
            self.weekly.add(week)

    def _waits_for_its_record(self, lesson_id: int, to: str, *, weekly: bool) -> None:
        lesson = session().get(PlannedLesson, lesson_id)
        assert lesson is not None
        assert lesson.state is PlanState.PLANNED
        assert lesson.planned_on is not None
        assert lesson.planned_on < self.today
        assert deliveries.of_planned_lessons([lesson.id]) == {}
        assert to == self.addresses[lesson.covered_by or self.scene.teacher_id]
        assert weekly or not self.on_hold(lesson.module_id)  # on Mondays it is told as on hold

    def _is_ahead(self, module_id: str, number: int, to: str) -> None:
        """Somebody is told to get ready for what they teach within a week, and for nothing on hold."""
        assert not self.on_hold(module_id)
        ahead = planning.lessons_between(self.today, self.today + timedelta(days=6))
        taught = deliveries.of_planned_lessons([lesson.id for lesson in ahead])
        theirs = [lesson for lesson in ahead if to == self.addresses[lesson.covered_by or self.scene.teacher_id]]
        assert any((one.module_id, one.lesson_number) == (module_id, number) and one.id not in taught for one in theirs)
        happened["told to get ready"] += 1

    @invariant()
    def what_has_ended_owes_nothing_more(self) -> None:
        """Nothing is due from the day a class ended, nor of a retired module, even where a lesson of it is recorded later."""
        for row in self.rows(FollowUpState.DUE):
            assert row.module_id not in self.retired
            if self.ended_on is not None:
                assert row.due_on is not None
                assert row.due_on < self.ended_on


@pytest.mark.timeout(3600 if FULL else 300)
def test_no_follow_up_is_doubled_lost_or_due_on_a_closed_day_and_reminders_have_cause(app: Flask, engine_name: str) -> None:
    happened.clear()
    with a_stage() as stage:
        run_state_machine_as_test(
            lambda: WholeYears(stage),
            settings=settings(
                max_examples=EXAMPLES, stateful_step_count=50 if FULL else 25, deadline=None,
                suppress_health_check=list(HealthCheck), print_blob=True, report_multiple_bugs=False,
                phases=[phase for phase in Phase if phase is not Phase.explain],
            ),
        )  # fmt: skip
    print(f"{EXAMPLES} runs on {engine_name}:", dict(sorted(happened.items())))
    wanted = {
        "begin", "record", "undo", "change_day", "not_taught", "move", "give", "give_one", "snow", "settle", "cover", "retire",
        "end_class", "roll_over", "roll_back", "lose", "make_reminders", "mailed", "recomputed", "put_on_hold", "lift",
        "opened with follow-ups",
    }  # fmt: skip
    assert wanted <= set(happened) or EXAMPLES < 100, wanted - set(happened)
