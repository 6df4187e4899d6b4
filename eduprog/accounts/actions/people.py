"""Who works where, as what."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from eduprog.accounts import queries
from eduprog.accounts.models import GroupMembership, Membership, Person, SignInSession
from eduprog.accounts.rules import normal_email
from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Actor, Role
from eduprog.core.tenancy import current_school_id, has_current_school


class EmailTaken(Refusal):
    """There is already a person with this email address."""


class RoleAlreadyHeld(Refusal):
    """This person already has this role here."""


class RoleNotHeld(Refusal):
    """This person does not have this role here."""


class LastSchoolAdmin(Refusal):
    """This is the school’s last admin. Make somebody else a school admin first."""


def create_person(*, name: str, email: str, site_admin: bool = False, by: Actor, now: datetime) -> Person:
    """Add a person without a password or a role; the current school's chain, if there is one, holds it. Raises EmailTaken."""
    address = normal_email(email)
    if queries.person_by_email(address) is not None:
        raise EmailTaken
    made = Person(email=address, name=name.strip(), site_admin=site_admin, created_at=now)
    session().add(made)
    session().flush()
    if has_current_school():
        audit.record(act="person added", subject="person", subject_id=made.id, by=by, at=now)
    return made


def grant_role(*, person_id: int, role: Role, by: Actor, now: datetime) -> Membership:
    """Give a person a role in the current school from now on. Raises RoleAlreadyHeld."""
    if _held(person_id, role):
        raise RoleAlreadyHeld
    made = Membership(person_id=person_id, role=role, started_at=now)
    session().add(made)
    session().flush()
    audit.record(act="role granted", subject="person", subject_id=person_id, by=by, at=now, role=role.value)
    return made


def end_role(*, person_id: int, role: Role, by: Actor, now: datetime) -> None:
    """Take a role in the current school away now; with the last one, access. Raises RoleNotHeld or LastSchoolAdmin."""
    ending = _held(person_id, role)
    if not ending:
        raise RoleNotHeld
    if role is Role.SCHOOL_ADMIN:
        _keep_an_admin(person_id)
    _end(ending, by=by, now=now)
    if not _held(person_id):
        _end_sessions_here(person_id, now)


def set_roles(*, person_id: int, roles: Collection[Role], by: Actor, now: datetime) -> None:
    """Make these a person's roles in the current school. Raises NotHere for a stranger, LastSchoolAdmin."""
    held = set(queries.person_of_school(person_id).roles)
    if not roles:
        end_membership(person_id=person_id, by=by, now=now)
        return
    for role in Role:
        if role in roles and role not in held:
            grant_role(person_id=person_id, role=role, by=by, now=now)
    for role in Role:
        if role in held and role not in roles:
            end_role(person_id=person_id, role=role, by=by, now=now)


def end_membership(*, person_id: int, by: Actor, now: datetime) -> None:
    """See a leaver off: all roles in the current school end and so do the sessions there. Raises NotHere, LastSchoolAdmin."""
    queries.person_of_school(person_id)
    ending = _held(person_id)
    if any(row.role is Role.SCHOOL_ADMIN for row in ending):
        _keep_an_admin(person_id)
    _end(ending, by=by, now=now)
    _end_sessions_here(person_id, now)


def grant_group_role(*, person_id: int, school_group_id: int, by: Actor, now: datetime) -> GroupMembership:
    """Let a person look over the schools of a group. Raises RoleAlreadyHeld. No school is current, so no chain holds it."""
    asked = select(GroupMembership.id).where(
        GroupMembership.person_id == person_id, GroupMembership.school_group_id == school_group_id
    )
    if session().scalars(asked).first() is not None:
        raise RoleAlreadyHeld
    made = GroupMembership(person_id=person_id, school_group_id=school_group_id, started_at=now)
    session().add(made)
    session().flush()
    return made


def _held(person_id: int, role: Role | None = None) -> list[Membership]:
    asked = select(Membership).where(Membership.person_id == person_id, Membership.ended_at.is_(None)).order_by(Membership.id)
    if role is not None:
        asked = asked.where(Membership.role == role)
    return list(session().scalars(asked))


def _keep_an_admin(leaving: int) -> None:
    """Refuse to end the last admin; the rows are locked, so that two admins cannot end each other at once."""
    asked = select(Membership).where(Membership.role == Role.SCHOOL_ADMIN, Membership.ended_at.is_(None)).with_for_update()
    if all(row.person_id == leaving for row in session().scalars(asked.execution_options(populate_existing=True))):
        raise LastSchoolAdmin


def _end(rows: list[Membership], *, by: Actor, now: datetime) -> None:
    for row in rows:
        row.ended_at = now
        audit.record(act="role ended", subject="person", subject_id=row.person_id, by=by, at=now, role=row.role.value)
    session().flush()


def _end_sessions_here(person_id: int, now: datetime) -> None:
    session().execute(
        update(SignInSession)
        .where(
            SignInSession.person_id == person_id,
            SignInSession.school_id == current_school_id(),
            SignInSession.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
