"""Does a change of rights hold at once while many people ask and mails go out?

Threads ask without end; what each of them may is taken away meanwhile. Every request that begins after the change is refused, and
nobody who is out gets a mail.
"""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy import select

from eduprog.accounts import actions, queries
from eduprog.core import clock
from eduprog.core.db import db, session, transaction
from eduprog.core.permissions import Role
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.mail.emails import Composer
from eduprog.mail.jobs import Dispatcher
from eduprog.mail.models import OutboundEmail
from eduprog.mail.rules import MailState, Outcome
from eduprog.mail.transports import MemoryTransport
from eduprog.mail.transports.contract import Envelope
from tests.conftest import FULL
from tests.integration.accounts.conftest import TESTS, People
from tests.support.figures import tell
from tests.support.in_threads import in_threads
from tests.support.page import Browser
from tests.support.people import sign_in

EACH, ASKING = (60, 8) if FULL else (3, 3)
MAILS = 200 if FULL else 20
_PATIENCE = 60.0


@dataclass
class _Asker:
    """Somebody's browser, a page it may see, and what takes that away; then what it was answered, and when."""

    what: str
    cookie: str
    path: str
    take_away: Callable[[], None]
    answers: list[tuple[float, int]] = field(default_factory=list)
    changed_at: float = float("inf")

    def ask(self, connection: http.client.HTTPConnection) -> None:
        """Ask once; what counts is when it began."""
        begun = time.monotonic()
        connection.request("GET", self.path, headers={"Cookie": self.cookie})
        answer = connection.getresponse()
        answer.read()
        self.answers.append((begun, answer.status))

    def change(self) -> None:
        """Take the right away."""
        self.take_away()
        self.changed_at = time.monotonic()

    @property
    def after(self) -> list[int]:
        """What requests were answered that began after the change."""
        return [status for begun, status in self.answers if begun > self.changed_at]


def _askers(app: Flask, people: People) -> Iterator[_Asker]:
    schools = people.school(), people.school("Elm School")
    people.member(schools[0], "head@oakfield.example", Role.SCHOOL_ADMIN)
    for number in range(EACH):
        for what, take_away in _CHANGES.items():
            person_id = people.member(schools[0], f"{what[:4]}{number}@oakfield.example", Role.TEACHER, Role.SCHOOL_ADMIN)
            people.also(schools[1], person_id, Role.TEACHER)
            browser = Browser(app)
            sign_in(browser, person_id, schools[0])
            cookie = "; ".join(f"{one.key}={one.value}" for one in browser.client._cookies.values())
            path = "/account" if what in ("disabled", "signed out elsewhere") else "/staff"
            yield _Asker(what, cookie, path, lambda act=take_away, who=person_id: _change(act, who, schools))  # type: ignore[misc]


def _change(act: Callable[[int, tuple[int, int]], None], person_id: int, schools: tuple[int, int]) -> None:
    with transaction(), school_scope(schools[0]):
        act(person_id, schools)


def _disabled(person_id: int, _schools: tuple[int, int]) -> None:
    queries.person(person_id).disabled_at = clock.now()


def _demoted(person_id: int, _schools: tuple[int, int]) -> None:
    actions.end_role(person_id=person_id, role=Role.SCHOOL_ADMIN, by=TESTS, now=clock.now())


def _left(person_id: int, _schools: tuple[int, int]) -> None:
    actions.end_membership(person_id=person_id, by=TESTS, now=clock.now())


def _ended(person_id: int, _schools: tuple[int, int]) -> None:
    actions.end_other_sessions(person_id=person_id, keep=None, now=clock.now())


_CHANGES: dict[str, Callable[[int, tuple[int, int]], None]] = {
    "disabled": _disabled, "demoted": _demoted, "moved to another school": _left, "signed out elsewhere": _ended,
}  # fmt: skip


@contextmanager
def _all_asking(port: int, askers: Sequence[_Asker]) -> Iterator[None]:
    over = threading.Event()

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
        chance = random.Random(number)
        while not over.is_set():
            chance.choice(askers).ask(connection)
        connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(ASKING)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(_PATIENCE)


def _wait_until(reached: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE
    while not reached():
        assert time.monotonic() < until, "nobody answered"
        time.sleep(0.01)


@pytest.mark.timeout(900 if FULL else 180)
def test_the_next_request_after_a_change_is_refused_however_many_ask(app: Flask, people: People) -> None:
    askers = list(_askers(app, people))
    with in_threads(app, ASKING) as port, _all_asking(port, askers):
        for asker in askers:
            _wait_until(lambda one=asker: bool(one.answers))  # type: ignore[misc]
            asker.change()
        _wait_until(lambda: all(len(one.after) >= 2 for one in askers))
    let_in = [asker.what for asker in askers for status in asker.after if status not in (302, 403)]
    before = [status for asker in askers for begun, status in asker.answers if begun < asker.changed_at]
    asked = sum(len(asker.answers) for asker in askers)
    late = sum(len(asker.after) for asker in askers)
    engine = db.engine.dialect.name
    tell(f"{len(askers)} changes of rights on {engine} while {asked:,} were asked: {late:,} began after, {len(let_in)} let in")
    assert let_in == []
    assert before.count(200) > len(before) * 0.5, "hardly anybody was let in before"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("batch", [1, 10])
def test_who_is_out_gets_no_mail_that_had_not_begun_to_go(app: Flask, people: People, batch: int) -> None:
    """A sender asks who is still to be written to once it has claimed a message, so nobody who was out before that hears."""
    school_id = people.school()
    addresses = [f"t{number}@oakfield.example" for number in range(MAILS)]
    ids = {one: people.member(school_id, one, Role.TEACHER) for one in addresses}
    for one in addresses:
        with transaction():
            actions.request_password_reset(email=one, now=clock.now())
    way_out = _PutsSomebodyOut(app, ids)
    folder = app.extensions["eduprog"].DATA_DIR / "owners"
    sender = Dispatcher(way_out, Composer("post@eduprog.example"), owners=folder, batch=batch, lease_seconds=900)
    went = sender.drain(clock.now()).accepted
    sender.close()
    put_out = f"{len(way_out.out)} people put out while {MAILS} mails went, {batch} a claim, on {db.engine.dialect.name}"
    late = f"{len(way_out.late)} to people who were out, {len(way_out.too_late)} of them claimed after it"
    tell(f"{put_out}: {went} went, {late}")
    assert way_out.too_late == []
    assert batch > 1 or way_out.late == []
    assert went < MAILS


class _PutsSomebodyOut(MemoryTransport):
    """Before each message that goes, somebody who has had none yet is put out.

    `late` went to people who were out; `too_late` to people who were out before their message was claimed.
    """

    def __init__(self, app: Flask, ids: dict[str, int]) -> None:
        super().__init__()
        self.out: dict[str, set[int]] = {}
        self.late: list[str] = []
        self.too_late: list[str] = []
        self._app, self._ids, self._chance = app, ids, random.Random(4)

    def hand_over(self, envelope: Envelope, waiting: Callable[[float], None]) -> Outcome:
        """Note who is late, put somebody out, and take the message."""
        if envelope.recipient in self.out:
            self.late.append(envelope.recipient)
            if self._ids[envelope.recipient] not in self.out[envelope.recipient]:
                self.too_late.append(envelope.recipient)
        had = {one.recipient for one in self.sent} | {envelope.recipient, *self.out}
        if left := sorted(set(self._ids) - had):
            gone = self._chance.choice(left)
            with self._app.app_context(), transaction():
                queries.person(self._ids[gone]).disabled_at = clock.now()
                self.out[gone] = _claimed()
        time.sleep(0.03 if FULL else 0)
        return super().hand_over(envelope, waiting)


def _claimed() -> set[int]:
    """Give the people whose messages a sender holds already."""
    with across_schools("test"):
        return set(session().scalars(select(OutboundEmail.recipient_id).where(OutboundEmail.state == MailState.SENDING)))
