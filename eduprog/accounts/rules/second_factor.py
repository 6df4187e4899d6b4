"""The second factor: codes of an authenticator app (RFC 6238), recovery codes, and who must have one."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from eduprog.core import crypto
from eduprog.core.permissions import Role

Policy = Literal["off", "leads", "everybody"]

CODE_TRIES = 5
PROOF_GOOD_FOR = timedelta(minutes=30)
RECOVERY_CODES = 10
_LEADS = frozenset({Role.PROGRAMME_LEAD, Role.SAFEGUARDING_LEAD, Role.SCHOOL_ADMIN, Role.GROUP_LEAD, Role.SITE_ADMIN})
_STEP_SECONDS = 30
_HALF_WAY = "half-way in"
_HALF_WAY_GOOD_FOR = timedelta(minutes=10)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True)
class HalfWay:
    """Who gave the right password and still owes a code; where they wanted to go, and whether the device is theirs alone."""

    person_id: int
    fingerprint: str
    wanted: str | None
    place: str | None
    trusted: bool


def must_have_second_factor(policy: Policy, roles: Iterable[Role]) -> bool:
    """Say whether somebody with these roles must have a second factor."""
    return policy == "everybody" or (policy == "leads" and bool(_LEADS & set(roles)))


def new_secret() -> str:
    """Make a secret for an authenticator app: 160 bits, in the letters the apps read."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def app_address(secret: str, *, email: str, issuer: str) -> str:
    """Give the `otpauth:` address that goes into the QR code."""
    return _totp(secret).get_provisioning_uri(email, issuer)


def code_at(secret: str, step: int) -> str:
    """Give the code of a step (half minutes since 1970)."""
    return _totp(secret).generate(step * _STEP_SECONDS).decode()


def matching_step(secret: str, typed: str, *, last_step: int, now: datetime) -> int | None:
    """Give the step whose code was typed, or None. Clocks may differ by one step; a step counts once, none before it again."""
    code = re.sub(r"\s", "", typed)
    if not re.fullmatch(r"[0-9]{6}", code):
        return None
    current = int(now.timestamp()) // _STEP_SECONDS
    fitting = [step for step in (current - 1, current, current + 1) if secrets.compare_digest(code_at(secret, step), code)]
    return next((step for step in fitting if step > last_step), None)


def new_recovery_codes() -> list[str]:
    """Make ten codes for the day the phone is lost, such as "ABCDE-FGHJK"; each has 50 bits."""
    raw = ["".join(secrets.choice(_LETTERS) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    return [f"{code[:5]}-{code[5:]}" for code in raw]


def recovery_hash(person_id: int, typed: str) -> str:
    """Give what is kept of a recovery code, however it was typed."""
    return crypto.lookup_hash("recovery code", f"{person_id} {re.sub(r'[^A-Z0-9]', '', typed.upper())}")


def half_way_token(half: HalfWay, now: datetime) -> str:
    """Give the secret that stands for the right password until the code is typed, for ten minutes."""
    until = int((now + _HALF_WAY_GOOD_FOR).timestamp())
    return crypto.sign(_HALF_WAY, [half.person_id, half.fingerprint, half.wanted, half.place, half.trusted, until])


def read_half_way(token: str, now: datetime) -> HalfWay | None:
    """Give who is half-way in, or None if we did not say so or it is too long ago."""
    try:
        person_id, fingerprint, wanted, place, trusted, until = crypto.unsign(_HALF_WAY, token)
    except crypto.BadSignature:
        return None
    return HalfWay(person_id, fingerprint, wanted, place, trusted) if now.timestamp() < until else None


def _totp(secret: str) -> TOTP:
    return TOTP(base64.b32decode(secret), 6, SHA1(), _STEP_SECONDS)  # noqa: S303 - all that the apps know; sound inside an HMAC
