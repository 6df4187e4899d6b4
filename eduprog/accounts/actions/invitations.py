"""Asking people to join a school. The link in the mail is derived when it is sent; the table holds only its hash."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select

from eduprog.accounts import queries
from eduprog.accounts.actions.people import create_person, grant_role
from eduprog.accounts.actions.sessions import hash_token
from eduprog.accounts.models import Invitation, InvitationRole, Person
from eduprog.accounts.rules import INVITATION, invitation_token, normal_email
from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Actor, Role, person
from eduprog.core.tenancy import current_school_id
from eduprog.mail import actions as mail
from eduprog.mail.rules import RecipientKind

GOOD_FOR = timedelta(days=7)


class NoRoleChosen(Refusal):
    """Choose at least one role for them."""


class AlreadyHere(Refusal):
    """Somebody with this email address works here already. Change their roles in the list of staff."""


class AlreadyInvited(Refusal):
    """Somebody with this email address is invited already. You can send the invitation again from the list of staff."""


class InvitationOver(Refusal):
    """This invitation has been used, was taken back, or has run out. Ask your school’s admin for a new one."""


def invite(*, name: str, email: str, roles: Collection[Role], by_mail: bool = True, by: Actor, now: datetime) -> Invitation:
    """Ask somebody to join the current school in these roles, by a mail whose link works once and for seven days.

    Without `by_mail` whoever asks hands the link on. Raises NoRoleChosen, AlreadyHere or AlreadyInvited.
    """
    address = normal_email(email)
    if not roles:
        raise NoRoleChosen
    if any(row.email == address for row in queries.people_of_school()):
        raise AlreadyHere
    if any(row.email == address for row in queries.invited()):
        raise AlreadyInvited
    made = Invitation(email=address, name=name.strip(), invited_by=by.person_id, invited_at=now, expires_at=now + GOOD_FOR,
                      token_hash="", roles=[InvitationRole(role=role) for role in Role if role in roles])  # fmt: skip
    invited = queries.person_by_email(address) or create_person(name=name, email=address, by=by, now=now)
    made.token_hash = _token_hash(address, now)
    session().add(made)
    session().flush()
    if by_mail:
        _send(made, invited, now)
    audit.record(act="invited", subject="invitation", subject_id=made.id, by=by, at=now, roles=[r.role.value for r in made.roles])
    return made


def send_invitation_again(*, invitation_id: int, by_mail: bool = True, by: Actor, now: datetime) -> Invitation:
    """Send an open invitation again, with a new link; the old one stops working. Raises NotHere."""
    held = queries.invitation(invitation_id)
    held.invited_at, held.expires_at = now, now + GOOD_FOR
    held.token_hash = _token_hash(held.email, now)
    session().flush()
    invited = queries.person_by_email(held.email) or create_person(name=held.name, email=held.email, by=by, now=now)
    if by_mail:
        _send(held, invited, now)
    audit.record(act="invited again", subject="invitation", subject_id=held.id, by=by, at=now)
    return held


def revoke_invitation(*, invitation_id: int, by: Actor, now: datetime) -> None:
    """Take an open invitation back; its link stops working and its mail, if not gone yet, is not sent. Raises NotHere."""
    held = queries.invitation(invitation_id)
    held.revoked_at = now
    session().flush()
    mail.cancel(kind=INVITATION, subject_id=held.id, by=by, now=now, reason="The invitation was taken back.")
    audit.record(act="invitation taken back", subject="invitation", subject_id=held.id, by=by, at=now)


def accept_invitation(*, token: str, kept: str | None, vouched: bool = False, now: datetime) -> int:
    """Let the invited person in: the roles are theirs, the link is used up; give the person's id.

    `kept` is the new password (hashed) of somebody who has none; an existing password stays, and the caller has checked it, or
    that a provider has `vouched` for the person, who then needs none.
    Raises InvitationOver.
    """
    asked = select(Invitation).where(Invitation.token_hash == hash_token(token)).with_for_update()
    held = session().scalars(asked).one_or_none()
    if held is None or not queries.is_open(held, now):
        raise InvitationOver
    joining = _joining(held, kept, vouched=vouched)
    held.accepted_at, held.accepted_by = now, joining.id
    session().flush()
    offered = session().scalars(select(InvitationRole.role).where(InvitationRole.invitation_id == held.id))
    here = {role for row in queries.people_of_school() if row.id == joining.id for role in row.roles}
    for role in sorted(set(offered) - here):
        grant_role(person_id=joining.id, role=role, by=person(joining.id), now=now)
    audit.record(act="joined", subject="invitation", subject_id=held.id, by=person(joining.id), at=now)
    return joining.id


def _joining(held: Invitation, kept: str | None, *, vouched: bool) -> Person:
    found = queries.person_by_email(held.email)
    if found is None or found.disabled_at is not None:
        raise InvitationOver
    if found.password_hash is None and not vouched:
        if kept is None:
            raise InvitationOver
        found.password_hash = kept
    return found


def _token_hash(address: str, invited_at: datetime) -> str:
    return hash_token(invitation_token(current_school_id(), address, invited_at))


def _send(held: Invitation, to: Person, now: datetime) -> None:
    mail.enqueue(
        key=f"{INVITATION}:{held.id}:{now:%Y%m%dT%H%M%S}", kind=INVITATION, subject_id=held.id,
        recipient_kind=RecipientKind.PERSON, recipient_id=to.id, due_at=now, too_late_at=held.expires_at, now=now,
    )  # fmt: skip
