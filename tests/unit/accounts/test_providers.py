"""Which word of a provider counts, by kind of provider, without any network."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from eduprog.accounts.rules import (
    NotVouchedFor,
    Provider,
    ProviderKind,
    Vouched,
    domains_in,
    is_asked_of,
    is_domain,
    issuer_of,
    new_attempt,
    vouched,
)
from eduprog.accounts.rules.providers import is_web_address

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TENANT = "11111111-2222-3333-4444-555555555555"
OURS = frozenset({"oakfield.example"})
GOOGLE = Provider(1, ProviderKind.GOOGLE, "Google", "https://accounts.google.com", "us", OURS)
MICROSOFT = Provider(2, ProviderKind.MICROSOFT, "Microsoft 365", f"https://login.microsoftonline.com/{TENANT}/v2.0", "us", OURS)


def _read(provider: Provider, **claims: Any) -> Vouched:
    attempt = new_attempt(provider.id, "sign-in", NOW)
    moment = int(NOW.timestamp())
    right = {"iss": provider.issuer, "aud": "us", "iat": moment, "exp": moment + 300, "nonce": attempt.nonce, "sub": "s"}
    return vouched({**right, **claims}, provider, attempt, NOW)


def test_google_vouches_for_accounts_of_our_workspace_only() -> None:
    mine = {"email": "Ama@Oakfield.example", "email_verified": True}
    assert _read(GOOGLE, **mine, hd="oakfield.example").address == "ama@oakfield.example"
    for hd in ({}, {"hd": "elsewhere.example"}):
        with pytest.raises(NotVouchedFor, match="Workspace"):
            _read(GOOGLE, **mine, **hd)


def test_microsoft_vouches_for_the_sign_in_name_and_not_for_an_address_somebody_typed() -> None:
    typed = {"email": "head@oakfield.example", "preferred_username": "ama@oakfield.example"}
    assert _read(MICROSOFT, **typed).address == "ama@oakfield.example"
    assert _read(MICROSOFT, **typed, xms_edov=True).address == "head@oakfield.example"
    with pytest.raises(NotVouchedFor, match="Only addresses that end in @oakfield"):
        _read(MICROSOFT, email="ama@oakfield.example", preferred_username="ama@elsewhere.example")
    with pytest.raises(NotVouchedFor, match="guest"):
        _read(MICROSOFT, **typed, acct=1)


def test_only_the_word_mfa_says_that_a_second_step_was_asked_for() -> None:
    mine = {"preferred_username": "ama@oakfield.example"}
    assert _read(MICROSOFT, **mine, amr=["pwd", "mfa"]).second_step
    for said in (["pwd", "otp"], "mfa", None, {"mfa": 1}):
        assert not _read(MICROSOFT, **mine, amr=said).second_step


def test_clocks_may_differ_by_a_minute_and_no_more() -> None:
    mine, moment = {"preferred_username": "ama@oakfield.example"}, int(NOW.timestamp())
    for fine in ({"exp": moment - 59}, {"iat": moment + 60}, {"nbf": moment + 60}, {"iat": moment - 600}):
        assert _read(MICROSOFT, **{**mine, **fine})
    for wrong in (
        {"exp": moment - 60},
        {"iat": moment + 61},
        {"nbf": moment + 61},
        {"iat": moment - 661},
        {"exp": True},
        {"nbf": "x"},
    ):
        with pytest.raises(NotVouchedFor):
            _read(MICROSOFT, **{**mine, **wrong})


def test_an_answer_belongs_to_one_attempt_of_one_provider_for_ten_minutes() -> None:
    attempt = new_attempt(1, "sign-in", NOW)
    is_asked_of(GOOGLE, attempt, attempt.state, NOW + timedelta(minutes=9))
    for provider, state, late in (
        (MICROSOFT, attempt.state, 0),
        (GOOGLE, "another", 0),
        (GOOGLE, "é", 0),
        (GOOGLE, attempt.state, 10),
    ):
        with pytest.raises(NotVouchedFor):
            is_asked_of(provider, attempt, state, NOW + timedelta(minutes=late))
    assert len({attempt.state, attempt.nonce, attempt.verifier, *(new_attempt(1, "proof", NOW).nonce for _ in range(9))}) == 12


def test_a_proof_needs_to_know_when_somebody_signed_in_there() -> None:
    attempt, moment = new_attempt(2, "proof", NOW), int(NOW.timestamp())
    right = {"iss": MICROSOFT.issuer, "aud": "us", "iat": moment, "exp": moment + 300, "nonce": attempt.nonce, "sub": "s",
             "preferred_username": "ama@oakfield.example"}  # fmt: skip
    assert vouched({**right, "auth_time": moment}, MICROSOFT, attempt, NOW).signed_in_at == NOW
    for wrong in ({}, {"auth_time": moment - 61}, {"auth_time": moment + 61}):
        with pytest.raises(NotVouchedFor):
            vouched({**right, **wrong}, MICROSOFT, attempt, NOW)
    assert vouched(right, MICROSOFT, replace(attempt, purpose="sign-in"), NOW).signed_in_at is None


def test_where_a_provider_is_found_follows_from_what_an_admin_typed() -> None:
    assert issuer_of(ProviderKind.GOOGLE, "whatever") == "https://accounts.google.com"
    assert issuer_of(ProviderKind.MICROSOFT, f" {TENANT.upper()} ") == MICROSOFT.issuer
    assert [issuer_of(ProviderKind.MICROSOFT, word) for word in ("common", "organizations", "", f"{TENANT}/x")] == [None] * 4
    assert issuer_of(ProviderKind.OTHER, "https://login.trust.example") == "https://login.trust.example"
    wrong = (
        "",
        "http://login.example",
        "ftp://x.example",
        "https://a:b@x.example",
        "https://x.example?y=1",
        "//x.example",
        "x.example",
    )
    assert [issuer_of(ProviderKind.OTHER, word) for word in wrong] == [None] * len(wrong)
    assert is_web_address("http://127.0.0.1:9/", from_here=True)
    assert not is_web_address("http://127.0.0.1:9/", from_here=False)


def test_domains_are_read_as_people_type_them() -> None:
    assert domains_in("@Oakfield.example,\n beech.example;oakfield.example @") == ["oakfield.example", "beech.example"]
    assert all(is_domain(word) for word in ("oakfield.sch.uk", "a.b", "x-1.example") if len(word) > 3)
    assert not any(
        is_domain(word) for word in ("oakfield", "-a.example", "a..example", "a@b.example", "a.1", "*.example", "a.example.")
    )
