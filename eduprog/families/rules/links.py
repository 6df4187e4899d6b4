"""Signed links: each good for one purpose, naming its school, and no person.

A link to the activities ends after sixty days, one to confirm after seven. One to leave never ends: whoever finds an old
message can still stop the new ones.
"""

from __future__ import annotations

from dataclasses import dataclass

from itsdangerous.encoding import base64_decode, base64_encode

from eduprog.core import crypto
from eduprog.core.crypto import BadSignature

HOME_DAYS = 60
CONFIRM_DAYS = 7
_DAY = 24 * 3600
_HOME, _LEAVE, _CONFIRM = "families.home", "families.leave", "families.confirm"
_VIEWING = "families.viewing"


@dataclass(frozen=True)
class HomeLink:
    """What a link to the activities says: whose digest, in which school."""

    school_id: int
    contact_id: int
    digest_id: int


@dataclass(frozen=True)
class LeaveLink:
    """What a link to leave says: who, in which school."""

    school_id: int
    contact_id: int


@dataclass(frozen=True)
class ViewingLink:
    """What a link to the viewing room says: which class of which school, and whose link it is; 0 for one given to anybody."""

    school_id: int
    teaching_group_id: int
    contact_id: int = 0


def viewing_token(link: ViewingLink) -> str:
    """Give the signed text of a link to the viewing room of a class."""
    return crypto.sign(_VIEWING, [link.school_id, link.teaching_group_id, link.contact_id])


def read_viewing_token(token: str) -> ViewingLink:
    """Read it. Raises BadSignature if it is forged, for another purpose or older than sixty days."""
    return ViewingLink(*_numbers(_VIEWING, token, 3, HOME_DAYS))


def home_token(link: HomeLink) -> str:
    """Give the signed text of a link to the activities of a digest."""
    return crypto.sign(_HOME, [link.school_id, link.contact_id, link.digest_id])


def read_home_token(token: str) -> HomeLink:
    """Read it. Raises BadSignature if it is forged, for another purpose or older than sixty days."""
    return HomeLink(*_numbers(_HOME, token, 3, HOME_DAYS))


def leave_token(link: LeaveLink) -> str:
    """Give the signed text of a link to leave."""
    return crypto.sign(_LEAVE, [link.school_id, link.contact_id])


def read_leave_token(token: str) -> LeaveLink:
    """Read it, however old. Raises BadSignature if it is forged or for another purpose."""
    return LeaveLink(*_numbers(_LEAVE, token, 2, None))


def confirm_token(*, school_id: int, consent_id: int) -> str:
    """Give the signed text of a link to confirm what was asked for."""
    return crypto.sign(_CONFIRM, [school_id, consent_id])


def read_confirm_token(token: str) -> tuple[int, int]:
    """Read it as (school id, consent id). Raises BadSignature if it is forged, for another purpose or older than seven days."""
    school_id, consent_id = _numbers(_CONFIRM, token, 2, CONFIRM_DAYS)
    return school_id, consent_id


def _numbers(purpose: str, token: str, count: int, days: int | None) -> list[int]:
    payload = crypto.unsign(purpose, token, None if days is None else days * _DAY)
    _refuse_other_spelling(token.rpartition(".")[2])
    if not isinstance(payload, list) or len(payload) != count or not all(type(part) is int for part in payload):
        raise BadSignature("this link is not one of ours, or no longer valid")
    return payload


def _refuse_other_spelling(signature: str) -> None:
    """Refuse a signature whose last letter was changed in bits that mean nothing: a link has one spelling."""
    if base64_encode(base64_decode(signature)).decode() != signature:
        raise BadSignature("this link is not one of ours, or no longer valid")
