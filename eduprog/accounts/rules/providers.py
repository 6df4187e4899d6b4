"""Signing in with an account of somewhere else: which word of a provider counts, and whose account it then is.

What a provider says comes as claims whose signature the transport has checked. Who it is, is told by `sub` alone; the address
only says which person of ours an account belongs to when it is used the first time.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Literal
from urllib.parse import urlsplit

from eduprog.core.errors import Refusal

Purpose = Literal["sign-in", "join", "proof"]
GOOD_FOR = timedelta(minutes=10)
GOOGLE = "https://accounts.google.com"
_CLOCKS_DIFFER = timedelta(seconds=60)
_TENANT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")


class ProviderKind(StrEnum):
    """Whose accounts they are; decides where the provider is found and which address it vouches for."""

    GOOGLE = "google"
    MICROSOFT = "microsoft"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The words used on pages."""
        return {
            ProviderKind.GOOGLE: "Google Workspace for Education", ProviderKind.MICROSOFT: "Microsoft 365",
            ProviderKind.OTHER: "Another provider that speaks OpenID Connect",
        }[self]  # fmt: skip


@dataclass(frozen=True)
class Provider:
    """Somewhere else people have accounts, as its settings say; `only` that no password counts for its domains."""

    id: int
    kind: ProviderKind
    name: str
    issuer: str
    client_id: str
    domains: frozenset[str]
    trusts_second_step: bool = False
    only: bool = False


@dataclass(frozen=True)
class Attempt:
    """What a browser set out to do at a provider; it is kept encrypted in the browser and comes back with the answer.

    `invitation` is the token of the link somebody joins by.
    """

    provider_id: int
    purpose: Purpose
    state: str
    nonce: str
    verifier: str
    begun_at: int
    wanted: str | None = None
    invitation: str = ""

    def is_over(self, now: datetime) -> bool:
        """Say whether it began too long ago."""
        return now >= datetime.fromtimestamp(self.begun_at, UTC) + GOOD_FOR


@dataclass(frozen=True)
class Vouched:
    """What a provider's word comes to: whose account, which address, whether a second step was asked for, signed in when."""

    subject: str
    address: str
    second_step: bool
    signed_in_at: datetime | None


class NotVouchedFor(Refusal):
    """What came back from there does not show who you are. Begin again; if it happens again, tell whoever hosts eduprog."""

    def __init__(self, why: str, sentence: str = "") -> None:
        super().__init__(sentence)
        self.why = why


def new_attempt(provider_id: int, purpose: Purpose, now: datetime, *, wanted: str | None = None, invitation: str = "") -> Attempt:
    """Set out: state, nonce and PKCE verifier are each made anew, of 256 bits."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Attempt(provider_id, purpose, state, nonce, verifier, int(now.timestamp()), wanted, invitation)


def vouched(claims: Mapping[str, Any], provider: Provider, attempt: Attempt, now: datetime) -> Vouched:
    """Give what the claims of an ID token come to, its signature having been checked. Raises NotVouchedFor, saying why."""
    _meant_for_us(claims, provider, attempt)
    _timely(claims, now)
    if claims.get("acct") == 1:
        raise NotVouchedFor("guest", "You are a guest in that directory. Only people of the school itself may sign in this way.")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise NotVouchedFor("no sub")
    signed_in_at = _moment(claims.get("auth_time"))
    if attempt.purpose == "proof":
        _just_signed_in(signed_in_at, attempt, now)
    return Vouched(subject, _address(claims, provider), _second_step(claims), signed_in_at)


def is_asked_of(provider: Provider, attempt: Attempt, state: str, now: datetime) -> None:
    """Check that an answer belongs to what this browser set out to do. Raises NotVouchedFor."""
    if attempt.provider_id != provider.id or not secrets.compare_digest(attempt.state.encode(), state.encode()):
        raise NotVouchedFor("wrong state", _BEGIN_AGAIN)
    if attempt.is_over(now):
        raise NotVouchedFor("too late", "That took longer than ten minutes. Begin again.")


_BEGIN_AGAIN = "That answer does not belong to a sign-in that was begun in this browser. Begin again from here."


def _meant_for_us(claims: Mapping[str, Any], provider: Provider, attempt: Attempt) -> None:
    if claims.get("iss") != provider.issuer:
        raise NotVouchedFor("wrong issuer")
    if claims.get("aud") not in (provider.client_id, [provider.client_id]):
        raise NotVouchedFor("wrong audience")
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise NotVouchedFor("wrong authorised party")
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not secrets.compare_digest(nonce.encode(), attempt.nonce.encode()):
        raise NotVouchedFor("wrong nonce")


def _timely(claims: Mapping[str, Any], now: datetime) -> None:
    expires, issued = _moment(claims.get("exp")), _moment(claims.get("iat"))
    starts = _moment(claims["nbf"]) if "nbf" in claims else issued
    if expires is None or issued is None or starts is None:
        raise NotVouchedFor("no times")
    if now >= expires + _CLOCKS_DIFFER:
        raise NotVouchedFor("expired")
    if max(issued, starts) > now + _CLOCKS_DIFFER:
        raise NotVouchedFor(
            "from the future", "The clock there and the clock here differ by more than a minute. Tell whoever hosts eduprog."
        )
    if now > issued + GOOD_FOR + _CLOCKS_DIFFER:
        raise NotVouchedFor("issued too long ago")


def _just_signed_in(signed_in_at: datetime | None, attempt: Attempt, now: datetime) -> None:
    if signed_in_at is None:
        raise NotVouchedFor("no auth_time", "There they do not tell us when you signed in, so that cannot show that it is you.")
    begun = datetime.fromtimestamp(attempt.begun_at, UTC)
    if not begun - _CLOCKS_DIFFER <= signed_in_at <= now + _CLOCKS_DIFFER:
        raise NotVouchedFor("old auth_time", "You were signed in there already. Begin again, and type your password there.")


def _address(claims: Mapping[str, Any], provider: Provider) -> str:
    """Give the address the provider vouches for, in lower case, which must be of one of its domains."""
    address = _vouched_address(claims, provider).strip().lower()
    name, _, domain = address.rpartition("@")
    if not name or "@" in name or domain not in provider.domains or len(address) > 254:
        raise NotVouchedFor(
            "other domain",
            f"Only addresses that end in {_either(provider.domains)} may sign in this way. You used another account there.",
        )
    return address


def _vouched_address(claims: Mapping[str, Any], provider: Provider) -> str:
    if provider.kind is ProviderKind.GOOGLE and claims.get("hd") not in provider.domains:
        raise NotVouchedFor(
            "no Workspace domain", "That is not an account of your school’s Google Workspace. Choose the other one."
        )
    email, verified = claims.get("email"), claims.get("email_verified") is True
    if provider.kind is ProviderKind.MICROSOFT:
        # There `email` can be whatever somebody typed; the sign-in name always is of a domain the directory has proved.
        proved = verified or claims.get("xms_edov") in (True, 1, "1", "true")
        email, verified = email if proved else claims.get("preferred_username"), True
    if not isinstance(email, str) or not email:
        raise NotVouchedFor("no address", "There they do not tell us your email address. Whoever hosts eduprog can change that.")
    if not verified:
        raise NotVouchedFor(
            "address not verified", "There they have not checked that the email address is yours, so we cannot either."
        )
    return email


def _second_step(claims: Mapping[str, Any]) -> bool:
    """Say whether the provider says that it asked for more than one thing (RFC 8176: `mfa`)."""
    methods = claims.get("amr")
    return isinstance(methods, list) and "mfa" in methods


def _moment(value: Any) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 2**35:
        return None
    return datetime.fromtimestamp(value, UTC)


def _either(domains: frozenset[str]) -> str:
    return " or ".join(f"@{domain}" for domain in sorted(domains))


def issuer_of(kind: ProviderKind, typed: str) -> str | None:
    """Give the address of a provider from what an admin typed: for Microsoft the tenant's id, for others the issuer; or None."""
    if kind is ProviderKind.GOOGLE:
        return GOOGLE
    if kind is ProviderKind.MICROSOFT:
        tenant = typed.strip().lower()
        return f"https://login.microsoftonline.com/{tenant}/v2.0" if _TENANT.fullmatch(tenant) else None
    return typed.strip() if is_web_address(typed.strip(), from_here=True) else None


def is_web_address(address: str, *, from_here: bool) -> bool:
    """Say whether an address can be asked safely: https, or, `from_here`, http on this very machine."""
    parts = urlsplit(address)
    if not parts.hostname or parts.username or parts.password or parts.query or parts.fragment:
        return False
    at_home = parts.hostname in ("127.0.0.1", "::1", "localhost")
    return parts.scheme == "https" or (parts.scheme == "http" and from_here and at_home)


def domains_in(typed: str) -> list[str]:
    """Give the domains somebody typed, one a line or with commas, without a leading @, each once."""
    return list(dict.fromkeys(word.lstrip("@").lower() for word in re.split(r"[\s,;]+", typed) if word.strip("@")))


def is_domain(word: str) -> bool:
    """Say whether this can be the part of an address after the @."""
    return _DOMAIN.fullmatch(word) is not None
