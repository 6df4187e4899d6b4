"""How guessing is slowed down: a growing wait for the one account, none for the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
_FREE = 3
_LONGEST_SECONDS = 64
_CROWDED = 60  # wrong tries from one address within the window, for each of which every account waits a minute longer there


def next_try_at(wrong: Sequence[datetime], limit: int, now: datetime, *, from_there: int = 0) -> datetime | None:
    """Give when the account may try again, or None for at once.

    `wrong` holds its wrong tries in order. The first three cost nothing, each further one doubles the wait from a second to
    about a minute, and `limit` of them within the window make it wait until the first of those is out of the window. From an
    address with very many wrong tries (`from_there`, within the window) each one costs a minute for every sixty of them, so
    that one password tried on everybody is tried once on each; an account without a wrong try never waits.
    """
    crowd = min(WINDOW, timedelta(minutes=from_there // _CROWDED))
    moment = now
    while (later := _held_until(wrong, limit, moment, crowd)) > moment:
        moment = later  # when the window lets go of a try, the wait after the last one may still run
    return moment if moment > now else None


def _held_until(wrong: Sequence[datetime], limit: int, now: datetime, crowd: timedelta) -> datetime:
    recent = [moment for moment in wrong if moment > now - WINDOW]
    if len(recent) >= limit:
        return recent[-limit] + WINDOW
    if crowd and recent:
        return recent[-1] + crowd
    if len(recent) < _FREE:
        return now
    return recent[-1] + timedelta(seconds=min(2 ** (len(recent) - _FREE), _LONGEST_SECONDS))
