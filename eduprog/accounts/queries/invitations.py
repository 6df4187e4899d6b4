"""Reads of invitations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from eduprog.accounts.models import Invitation
from eduprog.accounts.queries.people import in_order, person_by_email
from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.core.permissions import Role
from eduprog.organisations.queries import school


@dataclass(frozen=True)
class InvitedRow:
    """Somebody who was asked to join the current school and has not answered."""

    id: int
    name: str
    email: str
    roles: tuple[Role, ...]
    invited_at: datetime
    expires_at: datetime

    @property
    def role_labels(self) -> list[str]:
        """Give the words for the roles."""
        return [role.label for role in self.roles]


@dataclass(frozen=True)
class Joining:
    """Who may join which school by a link."""

    school_id: int
    school_name: str
    name: str
    email: str
    roles: tuple[Role, ...]
    has_password: bool

    @property
    def own_words(self) -> tuple[str, ...]:
        """Give the names a password must not be made of."""
        return (self.name, self.email, self.school_name)

    @property
    def role_labels(self) -> list[str]:
        """Give the words for the roles."""
        return [role.label for role in self.roles]


def joining(token_hash: str, now: datetime) -> Joining | None:
    """Give who may join by the link with this hash now, or None. Only across schools."""
    asked = select(Invitation).where(Invitation.token_hash == token_hash).options(selectinload(Invitation.roles))
    held = session().scalars(asked).one_or_none()
    if held is None or not is_open(held, now):
        return None
    person = person_by_email(held.email)
    roles = in_order(row.role for row in held.roles)
    has_password = person is not None and person.password_hash is not None
    return Joining(held.school_id, school(held.school_id).name, held.name, held.email, roles, has_password)


def is_open(held: Invitation, now: datetime) -> bool:
    """Say whether an invitation can still be accepted."""
    return held.accepted_at is None and held.revoked_at is None and now < held.expires_at


def invited() -> list[InvitedRow]:
    """Give the current school's open invitations, by name; those that have run out too."""
    asked = (
        select(Invitation)
        .where(Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
        .options(joinedload(Invitation.roles))
        .order_by(Invitation.name, Invitation.id)
    )
    return [
        InvitedRow(row.id, row.name, row.email, in_order(r.role for r in row.roles), row.invited_at, row.expires_at)
        for row in session().scalars(asked).unique()
    ]


def invitation(invitation_id: int) -> Invitation:
    """Give one of the current school's open invitations with its roles. Raises NotHere."""
    asked = (
        select(Invitation)
        .where(Invitation.id == invitation_id, Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
        .options(selectinload(Invitation.roles))
    )
    found = session().scalars(asked).one_or_none()
    if found is None:
        raise NotHere
    return found
