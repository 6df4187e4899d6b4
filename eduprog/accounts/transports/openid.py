"""OpenID Connect: find a provider's addresses, send people there, and trade the code they bring back for signed claims.

Nothing here decides who may come in: `rules.providers` reads the claims.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import requests

from eduprog.accounts.rules import Attempt, NotVouchedFor, Provider
from eduprog.accounts.rules.providers import is_web_address
from eduprog.core.errors import Refusal

_PATIENCE = (5, 10)  # seconds to connect, and to wait for each part of an answer
_LARGEST = 256 * 1024
_FRESH_FOR = timedelta(hours=1)
_SOON_AGAIN = timedelta(seconds=30)
# By a key of the provider's own: never "none", never a shared secret.
_SIGNED_BY = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")


class CannotAsk(Refusal):
    """The provider could not be asked. Try again in a minute, or sign in with your password."""

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why


@dataclass(frozen=True)
class Endpoints:
    """Where a provider is asked what, and the keys it signs with, as it said `at` a moment."""

    authorization: str
    token: str
    keys_at: str
    by_basic: bool
    names_itself: bool
    keys: Mapping[str, Any]
    at: datetime


_known: dict[str, Endpoints] = {}


def discover(provider: Provider, now: datetime, *, anew: bool = False) -> Endpoints:
    """Give a provider's addresses and keys, as old as an hour unless asked for `anew`. Raises CannotAsk, saying why."""
    held = _known.get(provider.issuer)
    if held is not None and not anew and now - held.at < _FRESH_FOR:
        return held
    found = _read(provider, now)
    _known[provider.issuer] = found
    return found


def where_to_go(provider: Provider, attempt: Attempt, back: str, now: datetime) -> str:
    """Give the address at the provider that a browser is sent to; `back` is where it brings the answer. Raises CannotAsk."""
    more: dict[str, Any] = {"nonce": attempt.nonce, "scope": "openid email profile"}
    if attempt.purpose == "proof":
        more |= {"prompt": "login", "max_age": 0}
    with _client(provider, "", back) as client:
        address, _state = client.create_authorization_url(
            discover(provider, now).authorization, state=attempt.state, code_verifier=attempt.verifier, **more
        )
    return str(address)


def exchange(
    provider: Provider, secret: str, attempt: Attempt, *, code: str, back: str, said_issuer: str, now: datetime
) -> Mapping[str, Any]:
    """Trade a code for the claims of an ID token that the provider signed. Raises CannotAsk, NotVouchedFor.

    `said_issuer` is who the answer says it is from (RFC 9207), where a provider does so.
    """
    places = discover(provider, now)
    if (places.names_itself or said_issuer) and said_issuer != provider.issuer:
        raise NotVouchedFor("answer of another issuer")
    token = _trade(provider, places, secret, attempt, code, back)
    places = _with_key_of(token, provider, places, now)
    return _claims(token, places.keys)


def _trade(provider: Provider, places: Endpoints, secret: str, attempt: Attempt, code: str, back: str) -> str:
    from authlib.integrations.base_client.errors import OAuthError  # noqa: PLC0415 - heavy, and few processes need it

    with _client(provider, secret, back, by_basic=places.by_basic) as client:
        try:
            answer = client.fetch_token(
                places.token, code=code, code_verifier=attempt.verifier, grant_type="authorization_code",
                timeout=_PATIENCE, allow_redirects=False,
            )  # fmt: skip
        except OAuthError as refused:
            raise NotVouchedFor(f"code refused: {str(refused.error)[:60]}") from None
        except (requests.RequestException, ValueError) as problem:
            raise CannotAsk(f"token endpoint: {type(problem).__name__}") from None
    token = answer.get("id_token")
    if not isinstance(token, str) or len(token) > _LARGEST:
        raise NotVouchedFor("no ID token")
    return token


def _client(provider: Provider, secret: str, back: str, *, by_basic: bool = True) -> Any:
    from authlib.integrations.requests_client import OAuth2Session  # noqa: PLC0415 - heavy, and few processes need it

    return OAuth2Session(
        provider.client_id, secret, redirect_uri=back, code_challenge_method="S256",
        token_endpoint_auth_method="client_secret_basic" if by_basic else "client_secret_post",
    )  # fmt: skip


def _claims(token: str, keys: Mapping[str, Any]) -> Mapping[str, Any]:
    from joserfc import jwt  # noqa: PLC0415 - heavy, and few processes need it
    from joserfc.errors import JoseError  # noqa: PLC0415 - as the line above
    from joserfc.jwk import KeySet  # noqa: PLC0415 - as the line above

    try:
        return dict(jwt.decode(token, KeySet.import_key_set(_public(keys)), algorithms=list(_SIGNED_BY)).claims)
    except (JoseError, ValueError, TypeError, KeyError) as problem:
        raise NotVouchedFor(f"signature: {type(problem).__name__}") from None


def _public(keys: Mapping[str, Any]) -> Any:
    """Keep the keys for signatures that are no shared secrets."""
    usable = [key for key in keys["keys"] if key.get("kty") in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig"]
    return {"keys": usable}


def _with_key_of(token: str, provider: Provider, places: Endpoints, now: datetime) -> Endpoints:
    """Ask for the keys again where the token was signed by one we have not heard of: providers change them."""
    from joserfc.errors import JoseError  # noqa: PLC0415 - heavy, and few processes need it
    from joserfc.jws import extract_compact  # noqa: PLC0415 - as the line above

    try:
        named = extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError) as problem:
        raise NotVouchedFor(f"no token: {type(problem).__name__}") from None
    known = {key.get("kid") for key in places.keys["keys"]}
    if named is None or named in known or now - places.at < _SOON_AGAIN:
        return places
    again = replace(places, keys=_keys(places.keys_at), at=now)
    _known[provider.issuer] = again
    return again


def _read(provider: Provider, now: datetime) -> Endpoints:
    said = _fetch(provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
    if said.get("issuer") != provider.issuer:
        raise CannotAsk("it calls itself by another address")
    from_here = provider.issuer.startswith("http://")
    found = [said.get(f"{name}") for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if not all(isinstance(address, str) and is_web_address(address.split("?")[0], from_here=from_here) for address in found):
        raise CannotAsk("its addresses are missing or not https")
    ways = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    names_itself = said.get("authorization_response_iss_parameter_supported") is True
    authorization, token, keys_at = (str(address) for address in found)
    return Endpoints(authorization, token, keys_at, "client_secret_basic" in ways, names_itself, _keys(keys_at), now)


def _keys(address: str) -> Mapping[str, Any]:
    said = _fetch(address)
    keys = said.get("keys")
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys) or not keys:
        raise CannotAsk("it gives no keys")
    return {"keys": keys}


def _fetch(address: str) -> dict[str, Any]:
    """Read a JSON object, following nothing and reading no more than a little."""
    try:
        with requests.get(address, timeout=_PATIENCE, allow_redirects=False, stream=True) as answer:
            if answer.status_code != 200:
                raise CannotAsk(f"it answers {answer.status_code}")
            body = answer.raw.read(_LARGEST + 1, decode_content=True)
    except requests.RequestException as problem:
        raise CannotAsk(f"it does not answer: {type(problem).__name__}") from None
    if len(body) > _LARGEST:
        raise CannotAsk("it answers too much")
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise CannotAsk("it does not answer in JSON")
    return said
