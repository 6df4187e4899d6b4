"""Claims: one sender for each message, whoever dies or sleeps."""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from eduprog.core.db import db, transaction
from eduprog.core.permissions import job
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.mail import actions, queries
from eduprog.mail.actions import Progress
from eduprog.mail.actions.owners import take_name
from eduprog.mail.jobs import Dispatcher
from eduprog.mail.jobs.rescuing import Rescuer
from eduprog.mail.rules import Accepted, InDoubt, Later, MailState, Refused, Result
from eduprog.mail.transports import MemoryTransport
from tests.factories.mail import NOTICE, Notices, address_of
from tests.factories.organisations import a_school
from tests.integration.mail.conftest import NOW, queue, rows, smtp, states
from tests.support.smtp import mail_server

Make = Callable[..., Dispatcher]
LEASE = timedelta(minutes=15)


def claim(ids: list[int], owner: str) -> list[actions.outbox.Claimed]:
    with across_schools("test"), transaction():
        return actions.claim(ids=ids, owner=owner, now=NOW, lease=LEASE)


def settle(results: list[Result], owner: str) -> int:
    with across_schools("test"), transaction():
        return actions.settle(results=results, owner=owner, now=NOW, luck=lambda: 0.5)


def test_many_senders_at_once_send_each_message_once(app: Flask, school_id: int, notices: Notices, dispatcher: Make) -> None:
    queue(school_id, 120)
    together = threading.Barrier(4)
    with mail_server() as server:
        senders = [dispatcher(smtp(server, patience=20, verb_seconds=20), batch=5) for _ in range(4)]

        def run(sender: Dispatcher) -> None:
            with app.app_context():
                together.wait()
                sender.drain(NOW)

        threads = [threading.Thread(target=run, args=(sender,)) for sender in senders]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(r.recipients[0] for r in server.log.received) == sorted(address_of(n) for n in range(1, 121))
    assert states(school_id) == {MailState.SENT: 120}


def test_a_message_in_somebodys_hands_cannot_be_claimed(school_id: int) -> None:
    queue(school_id, 3)
    ids = [row.id for row in rows(school_id)]
    assert len(claim(ids[:2], "one")) == 2
    assert [message.id for message in claim(ids, "two")] == ids[2:]
    assert claim(ids, "three") == []


def test_what_is_not_due_or_waits_for_a_person_cannot_be_claimed(school_id: int) -> None:
    queue(school_id, 1, due_at=NOW + timedelta(seconds=1))
    assert claim([rows(school_id)[0].id], "one") == []


def test_only_its_owner_may_note_what_became_of_a_message(school_id: int) -> None:
    queue(school_id, 3)
    ids = [row.id for row in rows(school_id)]
    mine = claim(ids, "one")
    results = [Result(mine[0], Accepted()), Result(mine[1], Later("x")), Result(mine[2], Refused("y"))]
    assert settle(results, "somebody else") == 3
    assert states(school_id) == {MailState.SENDING: 3}
    assert settle(results, "one") == 0
    assert [row.state for row in rows(school_id)] == [MailState.SENT, MailState.PENDING, MailState.FAILED]
    assert all(row.owner is None for row in rows(school_id))


def test_a_released_message_is_as_it_was_before(school_id: int) -> None:
    queue(school_id, 1)
    email_id = rows(school_id)[0].id
    claim([email_id], "one")
    with across_schools("test"), transaction():
        actions.release(ids=[email_id], owner="one")
    row = rows(school_id)[0]
    assert (row.state, row.attempts, row.owner) == (MailState.PENDING, 0, None)


def test_the_messages_of_a_dead_sender_are_rescued_at_once_marked_and_sent_with_the_same_id(
    app: Flask, school_id: int, notices: Notices, dispatcher: Make
) -> None:
    queue(school_id, 3)
    claim([row.id for row in rows(school_id)], "gone-1-abc")
    memory = MemoryTransport()
    assert dispatcher(memory).drain(NOW).accepted == 3
    found = rows(school_id)
    assert [(row.state, row.doubts) for row in found] == [(MailState.SENT, 1)] * 3
    queue(school_id, 1, first=4)
    calm = MemoryTransport()
    dispatcher(calm).drain(NOW)
    assert len({envelope.message_id for envelope in [*memory.sent, *calm.sent]}) == 4


def test_a_rescued_message_waits_for_a_person_where_the_school_wants_it(
    school_id: int, notices: Notices, dispatcher: Make
) -> None:
    notices.waits = True
    queue(school_id, 2)
    claim([row.id for row in rows(school_id)], "gone-1-abc")
    memory = MemoryTransport()
    assert dispatcher(memory).drain(NOW).accepted == 0
    assert [(row.state, row.waits_for_person) for row in rows(school_id)] == [(MailState.IN_DOUBT, True)] * 2


def test_a_living_sender_is_not_robbed_even_by_a_clock_that_jumps(app: Flask, school_id: int) -> None:
    folder = app.extensions["eduprog"].DATA_DIR / "owners"
    living = take_name(folder)
    try:
        queue(school_id, 2)
        claim([row.id for row in rows(school_id)], living.name)
        rescuer = Rescuer(owners=folder, lease_seconds=900)
        assert rescuer.rescue(NOW, me="") == 0
        assert rescuer.rescue(NOW + timedelta(days=400), me="") == 0
        assert states(school_id) == {MailState.SENDING: 2}
    finally:
        living.leave()
    assert Rescuer(owners=folder, lease_seconds=900).rescue(NOW, me="") == 2


def test_a_sender_that_lives_but_holds_a_message_for_more_than_a_lease_loses_it(app: Flask, school_id: int) -> None:
    folder = app.extensions["eduprog"].DATA_DIR / "owners"
    living = take_name(folder)
    try:
        queue(school_id, 1)
        claim([rows(school_id)[0].id], living.name)
        rescuer = Rescuer(owners=folder, lease_seconds=0.05)
        assert rescuer.rescue(NOW + LEASE, me="") == 0
        time.sleep(0.1)
        assert rescuer.rescue(NOW, me="") == 0  # by the wall clock the lease has not run out
        assert rescuer.rescue(NOW + LEASE, me="") == 1
    finally:
        living.leave()


def test_a_name_is_alive_until_it_is_left(app: Flask, tmp_path) -> None:
    owner = take_name(tmp_path)
    assert owner.still_held()
    assert actions.is_alive(owner.name, tmp_path)
    owner.leave()
    assert not actions.is_alive(owner.name, tmp_path)


def test_the_lock_files_of_the_dead_are_swept(app: Flask, tmp_path) -> None:
    if db.engine.dialect.name == "postgresql":
        pytest.skip("PostgreSQL keeps no files")
    (tmp_path / "gone-1-abc").touch()
    with (tmp_path / "here-1-abc").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        actions.sweep(tmp_path, [])
        assert [path.name for path in tmp_path.iterdir()] == ["here-1-abc"]


def test_a_school_with_many_messages_does_not_hold_up_a_small_one(app: Flask, school_id: int) -> None:
    with transaction() as work:
        small = a_school()
        work.add(small)
        work.flush()
    queue(school_id, 1000, due_at=NOW - timedelta(hours=1))
    queue(small.id, 30)
    groups = queries.due_groups(NOW, size=10)
    assert [group[0].school_id for group in groups[:6]] == [school_id, small.id] * 3
    assert all(len({message.school_id for message in group}) == 1 and len(group) <= 10 for group in groups)
    assert queries.due_groups(NOW, size=10, after_school=school_id)[0][0].school_id == small.id


def test_one_batch_is_of_one_school_and_that_school_is_current_when_its_feature_is_asked(
    app: Flask, school_id: int, notices: Notices, dispatcher: Make
) -> None:
    from eduprog.core.tenancy import current_school_id

    with transaction() as work:
        other = a_school()
        work.add(other)
        work.flush()
    queue(school_id, 2)
    queue(other.id, 2, first=11)
    current: list[int] = []
    notices.on_ask = lambda: current.append(current_school_id())
    dispatcher(MemoryTransport()).drain(NOW)
    assert (sorted(current), sorted(notices.asked)) == ([school_id, other.id], [(1, 2), (11, 12)])


def test_doubt_after_too_late_is_left_to_a_person(school_id: int, notices: Notices, dispatcher: Make) -> None:
    queue(school_id, 1, too_late_at=NOW + timedelta(minutes=30))
    mine = claim([rows(school_id)[0].id], "one")
    settle([Result(mine[0], InDoubt("no answer"))], "one")
    dispatcher(MemoryTransport()).drain(NOW + timedelta(hours=1))
    row = rows(school_id)[0]
    assert (row.state, row.waits_for_person, row.doubts) == (MailState.IN_DOUBT, True, 1)


def test_asked_to_stop_a_sender_finishes_its_message_and_gives_the_rest_back(
    school_id: int, notices: Notices, dispatcher: Make
) -> None:
    queue(school_id, 5)

    class StopsAfterTwo(MemoryTransport):
        def hand_over(self, envelope, waiting):
            if len(self.sent) == 1:
                sender.stop()
            return super().hand_over(envelope, waiting)

    sender = dispatcher(StopsAfterTwo())
    assert sender.drain(NOW).accepted == 2
    assert states(school_id) == {MailState.SENT: 2, MailState.PENDING: 3}
    assert all(row.attempts == 0 for row in rows(school_id)[2:])


def test_a_fault_of_ours_while_handing_over_leaves_that_message_in_doubt_only(
    school_id: int, notices: Notices, dispatcher: Make
) -> None:
    queue(school_id, 3)

    class Breaks(MemoryTransport):
        def hand_over(self, envelope, waiting):
            if envelope.recipient == address_of(2):
                raise ZeroDivisionError
            return super().hand_over(envelope, waiting)

    dispatcher(Breaks()).drain(NOW)
    assert [row.state for row in rows(school_id)] == [MailState.SENT, MailState.IN_DOUBT, MailState.SENT]


def test_what_is_cancelled_while_a_drain_runs_does_not_leave(
    app: Flask, school_id: int, notices: Notices, dispatcher: Make
) -> None:
    queue(school_id, 12)

    class CancelsTheLast(MemoryTransport):
        def hand_over(self, envelope, waiting):
            if not self.sent:
                with app.app_context(), school_scope(school_id), transaction():
                    actions.cancel(kind=NOTICE, subject_id=12, by=job("test"), now=NOW, reason="undone")
            return super().hand_over(envelope, waiting)

    transport = CancelsTheLast()
    assert dispatcher(transport).drain(NOW).accepted == 11
    assert address_of(12) not in [envelope.recipient for envelope in transport.sent]


def test_what_a_killed_sender_had_not_begun_is_not_in_doubt_and_what_was_accepted_is_sent(
    app: Flask, school_id: int, notices: Notices
) -> None:
    folder = app.extensions["eduprog"].DATA_DIR / "owners"
    queue(school_id, 4)
    ids = [row.id for row in rows(school_id)]
    killed = take_name(folder)
    claim(ids, killed.name)
    for number, progress in enumerate((Progress.ACCEPTED, Progress.RETURNED, Progress.BEGUN)):
        killed.journal.write(ids[number], Progress.BEGUN)
        killed.journal.write(ids[number], progress)
    content = (folder / killed.name).read_bytes()
    killed.leave()
    (folder / killed.name).write_bytes(content)
    assert Rescuer(owners=folder, lease_seconds=900).rescue(NOW, me="") == 4
    assert [(row.state, row.doubts) for row in rows(school_id)] == [
        (MailState.SENT, 0),
        (MailState.PENDING, 0),
        (MailState.IN_DOUBT, 1),
        (MailState.PENDING, 0),
    ]
    assert not (folder / killed.name).exists()


def test_the_journal_of_another_boot_says_nothing(app: Flask, school_id: int, notices: Notices) -> None:
    folder = app.extensions["eduprog"].DATA_DIR / "owners"
    queue(school_id, 1)
    killed = take_name(folder)
    claim([rows(school_id)[0].id], killed.name)
    content = (folder / killed.name).read_bytes()
    killed.leave()
    (folder / killed.name).write_bytes(b"00000000-0000-0000-0000-000000000000" + content[36:])
    Rescuer(owners=folder, lease_seconds=900).rescue(NOW, me="")
    assert states(school_id) == {MailState.IN_DOUBT: 1}


@pytest.mark.parametrize(("seconds", "largest"), [(0.0, 40), (0.06, 5)])
def test_more_are_claimed_at_once_only_where_a_quarter_of_a_second_sends_them(
    school_id: int, notices: Notices, dispatcher: Make, monkeypatch: pytest.MonkeyPatch, seconds: float, largest: int
) -> None:
    queue(school_id, 80 if not seconds else 15)
    way_out = MemoryTransport()
    take = way_out.hand_over
    monkeypatch.setattr(way_out, "hand_over", lambda envelope, waiting: time.sleep(seconds) or take(envelope, waiting))
    claimed: list[int] = []
    take_ids = actions.claim
    monkeypatch.setattr(actions, "claim", lambda *, ids, **rest: claimed.append(len(ids)) or take_ids(ids=ids, **rest))
    dispatcher(way_out, batch=5, most=40).drain(NOW)
    assert max(claimed) == largest
    assert len(way_out.sent) == sum(claimed)


def test_senders_begin_at_different_places_of_what_is_due(
    school_id: int, notices: Notices, dispatcher: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(school_id, 400)
    begun = []
    for place in (0.0, 0.5):
        way_out = MemoryTransport()
        sender = dispatcher(way_out, place=place)
        stop = sender.stop
        monkeypatch.setattr(way_out, "hand_over", lambda one, _, stop=stop: stop() or begun.append(one.recipient) or Accepted())
        sender.drain(NOW)
    assert begun == [address_of(1), address_of(202)]


def test_a_sender_that_comes_where_another_has_been_looks_again_and_finds_the_rest(
    school_id: int, notices: Notices, dispatcher: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(school_id, 400)
    first, second = MemoryTransport(), MemoryTransport()
    in_vain: list[int] = []
    take_ids = actions.claim

    def claim(*, ids, **rest):
        claimed = take_ids(ids=ids, **rest)
        in_vain.extend([len(ids)] * (not claimed))
        return claimed

    monkeypatch.setattr(actions, "claim", claim)
    other = dispatcher(second, most=50)
    take = first.hand_over

    def hand_over(envelope, waiting):
        if len(first.sent) == 100:
            other.drain(NOW)
        return take(envelope, waiting)

    monkeypatch.setattr(first, "hand_over", hand_over)
    dispatcher(first, most=50).drain(NOW)
    assert (len(first.sent), len(second.sent)) == (150, 250)
    assert len(in_vain) == 1, "it did not try the rest of what was due when it looked first"
    assert states(school_id) == {MailState.SENT: 400}
