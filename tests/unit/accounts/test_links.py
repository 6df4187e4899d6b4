"""Are the links we mail good for one thing, one time, and nobody else's to make?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from eduprog.accounts.rules import invitation_token, password_fingerprint, read_reset_token, reset_token
from eduprog.core import crypto

NOON = datetime(2026, 11, 20, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _keys() -> Iterator[None]:
    before = crypto._keys
    crypto.install(crypto.make_keys())
    yield
    crypto._keys = before


def test_an_invitation_has_one_token_until_it_is_sent_again() -> None:
    token = invitation_token(3, "ama@oakfield.example", NOON)
    assert token == invitation_token(3, "ama@oakfield.example", NOON.astimezone(timezone(timedelta(hours=1))))
    assert token != invitation_token(3, "ama@oakfield.example", NOON + timedelta(microseconds=1))
    assert token != invitation_token(4, "ama@oakfield.example", NOON)
    assert token != invitation_token(3, "eve@oakfield.example", NOON)


def test_other_keys_make_other_invitations() -> None:
    token = invitation_token(3, "ama@oakfield.example", NOON)
    crypto.install(crypto.make_keys())
    assert invitation_token(3, "ama@oakfield.example", NOON) != token


def test_a_reset_link_says_whose_password_it_replaces_and_for_how_long() -> None:
    claim = read_reset_token(reset_token(7, "kept", NOON))
    assert claim is not None
    assert claim.person_id == 7
    assert claim.fingerprint == password_fingerprint("kept")
    assert claim.fingerprint != password_fingerprint("another")
    assert claim.expires_at == (NOON + timedelta(hours=1)).replace(microsecond=0)


def test_a_reset_link_that_was_changed_or_made_for_something_else_says_nothing() -> None:
    token = reset_token(7, "kept", NOON)
    assert read_reset_token(token[:-2] + ("aa" if token[-2:] != "aa" else "bb")) is None
    assert read_reset_token("") is None
    assert read_reset_token(crypto.sign("unsubscribe", [7, "x", 1])) is None
