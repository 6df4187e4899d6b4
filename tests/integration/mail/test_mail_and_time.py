"""Outages, jumping clocks, nights on which clocks change: each message once, or declared missed, never past its time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from time import monotonic

import pytest
from flask import Flask
from sqlalchemy import delete

from eduprog.core.db import db, transaction
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.mail import actions
from eduprog.mail.jobs import Dispatcher
from eduprog.mail.models import OutboundEmail
from eduprog.mail.rules import MailState, Outcome, RecipientKind
from eduprog.mail.transports import Envelope, MemoryTransport
from eduprog.school.rules import wall_time
from tests.conftest import FULL
from tests.factories.mail import NOTICE, Notices, address_of
from tests.integration.mail.conftest import rows
from tests.support import oracle_diary
from tests.support.figures import tell

Make = Callable[..., Dispatcher]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
OUTAGES = (MINUTE, 20 * MINUTE, timedelta(hours=1), timedelta(hours=9), DAY, 3 * DAY, 4 * DAY, 7 * DAY, 10 * DAY, 14 * DAY)
FROM = (
    datetime(2026, 10, 24, 22, 30, tzinfo=UTC),  # the night on which the clocks go back, at the start of half-term
    datetime(2027, 3, 27, 23, 30, tzinfo=UTC),  # forward, in the Easter weekend
    datetime(2026, 11, 13, 15, 0, tzinfo=UTC),  # a Friday
    datetime(2026, 12, 17, 8, 0, tzinfo=UTC),  # the end of term
    datetime(2027, 2, 11, 16, 0, tzinfo=UTC),
)
ROUNDS, ITEMS = (200, 500) if FULL else (10, 40)
YEARS = range(2026, 2031) if FULL else (2026, 2027)


@dataclass
class Wire(MemoryTransport):
    """A way out that knows when the sender began to look, and notes for each message that moment and how long it took since."""

    now: datetime = FROM[0]
    began: float = 0.0
    went: list[tuple[str, datetime]] = field(default_factory=list)
    after: dict[str, timedelta] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    def hand_over(self, envelope: Envelope, waiting: Callable[[float], None]) -> Outcome:
        """Take the message, and the time."""
        self.went.append((envelope.recipient, self.now))
        self.after[envelope.recipient] = timedelta(seconds=monotonic() - self.began)
        return super().hand_over(envelope, waiting)


@pytest.fixture
def wire() -> Wire:
    """The way out."""
    return Wire()


def fill(school_id: int, messages: list[tuple[datetime, datetime | None]]) -> None:
    """Empty the outbox and queue these, by due time and "too late"."""
    with across_schools("test"), transaction() as work:
        work.execute(delete(OutboundEmail))
    with school_scope(school_id), transaction():
        actions.enqueue_all(
            messages=[
                actions.NewMessage(f"{NOTICE}:{n}", NOTICE, n, RecipientKind.CONTACT, n, due_at, too_late_at)
                for n, (due_at, too_late_at) in enumerate(messages, start=1)
            ],
            now=min(due_at for due_at, _ in messages) - DAY,
        )


def run_at(sender: Dispatcher, wire: Wire, moments: list[datetime]) -> None:
    """Let the sender look at the outbox at these moments."""
    for moment in moments:
        wire.now, wire.began = moment, monotonic()
        sender.drain(moment)


@pytest.mark.timeout(3600 if FULL else 300)
@pytest.mark.timeout(3600)
def test_after_an_outage_each_message_goes_once_or_is_declared_missed(
    school_id: int, notices: Notices, dispatcher: Make, wire: Wire
) -> None:
    rng, counted = Random(6), Counter[MailState]()
    for number in range(ROUNDS):
        begins = FROM[number % len(FROM)]
        length = OUTAGES[number] if number < len(OUTAGES) else timedelta(seconds=rng.uniform(60, OUTAGES[-1].total_seconds()))
        ends = begins + length
        due = [begins + timedelta(seconds=rng.uniform(-3600, length.total_seconds() + 3600)) for _ in range(ITEMS)]
        lasts = [rng.choice([None, 2 * MINUTE, timedelta(hours=2), timedelta(hours=20), 5 * DAY]) for _ in due]
        messages = [(day, day + lasting if lasting else None) for day, lasting in zip(due, lasts, strict=True)]
        fill(school_id, messages)
        wire.went.clear()
        sender = dispatcher(wire)
        run_at(sender, wire, [begins - timedelta(hours=1) + 5 * MINUTE * step for step in range(13)])
        sender.close()  # the process is gone, and another one comes
        another = dispatcher(wire)
        run_at(another, wire, [ends + 5 * MINUTE * step for step in range(14)])
        another.close()
        went = Counter(address for address, _ in wire.went)
        moments = dict(wire.went)
        for row, (due_at, too_late_at) in zip(rows(school_id), messages, strict=True):
            address = address_of(row.subject_id)
            counted[row.state] += 1
            if row.state is MailState.SENT:
                assert went[address] == 1
                assert due_at <= moments[address] + wire.after[address]  # what falls due while it sends goes too
                assert too_late_at is None or moments[address] < too_late_at
                in_time = due_at < begins - 5 * MINUTE or due_at > ends
                assert not in_time or moments[address] - due_at <= 5 * MINUTE
            else:
                assert row.state is MailState.MISSED, row.state
                assert went[address] == 0
                assert too_late_at is not None
                assert row.outcome
    assert counted[MailState.MISSED] > ROUNDS
    assert counted[MailState.SENT] > ROUNDS * ITEMS / 3
    states = ", ".join(f"{count} {state.value}" for state, count in sorted(counted.items()))
    tell(f"{db.engine.dialect.name}: {ROUNDS} outages of {ITEMS} messages: {states}, 0 lost, 0 twice, 0 past their time")


@pytest.mark.parametrize("month", [3, 10])
def test_through_the_night_on_which_clocks_change_each_row_goes_once_and_on_the_wall_time_asked_for(
    school_id: int, notices: Notices, dispatcher: Make, wire: Wire, month: int
) -> None:
    for year in YEARS:
        day = date(year, month, 31) - timedelta((date(year, month, 31).weekday() + 1) % 7)
        asked = [time(minutes // 60, minutes % 60) for minutes in range(0, 210, 10)]
        fill(school_id, [(wall_time(day, at), None) for at in asked])
        wire.went.clear()
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        run_at(dispatcher(wire), wire, [midnight + 5 * MINUTE * step for step in range(-24, 61)])
        moments = dict(wire.went)
        assert len(wire.went) == len(asked) == len(moments)
        for number, at in enumerate(asked, start=1):
            shown = oracle_diary.london(moments[address_of(number)])
            skipped = month == 3 and at.hour == 1
            assert shown == datetime.combine(day, at) + timedelta(hours=skipped), (day, at)
        assert [address for address, _ in wire.went] == [address_of(n) for n in _in_order(day, asked)]


def _in_order(day: date, asked: list[time]) -> list[int]:
    """Give the messages by the instants of their wall times, as they were queued where these are the same."""
    return sorted(range(1, len(asked) + 1), key=lambda number: (wall_time(day, asked[number - 1]), number))


JUMPS = (
    timedelta(hours=1), timedelta(hours=-1), DAY, -DAY, timedelta(seconds=-1), timedelta(days=4100), timedelta(days=-400),
    timedelta(minutes=16),
)  # fmt: skip


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_a_clock_that_jumps_while_messages_go_out_loses_none_and_doubles_none(
    app: Flask, school_id: int, notices: Notices, dispatcher: Make, wire: Wire, jump: timedelta
) -> None:
    start = FROM[2]
    fill(school_id, [(start - 10 * MINUTE, None)] * 30)
    other = dispatcher(wire)
    jumped: list[datetime] = []

    def hand_over_between(envelope: Envelope, waiting: Callable[[float], None]) -> Outcome:
        if len(wire.went) == 12 and not jumped:
            jumped.append(start + jump)  # in the middle of a batch the clock jumps, and another sender looks
            other.drain(start + jump)
        return Wire.hand_over(wire, envelope, waiting)

    wire.hand_over = hand_over_between  # type: ignore[method-assign]
    first = dispatcher(wire)
    first.drain(start)
    for moment in (start + jump, start + MINUTE, start + jump + MINUTE, start + 2 * MINUTE):
        first.drain(moment)
        other.drain(moment)
    assert jumped
    assert Counter(address for address, _ in wire.went) == {address_of(n): 1 for n in range(1, 31)}
    assert {row.state for row in rows(school_id)} == {MailState.SENT}
    assert all(row.doubts == 0 for row in rows(school_id))
