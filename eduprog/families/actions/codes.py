"""Make and revoke class codes."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from eduprog.core import audit, crypto
from eduprog.core.db import session
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Actor
from eduprog.families.models import JoinCode
from eduprog.families.queries import code_hash
from eduprog.families.rules import draw_code
from eduprog.school import queries as school
from eduprog.school.models import TeachingGroup


class NoHalfTerm(Refusal):
    """A class code ends with the half-term. Enter the term dates first."""


class ClassEnded(Refusal):
    """This class has ended."""


def make_code(*, teaching_group_id: int, instead_of: str | None = None, by: Actor, now: datetime, today: date) -> str:
    """Make a class's code, in place of any before it; it ends with this half-term or, in a break, with the next.

    `instead_of` is the code that was seen when this was asked for (empty: none): where another works by now, that one stays.
    Gives the code. Raises NotHere, ClassEnded or NoHalfTerm.
    """
    group = school.teaching_group(teaching_group_id)
    if group.ended_on is not None and group.ended_on <= today:
        raise ClassEnded
    ends = sorted(span.last for span in school.calendar().half_terms if span.last >= today)
    if not ends:
        raise NoHalfTerm
    _keep_others_from([group.id])
    working = _working_code(group.id, today) if instead_of is not None else ""
    if working and working != instead_of:
        return working
    _revoke_standing(teaching_group_id, now)
    code = draw_code(secrets.choice)
    made = JoinCode(
        teaching_group_id=group.id,
        code_hash=code_hash(code),
        code_encrypted=crypto.encrypt(code),
        made_at=now,
        expires_on=ends[0],
    )
    session().add(made)
    session().flush()
    audit.record(act="class code made", subject="join_code", subject_id=made.id, by=by, at=now, teaching_group=group.id)
    return code


def make_missing_codes(*, teaching_group_ids: Sequence[int], by: Actor, now: datetime, today: date) -> int:
    """Make a code for each of these classes that has none working today. Gives how many. Raises as `make_code` does."""
    _keep_others_from(teaching_group_ids)
    working = select(JoinCode.teaching_group_id).where(JoinCode.revoked_at.is_(None), JoinCode.expires_on >= today)
    missing = sorted(set(teaching_group_ids) - set(session().scalars(working)))
    for group_id in missing:
        make_code(teaching_group_id=group_id, by=by, now=now, today=today)
    return len(missing)


def revoke_code(*, teaching_group_id: int, by: Actor, now: datetime) -> None:
    """Let nobody join with a class's code any more. Raises NotHere if it has none."""
    if not _revoke_standing(teaching_group_id, now):
        raise NotHere
    audit.record(act="class code revoked", subject="teaching_group", subject_id=teaching_group_id, by=by, at=now)


def close_codes(*, teaching_group_ids: Sequence[int], by: Actor, now: datetime) -> list[int]:
    """Let nobody join with the codes of these classes any more, because they end. Gives the ids of the codes closed."""
    standing = select(JoinCode).where(JoinCode.teaching_group_id.in_(teaching_group_ids), JoinCode.revoked_at.is_(None))
    rows = session().scalars(standing.order_by(JoinCode.id)).all()
    for row in rows:
        row.revoked_at = now
    if rows:
        audit.record(act="class codes closed", subject="school", subject_id=None, by=by, at=now, codes=len(rows))
    return [row.id for row in rows]


def reopen_codes(*, code_ids: Sequence[int], by: Actor, now: datetime) -> None:
    """Let the codes that `close_codes` closed work again, where their class was not given another since."""
    rows = session().scalars(select(JoinCode).where(JoinCode.id.in_(code_ids))).all()
    working = select(JoinCode.teaching_group_id).where(JoinCode.revoked_at.is_(None))
    renewed = set(session().scalars(working))
    for row in rows:
        if row.teaching_group_id not in renewed:
            row.revoked_at = None
    audit.record(act="class codes reopened", subject="school", subject_id=None, by=by, at=now, codes=len(rows))


def _keep_others_from(teaching_group_ids: Sequence[int]) -> None:
    """Make others who change the codes of these classes wait, so that a class has one code."""
    wanted = select(TeachingGroup.id).where(TeachingGroup.id.in_(teaching_group_ids)).order_by(TeachingGroup.id)
    session().execute(wanted.with_for_update()).all()


def _working_code(teaching_group_id: int, today: date) -> str:
    works = (JoinCode.teaching_group_id == teaching_group_id, JoinCode.revoked_at.is_(None), JoinCode.expires_on >= today)
    held = session().scalars(select(JoinCode.code_encrypted).where(*works)).first()
    return crypto.decrypt(held) if held else ""


def _revoke_standing(teaching_group_id: int, now: datetime) -> int:
    standing = select(JoinCode).where(JoinCode.teaching_group_id == teaching_group_id, JoinCode.revoked_at.is_(None))
    rows = session().scalars(standing).all()
    for row in rows:
        row.revoked_at = now
    return len(rows)
