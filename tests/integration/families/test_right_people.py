"""Do only the right people hear, whatever happens between queueing and sending? (Row M9 of the reliability bar.)

In small worlds families join, move and leave, teachers record and undo, the DSL pauses, the head of PSHE holds, sends and
takes back, in an order drawn from a seed; every message that comes out is read against what the world knows itself.
Half of what happens, happens while messages are queued and not yet sent.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete

from eduprog.core.db import db, session, transaction
from eduprog.core.errors import Refusal
from eduprog.core.permissions import person
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.delivery import actions as delivery
from eduprog.delivery.models import Delivery
from eduprog.families import actions, jobs
from eduprog.families.emails.plain import as_plain
from eduprog.families.models import ConsentRecord, FamilyDigest, FamilyDigestPrompt, ParentCarer, ParentCarerClass, ParentPrompt
from eduprog.followups.models import FollowUp
from eduprog.gates import actions as gates
from eduprog.gates.models import Pause
from eduprog.gates.rules import PauseScope
from eduprog.mail.models import OutboundEmail, SuppressedAddress
from eduprog.planning import queries as planning
from eduprog.school.models import Closure
from tests.integration.families.conftest import Families, PostBox, text_of
from tests.support.figures import tell
from tests.support.scenes import Scene, a_planned_school

FULL = os.environ.get("EDUPROG_FULL") == "1"
WORLDS, STEPS = (4_300, 100_000) if FULL else (86, 2_000)  # of some twenty-four steps each
WEEKS = 4
START = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
ADDRESSES = ("ada@home.example", "ben@home.example", "cem@home.example")
YEARS = {"R": "Reception", "Y1": "Year 1", "Y4": "Year 4", "Y5": "Year 5"}
ROWS = (
    FamilyDigestPrompt, FamilyDigest, ParentPrompt, ConsentRecord, ParentCarerClass, ParentCarer, OutboundEmail,
    SuppressedAddress, FollowUp, Delivery, Pause, Closure,
)  # fmt: skip


@dataclass
class Told:
    """A prompt as the world knows it."""

    id: int
    year: str
    module_id: str
    delivery_id: int
    state: str = "waiting"


class World:
    """One school over some weeks, drawn from a seed."""

    def __init__(self, seed: int, scene: Scene, box: PostBox) -> None:
        with across_schools("test"), transaction() as work:
            for model in ROWS:
                work.execute(delete(model))
        self.chance = random.Random(seed)
        self.scene, self.box, self.families = scene, box, Families(scene)
        self.now = START
        self.members: dict[str, set[str]] = {}
        self.contacts: dict[str, int] = {}
        self.known: list[Told] = []
        self.paused: dict[str, int] = {}
        self.closed: set[date] = set()
        self.heard: dict[str, list[tuple[date, frozenset[str]]]] = {address: [] for address in ADDRESSES}
        self.story: list[str] = []

    def live(self) -> int:
        """Live through the weeks; give how many messages were read."""
        between: tuple[Callable[[], None], ...] = (
            self.leave,
            self.move,
            self.pause,
            self.hold,
            self.release,
            self.undo,
            self.tell_by_hand,
            self.close_today,
            self.take_back,
            self.ask_only,
            self.join,
            self.teach,
        )
        for _week in range(WEEKS):
            for act in self.chance.choices((self.join, self.teach, self.release, self.lift, self.undo), (4, 5, 1, 1, 1), k=5):
                act()
            if self.chance.random() < 0.3:
                self.send_by_hand()
            else:
                self.digest_time_comes()
            for act in self.chance.choices(between, k=self.chance.choice((0, 1, 1, 2))):
                act()
            self.now += timedelta(minutes=self.chance.choice((0, 11, 60)))
            self.post()
            self.settle()
            self.now = _monday(self.now) + timedelta(days=7, hours=self.chance.choice((9, 12, 31)))
            self.post()
        return sum(len(heard) for heard in self.heard.values())

    def _do(self, act: Callable[..., Any], **facts: object) -> Any:
        self.story.append(f"{self.now:%a %d %b %H:%M} {act.__name__} {facts}")
        with school_scope(self.scene.school_id), transaction():
            return act(now=self.now, **facts)

    def join(self) -> None:
        """Ask and confirm."""
        address, year = self.chance.choice(ADDRESSES), self.chance.choice(sorted(YEARS))
        asked = self._do(actions.ask_to_join, teaching_group_id=self.scene.group_ids[year], address=address)
        if asked is not None:
            with school_scope(self.scene.school_id), transaction():
                self.contacts[address] = actions.confirm_joining(consent_id=asked, now=self.now).id
            self.members.setdefault(address, set()).add(year)

    def ask_only(self) -> None:
        """Give an address whose owner never confirms."""
        year = self.chance.choice(sorted(YEARS))
        self._do(actions.ask_to_join, teaching_group_id=self.scene.group_ids[year], address=self.chance.choice(ADDRESSES))

    def leave(self) -> None:
        """Stop the emails."""
        if self.members:
            address = self.chance.choice(sorted(self.members))
            self._do(actions.leave, contact_id=self.contacts[address])
            del self.members[address]

    def move(self) -> None:
        """Let a child leave a class."""
        if not self.members:
            return
        address = self.chance.choice(sorted(self.members))
        for year in self.chance.sample(sorted(self.members[address]), k=min(1, len(self.members[address]))):
            self.story.append(f"{address} leaves {year}")
            with school_scope(self.scene.school_id), transaction() as work:
                work.execute(
                    delete(ParentCarerClass).where(
                        ParentCarerClass.parent_carer_id == self.contacts[address],
                        ParentCarerClass.teaching_group_id == self.scene.group_ids[year],
                    )
                )
            self.members[address].discard(year)

    def teach(self) -> None:
        """Record a module of a class as taught."""
        year = self.chance.choice([year for member in self.members.values() for year in sorted(member)] or sorted(YEARS))
        with school_scope(self.scene.school_id):
            planned = sorted({lesson.module_id for lesson in planning.lessons_of_class(self.scene.group_ids[year])})
        session().rollback()
        module_id = self.chance.choice(planned)
        self.story.append(f"teach {year} {module_id}")
        try:
            prompt = self.families.teach(year, module_id, now=self.now)
        except Refusal:
            return
        if prompt.id not in {told.id for told in self.known}:
            self.known.append(Told(prompt.id, year, module_id, prompt.delivery_id))

    def undo(self) -> None:
        """Undo the record that queued a prompt."""
        told = self._one_of(lambda told: told.delivery_id > 0)
        if told is not None:
            self._do(delivery.undo_delivery, delivery_id=told.delivery_id, by=self.scene.teacher)
            told.delivery_id = 0
            if told.state in ("waiting", "held"):
                told.state = "stopped"

    def hold(self) -> None:
        """Hold a prompt back."""
        self._change(actions.hold_prompt, "waiting", "held")

    def release(self) -> None:
        """Release a prompt."""
        self._change(actions.release_prompt, "held", "waiting")

    def tell_by_hand(self) -> None:
        """Tell families by hand."""
        self._change(actions.told_by_hand, "waiting", "stopped")

    def _one_of(self, fits: Callable[[Told], bool]) -> Told | None:
        fitting = [told for told in self.known if fits(told)]
        return self.chance.choice(fitting) if fitting else None

    def _change(self, act: Callable[..., Any], before: str, after: str) -> None:
        told = self._one_of(lambda told: told.state == before)
        if told is not None:
            try:
                self._do(act, prompt_id=told.id, by=person(self.scene.lead_id))
            except actions.AlreadyGone:  # the digest stopped it, for want of anybody to tell: from here on nobody may hear
                after = "stopped"
            told.state = after

    def pause(self) -> None:
        """Put a year group on hold."""
        year = self.chance.choice([told.year for told in self.known if told.state == "waiting"] or sorted(YEARS))
        if year not in self.paused:
            self.paused[year] = self._do(gates.pause, scope=PauseScope.YEAR_GROUP, subject=year, by=self.scene.teacher).id

    def lift(self) -> None:
        """Lift what is on hold."""
        for year in sorted(self.paused):
            self._do(gates.lift, pause_id=self.paused.pop(year), by=self.scene.teacher)

    def close_today(self) -> None:
        """Let it snow, now and then."""
        if self.chance.random() < 0.3 and self.now.date() not in self.closed:
            self.story.append("snow")
            self.families.close(self.now.date())
            self.closed.add(self.now.date())

    def digest_time_comes(self) -> None:
        """Let the clock run on to the school's hour: messages are queued, not sent."""
        self.now = max(self.now, _monday(self.now) + timedelta(days=3, hours=16, minutes=30))
        self.story.append(f"{self.now:%a %d %b %H:%M} digest time")
        jobs.prepare_digests(school_id=self.scene.school_id, now=self.now)

    def send_by_hand(self) -> None:
        """Press the button."""
        try:
            self._do(actions.send_now, hold=timedelta(minutes=10), by=person(self.scene.lead_id))
        except Refusal:
            return

    def take_back(self) -> None:
        """Press the other button."""
        self._do(actions.undo_digests, by=person(self.scene.lead_id))

    def settle(self) -> None:
        """Note what has gone, and learn from the table where prompts stand."""
        jobs.settle_prompts(school_id=self.scene.school_id, now=self.now + timedelta(seconds=2))
        with school_scope(self.scene.school_id):
            states = {row.id: row.state.value for row in session().query(ParentPrompt)}
        session().rollback()
        for told in self.known:
            told.state = states[told.id]

    def post(self) -> None:
        """Send what is due, and read every message."""
        for message in self.box.post(self.now):
            if message["Subject"] != "Please confirm your email address":
                self._read(message)

    def _read(self, message: EmailMessage) -> None:
        text, to = text_of(message), str(message["To"])
        assert len(message.get_all("To") or []) == 1
        assert to in self.members, "somebody who has not joined, or has left, was written to"
        assert self.now.weekday() < 5, "written to at the weekend"
        assert self.now.date() not in self.closed, "written to while school was shut"
        lines = set(text.splitlines())
        modules = frozenset(
            module.id for module in catalogue.current().modules.values()
            if module.home_activity.title.upper() in lines and as_plain(module.home_activity.question) in text
        )  # fmt: skip
        assert modules, "an empty digest was sent"
        assert len(modules) == text.count("One question to ask:"), "an activity was sent that this test cannot name"
        for module_id in modules:
            assert any(self._is_reason(told, module_id, to) for told in self.known), (
                f"{to} was told of {module_id} without a reason"
            )
        for week, before in self.heard[to]:
            assert week != _monday(self.now).date(), "two messages in a week"
            assert not before & modules, "told the same twice"
        self.heard[to].append((_monday(self.now).date(), modules))

    def _is_reason(self, told: Told, module_id: str, to: str) -> bool:
        theirs = told.module_id == module_id and told.year in self.members[to]
        return theirs and told.state in ("waiting", "sent") and told.year not in self.paused


def _monday(moment: datetime) -> datetime:
    return (moment - timedelta(days=moment.weekday())).replace(hour=0, minute=0)


@pytest.fixture
def school(app: Flask) -> Iterator[Scene]:
    """A school of four classes."""
    with time_machine.travel(START, tick=False):
        yield a_planned_school(years=tuple(YearGroup(year) for year in YEARS))


@pytest.mark.timeout(7200)
def test_only_the_right_people_hear(school: Scene, box: PostBox) -> None:
    read: Counter[str] = Counter()
    for seed in range(WORLDS):
        world = World(seed, school, box)
        try:
            read["messages"] += world.live()
            read["steps"] += len(world.story)
        except AssertionError as wrong:
            raise AssertionError("\n".join([f"world {seed}: {wrong}", *world.story[-12:]])) from None
    told = f"{db.engine.dialect.name}: {WORLDS} worlds, {read['steps']} steps, {read['messages']} messages read"
    tell(f"{told}: 0 wrong recipients, 0 with two")
    assert read["steps"] >= STEPS, "fewer steps than the bar"
    assert read["messages"] > WORLDS, "hardly anything was sent, so this proved nothing"
