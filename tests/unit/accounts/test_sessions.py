"""Does a sign-in last as long as promised, and no longer?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eduprog.accounts.rules import idle_limit, is_live, may_record
from eduprog.core.permissions import Role

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
IDLE = timedelta(minutes=30)


def live(**changes: datetime | None) -> bool:
    held = {"expires_at": NOON + timedelta(hours=1), "ended_at": None, "seen_at": NOON, **changes}
    return is_live(**held, idle=IDLE, now=NOON)  # type: ignore[arg-type]


def test_a_session_in_use_is_live() -> None:
    assert live()


def test_it_ends_at_its_hour_however_busy() -> None:
    assert not live(expires_at=NOON)
    assert live(expires_at=NOON + timedelta(seconds=1))


def test_it_ends_when_nobody_used_it() -> None:
    assert not live(seen_at=NOON - IDLE)
    assert live(seen_at=NOON - IDLE + timedelta(seconds=1))


def test_one_that_was_ended_stays_ended() -> None:
    assert not live(ended_at=NOON - timedelta(days=1))


@pytest.mark.parametrize(
    ("roles", "minutes"),
    [
        ({Role.TEACHER}, 30),
        ({Role.TEACHER, Role.PROGRAMME_LEAD, Role.SAFEGUARDING_LEAD, Role.SENIOR_LEADER}, 30),
        ({Role.TEACHER, Role.SCHOOL_ADMIN}, 15),
        ({Role.GROUP_LEAD}, 15),
        ({Role.SITE_ADMIN}, 15),
        (set(), 30),
    ],
)
def test_whoever_is_an_admin_anywhere_has_the_shorter_rest(roles: set[Role], minutes: int) -> None:
    assert idle_limit(roles, staff_minutes=30, admin_minutes=15) == timedelta(minutes=minutes)


def may(**changes: datetime | None) -> bool:
    held = {"expires_at": NOON + timedelta(hours=3), "ended_at": None, "records_until": NOON + timedelta(hours=2), **changes}
    return may_record(**held, now=NOON)  # type: ignore[arg-type]


def test_a_trusted_device_may_record_until_its_hour_and_no_other_device_may() -> None:
    assert may()
    assert not may(records_until=None)
    assert not may(records_until=NOON)
    assert not may(expires_at=NOON)
    assert not may(ended_at=NOON - timedelta(hours=1))
