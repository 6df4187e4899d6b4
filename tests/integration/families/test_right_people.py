"""Do only the right people hear, whatever happens between queueing and sending? (Row M9 of the reliability bar.)

A machine lets families join, move and leave, teachers record and undo, the DSL pause, the head of PSHE hold, send and take
back, in any order, and reads every message that comes out against what it knows itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete

from eduprog.core.db import session, transaction
from eduprog.core.errors import Refusal
from eduprog.core.permissions import person
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.delivery import actions as delivery
from eduprog.delivery.models import Delivery
from eduprog.families import actions, jobs
from eduprog.families.models import (
    ConsentRecord,
    FamilyDigest,
    FamilyDigestPrompt,
    ParentCarer,
    ParentCarerClass,
    ParentPrompt,
)
from eduprog.followups.models import FollowUp
from eduprog.gates import actions as gates
from eduprog.gates.models import Pause
from eduprog.gates.rules import PauseScope
from eduprog.mail.models import OutboundEmail, SuppressedAddress
from eduprog.planning import queries as planning
from eduprog.school.models import Closure
from tests.integration.families.conftest import Families, PostBox, text_of
from tests.support.scenes import Scene, a_planned_school

FULL = os.environ.get("EDUPROG_FULL") == "1"
EXAMPLES, STEPS = (1000, 100) if FULL else (40, 50)
START = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
ADDRESSES = ("ada@home.example", "ben@home.example", "cem@home.example")
YEARS = {"R": "Reception", "Y1": "Year 1", "Y4": "Year 4", "Y5": "Year 5"}
ROWS = (
    FamilyDigestPrompt, FamilyDigest, ParentPrompt, ConsentRecord, ParentCarerClass, ParentCarer, OutboundEmail,
    SuppressedAddress, FollowUp, Delivery, Pause, Closure,
)  # fmt: skip


@dataclass
class Told:
    """A prompt as the machine knows it."""

    id: int
    year: str
    module_id: str
    delivery_id: int
    state: str = "waiting"


class Machine(RuleBasedStateMachine):
    """One school over some weeks."""

    app: Flask
    scene: Scene
    box: PostBox
    messages = 0
    prompts = Bundle("prompts")

    def __init__(self) -> None:
        super().__init__()
        with across_schools("test"), transaction() as work:
            for model in ROWS:
                work.execute(delete(model))
        self.now = START
        self.families = Families(self.scene)
        self.members: dict[str, set[str]] = {}
        self.contacts: dict[str, int] = {}
        self.known: list[Told] = []
        self.paused: dict[str, int] = {}
        self.closed: set[date] = set()
        self.heard: dict[str, list[tuple[date, frozenset[str]]]] = {address: [] for address in ADDRESSES}

    def _do(self, act: object, **facts: object) -> object:
        with school_scope(self.scene.school_id), transaction():
            return act(now=self.now, **facts)  # type: ignore[operator]

    @rule(address=st.sampled_from(ADDRESSES), year=st.sampled_from(sorted(YEARS)))
    def join(self, address: str, year: str) -> None:
        """Ask and confirm; after three times in a day nobody is asked again."""
        asked = self._do(actions.ask_to_join, teaching_group_id=self.scene.group_ids[year], address=address)
        if asked is not None:
            with school_scope(self.scene.school_id), transaction():
                self.contacts[address] = actions.confirm_joining(consent_id=asked, now=self.now).id  # type: ignore[arg-type]
            self.members.setdefault(address, set()).add(year)

    @initialize()
    def begin(self) -> None:
        """Begin with a school in which something happens."""
        for address, year in zip(ADDRESSES, ("Y1", "Y4", "Y1"), strict=True):
            self.join(address, year)
        self.join(ADDRESSES[0], "R")
        for year in ("Y1", "R"):
            prompt = self.families.teach(year, _first_module(self.scene, year), now=self.now)
            self.known.append(Told(prompt.id, year, prompt.module_id, prompt.delivery_id))

    @rule(address=st.sampled_from(ADDRESSES), year=st.sampled_from(sorted(YEARS)))
    def ask_only(self, address: str, year: str) -> None:
        """Somebody gives an address whose owner never confirms."""
        self._do(actions.ask_to_join, teaching_group_id=self.scene.group_ids[year], address=address)

    @precondition(lambda self: self.members)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        """Stop the emails."""
        address = data.draw(st.sampled_from(sorted(self.members)))
        self._do(actions.leave, contact_id=self.contacts[address])
        del self.members[address]
        self.heard[address] = [heard for heard in self.heard[address] if heard[0] == _week(self.now)]

    @precondition(lambda self: self.members)
    @rule(data=st.data())
    def move(self, data: st.DataObject) -> None:
        """A child leaves a class."""
        address = data.draw(st.sampled_from(sorted(self.members)))
        year = data.draw(st.sampled_from(sorted(YEARS)))
        with school_scope(self.scene.school_id), transaction() as work:
            work.execute(delete(ParentCarerClass).where(
                ParentCarerClass.parent_carer_id == self.contacts[address],
                ParentCarerClass.teaching_group_id == self.scene.group_ids[year],
            ))  # fmt: skip
        self.members[address].discard(year)

    @rule(target=prompts, year=st.sampled_from(sorted(YEARS)), data=st.data())
    def teach(self, year: str, data: st.DataObject) -> Told:
        """Record a module as taught."""
        group_id = self.scene.group_ids[year]
        with school_scope(self.scene.school_id):
            planned = sorted({lesson.module_id for lesson in planning.lessons_of_class(group_id)})
        session().rollback()
        module_id = data.draw(st.sampled_from(planned))
        standing = [told for told in self.known if (told.year, told.module_id) == (year, module_id) and told.state != "stopped"]
        try:
            prompt = self.families.teach(year, module_id, now=self.now)
        except Refusal:
            return next(told for told in reversed(self.known) if (told.year, told.module_id) == (year, module_id))
        told = standing[0] if standing else Told(prompt.id, year, module_id, prompt.delivery_id)
        if not standing:
            self.known.append(told)
        return told

    @rule(told=prompts)
    def undo(self, told: Told) -> None:
        """Undo the record that queued a prompt."""
        if told.delivery_id:
            self._do(delivery.undo_delivery, delivery_id=told.delivery_id, by=self.scene.teacher)
            told.delivery_id = 0
            if told.state in ("waiting", "held"):
                told.state = "stopped"

    @rule(told=prompts)
    def hold(self, told: Told) -> None:
        """Hold a prompt back."""
        self._try(actions.hold_prompt, told, "held")

    @rule(told=prompts)
    def release(self, told: Told) -> None:
        """Release a prompt."""
        self._try(actions.release_prompt, told, "waiting")

    @rule(told=consumes(prompts))
    def tell_by_hand(self, told: Told) -> None:
        """Tell families by hand."""
        self._try(actions.told_by_hand, told, "stopped")

    def _try(self, act: object, told: Told, state: str) -> None:
        try:
            self._do(act, prompt_id=told.id, by=person(self.scene.lead_id))
        except actions.AlreadyGone:
            return
        if told.state in ("waiting", "held"):
            told.state = state

    @rule(data=st.data())
    def pause(self, data: st.DataObject) -> None:
        """Put a year group on hold, or lift it."""
        year = data.draw(st.sampled_from(sorted(YEARS)))
        if year in self.paused:
            self._do(gates.lift, pause_id=self.paused.pop(year), by=self.scene.teacher)
        else:
            made = self._do(gates.pause, scope=PauseScope.YEAR_GROUP, subject=year, by=self.scene.teacher)
            self.paused[year] = made.id  # type: ignore[attr-defined]

    @rule()
    def close_today(self) -> None:
        """Snow."""
        if self.now.date() not in self.closed and self.now.weekday() < 5:
            self.families.close(self.now.date())
            self.closed.add(self.now.date())

    @rule()
    def send_by_hand(self) -> None:
        """Press the button."""
        try:
            self._do(actions.send_now, hold=timedelta(minutes=10), by=person(self.scene.lead_id))
        except (actions.NotNow, actions.NothingToSend):
            return

    @rule()
    def take_back(self) -> None:
        """Press the other button."""
        self._do(actions.undo_digests, by=person(self.scene.lead_id))

    @precondition(lambda self: self.now < START + timedelta(days=31))
    @rule()
    def digest_time_comes(self) -> None:
        """Let the clock run on to the school's hour; the messages are queued, not sent."""
        thursday = START + timedelta(days=3, hours=7, minutes=30)
        while thursday <= self.now:
            thursday += timedelta(weeks=1)
        self.now = thursday
        jobs.prepare_digests(school_id=self.scene.school_id, now=self.now)

    @precondition(lambda self: self.now < START + timedelta(days=31))
    @rule(data=st.data())
    def week_goes_by(self, data: st.DataObject) -> None:
        """Let a usual week pass: somebody joins, something is taught, the digest is made, something happens, mail goes."""
        for year in data.draw(st.lists(st.sampled_from(sorted(YEARS)), max_size=2, unique=True)):
            self.join(data.draw(st.sampled_from(ADDRESSES)), year)
            self.teach(year, data)
        self.digest_time_comes()
        for act in data.draw(st.lists(st.sampled_from(("leave", "move", "pause", "hold", "undo", "by hand")), max_size=1)):
            self._happens(act, data)
        self.post()

    def _happens(self, act: str, data: st.DataObject) -> None:
        on_prompt = {"hold": self.hold, "undo": self.undo, "by hand": self.tell_by_hand}
        if act in on_prompt and self.known:
            on_prompt[act](data.draw(st.sampled_from(self.known)))
        elif act == "pause":
            self.pause(data)
        elif act in ("leave", "move") and self.members:
            {"leave": self.leave, "move": self.move}[act](data)

    @precondition(lambda self: self.now < START + timedelta(days=31))
    @rule(hours=st.sampled_from([1, 8, 24, 72]))
    def time_passes(self, hours: int) -> None:
        """Let the clock run on; jobs run and mail goes."""
        self.now += timedelta(hours=hours)
        jobs.prepare_digests(school_id=self.scene.school_id, now=self.now)
        self.post()
        jobs.settle_prompts(school_id=self.scene.school_id, now=self.now + timedelta(seconds=2))
        with school_scope(self.scene.school_id):
            states = {row.id: row.state.value for row in session().query(ParentPrompt)}
        session().rollback()
        for told in self.known:
            told.state = states[told.id]

    @rule()
    def post(self) -> None:
        """Send what is due, and read every message."""
        for message in self.box.post(self.now):
            if message["Subject"] == "Please confirm your email address":
                continue
            Machine.messages += 1
            text = text_of(message)
            to = str(message["To"])
            assert len(message.get_all("To") or []) == 1
            assert to in self.members, "somebody who has not joined, or has left, was written to"
            assert self.now.weekday() < 5, "written to at the weekend"
            assert self.now.date() not in self.closed, "written to while school was shut"
            titles = {module.home_activity.title.upper(): module.id for module in catalogue.current().modules.values()}
            modules = frozenset(titles[line] for line in text.splitlines() if line in titles)
            assert modules, "an empty digest was sent"
            for module_id in modules:
                reasons = [
                    told for told in self.known
                    if told.module_id == module_id and told.year in self.members[to] and told.state not in ("held", "stopped")
                    and told.year not in self.paused
                ]  # fmt: skip
                assert reasons, f"{to} was told of {module_id} without a reason"
            years = {year for year, label in YEARS.items() if f"\n{label}, about" in text or f"{label} and" in text}
            assert years <= self.members[to]
            for week, before in self.heard[to]:
                assert week != _week(self.now), "two messages in a week"
                assert not before & modules, "told twice"
            self.heard[to].append((_week(self.now), modules))

    @invariant()
    def nobody_who_left_has_an_address(self) -> None:
        """Keep no address of those who left."""
        with across_schools("test"):
            left = (
                session()
                .query(ParentCarer)
                .filter(ParentCarer.left_at.is_not(None), ParentCarer.address_encrypted.is_not(None))
                .count()
            )
        session().rollback()
        assert left == 0


def _first_module(scene: Scene, year: str) -> str:
    with school_scope(scene.school_id):
        found = planning.lessons_of_class(scene.group_ids[year])[0].module_id
    session().rollback()
    return found


def _week(moment: datetime) -> date:
    return moment.date() - timedelta(days=moment.weekday())


@pytest.fixture
def machine(app: Flask, box: PostBox) -> Iterator[type[Machine]]:
    with time_machine.travel(START, tick=False):
        scene = a_planned_school(years=tuple(YearGroup(year) for year in YEARS))
        yield type("BoundMachine", (Machine,), {"app": app, "scene": scene, "box": box})


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"] if FULL else ["sqlite"], indirect=True)
def test_only_the_right_people_hear(machine: type[Machine]) -> None:
    Machine.messages = 0
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    assert Machine.messages >= EXAMPLES / 2, "the machine hardly ever sent anything, so it proved nothing"
