"""The first people of an installation and of a school."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eduprog.accounts import queries
from eduprog.accounts.actions.invitations import invite, send_invitation_again
from eduprog.accounts.actions.people import create_person
from eduprog.accounts.models import Invitation
from eduprog.accounts.rules import normal_email
from eduprog.core.permissions import Actor, Role
from eduprog.core.tenancy import school_scope
from eduprog.organisations import actions as organisations
from eduprog.organisations.rules import Nation, Phase


@dataclass(frozen=True)
class FirstSchool:
    """What has to be known of a school before anybody can work in it."""

    name: str
    nation: Nation
    phase: Phase
    contact_email: str
    admin_name: str
    admin_email: str
    school_group_id: int | None = None


def make_site_admin(*, name: str, email: str, by: Actor, now: datetime) -> int:
    """Let a person look after the installation, known before or not; give the id."""
    found = queries.person_by_email(normal_email(email))
    if found is None:
        found = create_person(name=name, email=email, site_admin=True, by=by, now=now)
    found.site_admin = True
    return found.id


def open_school(*, school: FirstSchool, by: Actor, now: datetime) -> Invitation:
    """Add a school and invite its first admin, whose link is handed on by hand; give the invitation."""
    made = organisations.create_school(
        name=school.name, nation=school.nation, phase=school.phase, contact_email=school.contact_email,
        school_group_id=school.school_group_id, by=by, now=now,
    )  # fmt: skip
    with school_scope(made.id):
        return invite(name=school.admin_name, email=school.admin_email, roles={Role.SCHOOL_ADMIN}, by_mail=False, by=by, now=now)


def renew_first_invitations(*, school_id: int, by: Actor, now: datetime) -> list[Invitation]:
    """Give the open invitations of a school that has no admin yet; those that have run out are made good again."""
    with school_scope(school_id):
        if queries.people_of_school(Role.SCHOOL_ADMIN):
            return []
        waiting = [row for row in queries.invited() if Role.SCHOOL_ADMIN in row.roles]
        for row in waiting:
            if row.expires_at <= now:
                send_invitation_again(invitation_id=row.id, by_mail=False, by=by, now=now)
        return [queries.invitation(row.id) for row in waiting]
