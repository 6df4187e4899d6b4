"""Invitations that wait for an admin to send them, and taking one back as if it had never been."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from eduprog.accounts import queries
from eduprog.accounts.actions.invitations import GOOD_FOR, revoke_invitation
from eduprog.accounts.actions.sessions import hash_token
from eduprog.accounts.models import Invitation, InvitationRole, Person
from eduprog.accounts.rules import INVITATION, invitation_token, normal_email
from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.permissions import Actor, Role
from eduprog.core.tenancy import current_school_id
from eduprog.mail import queries as mail


@dataclass(frozen=True)
class Newcomer:
    """Somebody to be invited."""

    name: str
    email: str


@dataclass(frozen=True)
class KeptInvitation:
    """An invitation that waits to be sent; `is_new` if the person was in no school of this installation."""

    invitation_id: int
    person_id: int
    email: str
    is_new: bool


def withdraw_invitations(*, invitation_ids: Collection[int], by: Actor, now: datetime) -> set[int]:
    """Take open invitations back: those never mailed for good, the others as revoked. Give the ids of the former.

    Ids of invitations that were accepted or taken back meanwhile are passed over.
    """
    asked = select(Invitation).where(
        Invitation.id.in_(invitation_ids), Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None)
    )
    held = session().scalars(asked.options(selectinload(Invitation.roles)).order_by(Invitation.id)).all()
    mailed = mail.states_of(INVITATION, [row.id for row in held])
    unsent = [row for row in held if row.id not in mailed]
    for row in unsent:
        session().delete(row)
    session().flush()
    for invitation_id in mailed:
        revoke_invitation(invitation_id=invitation_id, by=by, now=now)
    gone = [row.id for row in unsent]
    audit.record(act="invitations withdrawn", subject="school", subject_id=None, by=by, at=now, invitations=gone)
    return set(gone)


def keep_for_invitation(
    *, newcomers: Collection[Newcomer], roles: Collection[Role], by: Actor, now: datetime
) -> list[KeptInvitation]:
    """Keep people who are to be invited to the current school in these roles: nobody is written to until an admin sends it.

    Those who work here or are invited already are passed over. One entry in the chain stands for all; a fixed number of reads.
    """
    wanted = {normal_email(newcomer.email): newcomer.name.strip() for newcomer in newcomers}
    here = {row.email for row in queries.people_of_school()} | {row.email for row in queries.invited()}
    wanted = {address: name for address, name in wanted.items() if address not in here}
    known = {row.email: row for row in queries.people_by_email(wanted)}
    fresh = [Person(email=address, name=name, created_at=now) for address, name in wanted.items() if address not in known]
    made = [
        Invitation(
            email=address, name=name, invited_by=by.person_id, invited_at=now, expires_at=now + GOOD_FOR,
            token_hash=hash_token(invitation_token(current_school_id(), address, now)),
            roles=[InvitationRole(role=role) for role in Role if role in roles],
        )
        for address, name in wanted.items()
    ]  # fmt: skip
    session().add_all([*fresh, *made])
    session().flush()
    ids = {row.email: row.id for row in (*fresh, *known.values())}
    new = {row.email for row in fresh}
    invitations = [row.id for row in made]
    audit.record(act="kept for invitation", subject="school", subject_id=None, by=by, at=now, invitations=invitations)
    return [KeptInvitation(row.id, ids[row.email], row.email, row.email in new) for row in made]
