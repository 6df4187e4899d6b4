"""Keys: encryption of contact data, keyed hashes to look it up, signatures for links. Keys rotate: the first one writes."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from itsdangerous import BadData, URLSafeTimedSerializer
from itsdangerous.encoding import base64_decode, base64_encode

from eduprog.core.errors import BadSettings


class BadSignature(Exception):
    """A signed text was changed, has expired, or was made for another purpose."""


@dataclass(frozen=True)
class Keys:
    """The secrets of an installation, newest first."""

    contact: tuple[str, ...]
    signing: tuple[str, ...]
    lookup: str

    def __repr__(self) -> str:
        """Never show a key."""
        return "Keys(…)"


_keys: Keys | None = None


def install(keys: Keys) -> None:
    """Make these the keys of the process."""
    global _keys
    _keys = keys


def _held() -> Keys:
    if _keys is None:
        raise BadSettings("no keys are loaded; run `eduprog init` first")
    return _keys


def make_keys() -> Keys:
    """Make a fresh set."""
    return Keys((Fernet.generate_key().decode(),), (secrets.token_urlsafe(32),), secrets.token_urlsafe(32))


def write_keys(keys: Keys, path: Path) -> None:
    """Write them to a file only its owner can read, and to the disk: what they lock is lost with them.

    Raises FileExistsError rather than lose old keys.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps({"contact": keys.contact, "signing": keys.signing, "lookup": keys.lookup}, indent=1)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name, too
    finally:
        os.close(folder)


def read_keys(path: Path) -> Keys:
    """Read them. Raises BadSettings if the file is missing, open to others, or not a key file."""
    try:
        if path.stat().st_mode & 0o077:
            raise BadSettings(f"{path}: the key file can be read by others; run: chmod 600 {path}")
        return _checked(json.loads(path.read_text()))
    except FileNotFoundError:
        said = "there is no key file yet; `eduprog init` makes one. If eduprog is set up already, EDUPROG_DATA_DIR says where."
        raise BadSettings(f"{path}: {said}") from None
    except (KeyError, TypeError, ValueError) as problem:
        raise BadSettings(f"{path}: this is not a key file of eduprog ({problem}).") from None


def _checked(held: Any) -> Keys:
    keys = Keys(tuple(held["contact"]), tuple(held["signing"]), held["lookup"])
    if not keys.contact or not keys.signing or not all(isinstance(key, str) and key for key in (*keys.signing, keys.lookup)):
        raise ValueError("a key is missing")
    for key in keys.contact:
        Fernet(key)  # raises ValueError unless it is a key
    return keys


def encrypt(text: str) -> str:
    """Give contact data as a token only our keys open."""
    return _fernet(_held().contact).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Open a token made by `encrypt` with this or an earlier key. Raises BadSignature if none fits."""
    try:
        return _fernet(_held().contact).decrypt(token.encode()).decode()
    except InvalidToken:
        raise BadSignature("contact data was written with a key that is no longer here") from None


@lru_cache(maxsize=4)
def _fernet(contact: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in contact])


def lookup_hash(purpose: str, value: str) -> str:
    """Give a keyed hash to find a value by without storing it: hex, 64 characters; the same for the same purpose and value."""
    return hmac.digest(_held().lookup.encode(), f"{purpose}\n{value}".encode(), "sha256").hex()


def sign(purpose: str, payload: Any) -> str:
    """Give a URL-safe signed text of a JSON-able payload, good for this purpose only."""
    return str(_signer(purpose, _held().signing).dumps(payload))


def unsign(purpose: str, text: str, max_age_seconds: int | None = None) -> Any:
    """Give the payload back. Raises BadSignature if changed, too old, or signed for another purpose.

    A signature is good in one spelling only: other letters that decode to the same bytes are a change, too.
    """
    try:
        signature = text.rpartition(".")[2]
        if base64_encode(base64_decode(signature)).decode() != signature:
            raise BadData("spelt otherwise")
        return _signer(purpose, _held().signing).loads(text, max_age=max_age_seconds)
    except BadData:
        raise BadSignature("this link is not one of ours, or no longer valid") from None


@lru_cache(maxsize=100)
def _signer(purpose: str, signing: tuple[str, ...]) -> URLSafeTimedSerializer:
    oldest_first = list(reversed(signing))
    return URLSafeTimedSerializer(oldest_first, salt=purpose, signer_kwargs={"digest_method": hashlib.sha256})


def flask_secret() -> tuple[str, list[str]]:
    """Give the key for form tokens and those that still count."""
    first, *rest = _held().signing
    return hashlib.sha256(b"form" + first.encode()).hexdigest(), [hashlib.sha256(b"form" + k.encode()).hexdigest() for k in rest]
