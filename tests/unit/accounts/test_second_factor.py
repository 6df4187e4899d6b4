"""Are codes those of the standard, good once and only now, and who must have them?"""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from eduprog.accounts.rules import (
    HalfWay,
    code_at,
    half_way_token,
    matching_step,
    must_have_second_factor,
    new_recovery_codes,
    new_secret,
    next_try_at,
    read_half_way,
    recovery_hash,
)
from eduprog.core import crypto
from eduprog.core.permissions import Role

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
STEP = int(NOW.timestamp()) // 30
RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.fixture(autouse=True)
def _keys() -> None:
    if crypto._keys is None:
        crypto.install(crypto.make_keys())


@pytest.mark.parametrize(("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (2000000000, "279037")])
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    assert code_at(RFC_SECRET, seconds // 30) == code


def test_a_code_counts_a_step_early_or_late_and_never_twice() -> None:
    secret = new_secret()
    for step in (STEP - 1, STEP, STEP + 1):
        assert matching_step(secret, code_at(secret, step), last_step=0, now=NOW) == step
    assert matching_step(secret, code_at(secret, STEP - 2), last_step=0, now=NOW) is None
    assert matching_step(secret, code_at(secret, STEP + 2), last_step=0, now=NOW) is None
    assert matching_step(secret, code_at(secret, STEP), last_step=STEP, now=NOW) is None
    assert matching_step(secret, code_at(secret, STEP - 1), last_step=STEP, now=NOW) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "12345\x00"])
def test_what_is_no_code_is_wrong_and_breaks_nothing(typed: str) -> None:
    assert matching_step(new_secret(), typed, last_step=0, now=NOW) is None


def test_a_code_may_be_typed_with_a_space() -> None:
    secret = new_secret()
    code = code_at(secret, STEP)
    assert matching_step(secret, f"{code[:3]} {code[3:]}", last_step=0, now=NOW) == STEP


def test_recovery_codes_are_ten_different_ones_and_read_however_typed() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    assert recovery_hash(1, codes[0]) == recovery_hash(1, f" {codes[0].lower().replace('-', ' ')} ")
    assert recovery_hash(1, codes[0]) != recovery_hash(2, codes[0])


@pytest.mark.parametrize(
    ("policy", "roles", "must"),
    [
        ("off", [Role.SITE_ADMIN], False),
        ("leads", [Role.TEACHER], False),
        ("leads", [Role.SENIOR_LEADER], False),
        ("leads", [Role.TEACHER, Role.PROGRAMME_LEAD], True),
        ("leads", [Role.SCHOOL_ADMIN], True),
        ("leads", [Role.GROUP_LEAD], True),
        ("everybody", [Role.TEACHER], True),
    ],
)
def test_admins_and_leads_must_have_one_unless_it_is_off(policy: str, roles: list[Role], must: bool) -> None:
    assert must_have_second_factor(policy, roles) is must  # type: ignore[arg-type]


def test_half_way_lasts_ten_minutes_and_cannot_be_changed() -> None:
    half = HalfWay(7, "print", "/account", None, True)
    token = half_way_token(half, NOW)
    assert read_half_way(token, NOW + timedelta(minutes=9)) == half
    assert read_half_way(token, NOW + timedelta(minutes=11)) is None
    for place in range(0, len(token), 7):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert read_half_way(changed, NOW) is None


def test_from_a_crowded_address_a_wrong_try_costs_a_minute_for_every_sixty_there_and_a_first_try_nothing() -> None:
    soon = NOW + timedelta(seconds=1)
    assert next_try_at([], 10, NOW, from_there=5000) is None
    assert next_try_at([NOW], 10, soon, from_there=59) is None
    assert next_try_at([NOW], 10, soon, from_there=60) == NOW + timedelta(seconds=60)
    assert next_try_at([NOW], 10, soon, from_there=600) == NOW + timedelta(minutes=10)
    assert next_try_at([NOW], 10, soon, from_there=5000) == NOW + timedelta(minutes=15)
    assert next_try_at([NOW], 10, NOW + timedelta(seconds=1)) is None
