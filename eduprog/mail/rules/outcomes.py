"""What can become of one attempt, as values, and when to try again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

GIVE_UP_AFTER = timedelta(hours=72)
_FIRST_GAP = timedelta(minutes=1)
_LONGEST_GAP = timedelta(hours=4)


@dataclass(frozen=True)
class Accepted:
    """The server took the message and said so."""


@dataclass(frozen=True)
class Refused:
    """The server will never take it. `bad_address` if it was the recipient's address it refused."""

    reason: str
    bad_address: bool = False


@dataclass(frozen=True)
class Later:
    """It certainly was not taken, and may be on another try."""

    reason: str


@dataclass(frozen=True)
class InDoubt:
    """The whole message was handed over, but no answer came."""

    reason: str


@dataclass(frozen=True)
class Stopped:
    """Its feature says it is no longer due."""

    reason: str


@dataclass(frozen=True)
class PutOff:
    """Its feature says that it goes later; that was no try."""

    reason: str
    until: datetime


@dataclass(frozen=True)
class TooLate:
    """Its time had passed before it could be sent."""

    reason: str


Outcome = Accepted | Refused | Later | InDoubt | Stopped | PutOff | TooLate


@dataclass(frozen=True)
class Claimed:
    """A message as dispatch sees it: due, or in its hands."""

    id: int
    school_id: int
    kind: str
    subject_id: int
    key: str
    attempts: int
    doubts: int
    first_tried_at: datetime | None
    too_late_at: datetime | None


@dataclass(frozen=True)
class Result:
    """What became of a message in our hands. `address_hash` is known once its feature named an address.

    `waits` says that a person is to decide, should it be in doubt.
    """

    message: Claimed
    outcome: Outcome
    address_hash: str = ""
    waits: bool = False


def retry_gap(attempts: int, luck: float) -> timedelta:
    """Give how long to wait after this many attempts: one minute, doubling, at most four hours.

    `luck` in [0, 1) spreads it by a quarter either way, so that what failed together does not come back together.
    """
    doublings = min(max(attempts, 1) - 1, 8)
    gap: timedelta = min(_FIRST_GAP * 2**doublings, _LONGEST_GAP)
    return gap * (0.75 + luck / 2)


def may_try_again(first_tried_at: datetime, next_try: datetime, too_late_at: datetime | None) -> str:
    """Give an empty text if another try then makes sense, else why not: "gave up" after three days, "too late" past its time."""
    if too_late_at is not None and next_try >= too_late_at:
        return "too late"
    return "gave up" if next_try - first_tried_at > GIVE_UP_AFTER else ""
