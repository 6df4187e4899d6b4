"""Passwords: hashed by argon2id, compared in the same time whether or not there is an account, refused where easy to guess."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_SHORTEST = 8
_LONGEST = 128
_STRONG_ENOUGH = 2
_WEIGHED = 72  # zxcvbn looks no further, and what is that long is strong by then
_OF_THE_TRADE = ("eduprog", "school", "academy", "college", "primary", "secondary", "teacher", "password", "pshe", "rshe")


def hash_password(password: str) -> str:
    """Give what to keep of a password. Takes tens of milliseconds: never inside a transaction."""
    return _HASHER.hash(_normal(password))


def check_password(password: str, kept: str | None) -> bool:
    """Say whether it is the password; with nothing kept the answer is no, and takes as long."""
    try:
        return _HASHER.verify(kept or _stand_in(), _normal(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(kept: str) -> bool:
    """Say whether a password was kept by weaker rules than ours."""
    return _HASHER.check_needs_rehash(kept)


def warm_up() -> None:
    """Make the stand-in now, so that the first unknown account takes no longer than the next."""
    _stand_in()


def weakness(password: str, own_words: Iterable[str] = ()) -> str | None:
    """Give what is wrong with a new password as a sentence, or None. `own_words`: names of the school and of the person."""
    if len(password) < _SHORTEST:
        return f"Password must be {_SHORTEST} characters or more"
    if len(password) > _LONGEST:
        return f"Password must be {_LONGEST} characters or fewer"
    words = sorted({*_words(own_words), *_OF_THE_TRADE}, key=len, reverse=True)
    if len(_without(password, words)) < 4 and any(word in password.lower() for word in words):
        return "Password must not be made of your name or your school’s name; three unusual words together are good"
    if zxcvbn(password[:_WEIGHED], user_inputs=words)["score"] < _STRONG_ENOUGH:
        return "Password is too easy to guess; three unusual words together are good"
    return None


def _words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in re.findall(r"[^\W\d_]{3,}", text.lower())}


def _without(password: str, words: Iterable[str]) -> str:
    rest = password.lower()
    for word in words:
        rest = rest.replace(word, " ")
    return re.sub(r"[\W\d_]", "", rest)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@cache
def _stand_in() -> str:
    return _HASHER.hash(secrets.token_urlsafe(32))
