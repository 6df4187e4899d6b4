"""Reads of people, their places, invitations and sessions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from eduprog.accounts.models import GroupMembership, Invitation, Membership, Person, SessionSeen, SignInSession
from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.core.permissions import SCHOOL_ROLES, Role
from eduprog.core.tenancy import across_schools, current_school_id
from eduprog.organisations.models import School, SchoolGroup


class PlaceKind(StrEnum):
    """Where a person can be signed in to."""

    SCHOOL = "school"
    GROUP = "group"
    SITE = "site"


@dataclass(frozen=True)
class Place:
    """One place a person may look at, with what they are there."""

    kind: PlaceKind
    id: int
    name: str
    roles: frozenset[Role]

    @property
    def key(self) -> str:
        """Name it in a form: "school-3"."""
        return f"{self.kind.value}-{self.id}"

    @property
    def role_labels(self) -> list[str]:
        """Give the words for the roles, in the order of the roles."""
        return [role.label for role in Role if role in self.roles]


@dataclass(frozen=True)
class SessionFacts:
    """A session and its person, as the table has them."""

    session_id: int
    person_id: int
    name: str
    site_admin: bool
    disabled: bool
    school_id: int | None
    school_group_id: int | None
    expires_at: datetime
    ended_at: datetime | None
    seen_at: datetime

    def chosen(self, places: Collection[Place]) -> Place | None:
        """Give which of the places this session looks at, or None if it is no longer one of them."""
        if self.school_id is not None:
            wanted = (PlaceKind.SCHOOL, self.school_id)
        elif self.school_group_id is not None:
            wanted = (PlaceKind.GROUP, self.school_group_id)
        else:
            wanted = (PlaceKind.SITE, 0)
        return next((place for place in places if (place.kind, place.id) == wanted), None)


@dataclass(frozen=True)
class PersonRow:
    """Somebody who works at the current school."""

    id: int
    name: str
    email: str
    roles: tuple[Role, ...]

    @property
    def role_labels(self) -> list[str]:
        """Give the words for the roles."""
        return [role.label for role in self.roles]


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
class OwnSession:
    """One of a person's own sign-ins."""

    id: int
    started_at: datetime
    seen_at: datetime
    place: str


def session_facts(token_hash: str) -> SessionFacts | None:
    """Give the session whose token has this hash, with when it was last seen, or None. Only across schools."""
    asked = (
        select(SignInSession, Person, SessionSeen.seen_at)
        .join(Person, Person.id == SignInSession.person_id)
        .join(SessionSeen, SessionSeen.session_id == SignInSession.id, isouter=True)
        .where(SignInSession.token_hash == token_hash)
    )
    row = session().execute(asked).one_or_none()
    if row is None:
        return None
    held, person, seen_at = row
    return SessionFacts(
        session_id=held.id, person_id=person.id, name=person.name, site_admin=person.site_admin,
        disabled=person.disabled_at is not None, school_id=held.school_id, school_group_id=held.school_group_id,
        expires_at=held.expires_at, ended_at=held.ended_at, seen_at=seen_at or held.started_at,
    )  # fmt: skip


def places_of(person_id: int, *, site_admin: bool) -> list[Place]:
    """Give where a person may be now: schools by name, then groups by name, then the installation. Only across schools."""
    schools = session().execute(
        select(School.id, School.name, Membership.role)
        .join(Membership, Membership.school_id == School.id)
        .where(Membership.person_id == person_id, Membership.ended_at.is_(None))
        .order_by(School.name, School.id)
    )
    roles: dict[tuple[int, str], set[Role]] = {}
    for row in schools:
        roles.setdefault((row.id, row.name), set()).add(row.role)
    groups = session().execute(
        select(SchoolGroup.id, SchoolGroup.name)
        .join(GroupMembership, GroupMembership.school_group_id == SchoolGroup.id)
        .where(GroupMembership.person_id == person_id)
        .order_by(SchoolGroup.name, SchoolGroup.id)
    )
    found = [Place(PlaceKind.SCHOOL, id_, name, frozenset(held)) for (id_, name), held in roles.items()]
    found += [Place(PlaceKind.GROUP, row.id, row.name, frozenset({Role.GROUP_LEAD})) for row in groups]
    if site_admin:
        found.append(Place(PlaceKind.SITE, 0, "This installation", frozenset({Role.SITE_ADMIN})))
    return found


def person(person_id: int) -> Person:
    """Give a person's row. Raises NotHere."""
    found = session().get(Person, person_id)
    if found is None:
        raise NotHere
    return found


def person_by_email(email: str) -> Person | None:
    """Give the person with this address (in lower case), or None."""
    return session().scalars(select(Person).where(Person.email == email)).one_or_none()


def person_of_school(person_id: int) -> PersonRow:
    """Give somebody who works at the current school. Raises NotHere for anybody else."""
    found = next((row for row in people_of_school() if row.id == person_id), None)
    if found is None:
        raise NotHere
    return found


def people_of_school(role: Role | None = None) -> list[PersonRow]:
    """Give who works at the current school (in this role), by name; each with all their current roles there."""
    rows = session().execute(
        select(Person.id, Person.name, Person.email, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.ended_at.is_(None), Membership.school_id == current_school_id())
        .order_by(Person.name, Person.id)
    )
    people: dict[int, PersonRow] = {}
    for row in rows:
        before = people[row.id].roles if row.id in people else ()
        people[row.id] = PersonRow(row.id, row.name, row.email, _in_order((*before, row.role)))
    return [found for found in people.values() if role is None or role in found.roles]


def names_of(ids: Collection[int]) -> dict[int, str]:
    """Give people's names by id; those who left too."""
    rows = session().execute(select(Person.id, Person.name).where(Person.id.in_(set(ids))))
    return {row.id: row.name for row in rows}


def invited() -> list[InvitedRow]:
    """Give the current school's open invitations, by name; those that have run out too."""
    asked = (
        select(Invitation)
        .where(Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
        .options(selectinload(Invitation.roles))
        .order_by(Invitation.name, Invitation.id)
    )
    return [
        InvitedRow(row.id, row.name, row.email, _in_order(r.role for r in row.roles), row.invited_at, row.expires_at)
        for row in session().scalars(asked)
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


def invitation_by_token_hash(token_hash: str) -> Invitation | None:
    """Give the invitation a link names, with its roles, or None. Only across schools."""
    asked = select(Invitation).where(Invitation.token_hash == token_hash).options(selectinload(Invitation.roles))
    return session().scalars(asked).one_or_none()


def own_sessions(person_id: int, now: datetime) -> list[OwnSession]:
    """Give a person's running sign-ins, newest first."""
    asked = (
        select(SignInSession, SessionSeen.seen_at, School.name, SchoolGroup.name)
        .join(SessionSeen, SessionSeen.session_id == SignInSession.id, isouter=True)
        .join(School, School.id == SignInSession.school_id, isouter=True)
        .join(SchoolGroup, SchoolGroup.id == SignInSession.school_group_id, isouter=True)
        .where(SignInSession.person_id == person_id, SignInSession.ended_at.is_(None), SignInSession.expires_at > now)
        .order_by(SignInSession.started_at.desc(), SignInSession.id.desc())
    )
    with across_schools("a person's own sessions"):
        rows = session().execute(asked).all()
    return [
        OwnSession(held.id, held.started_at, seen_at or held.started_at, school or group or "")
        for held, seen_at, school, group in rows
    ]


def _in_order(roles: Iterable[Role]) -> tuple[Role, ...]:
    held = set(roles)
    return tuple(role for role in SCHOOL_ROLES if role in held)


@dataclass(frozen=True)
class DemoPerson:
    """Somebody one can be in the demo."""

    person_id: int
    name: str
    role_labels: tuple[str, ...]


@dataclass(frozen=True)
class DemoPlace:
    """A place of the demo with its people: who leads it first, then its teachers."""

    key: str
    name: str
    leads: tuple[DemoPerson, ...]
    teachers: tuple[DemoPerson, ...]


def demo_places() -> list[DemoPlace]:
    """Give everybody who can sign in, by place: groups, schools, the installation. Only across schools, for the demo."""
    site = session().execute(select(Person.id, Person.name).where(Person.site_admin).order_by(Person.name, Person.id))
    groups = session().execute(
        select(SchoolGroup.id, SchoolGroup.name, Person.id, Person.name)
        .join(GroupMembership, GroupMembership.school_group_id == SchoolGroup.id)
        .join(Person, Person.id == GroupMembership.person_id)
        .order_by(SchoolGroup.name, SchoolGroup.id, Person.name, Person.id)
    )
    schools = session().execute(
        select(School.id, School.name, Person.id, Person.name, Membership.role)
        .join(Membership, Membership.school_id == School.id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.ended_at.is_(None), Person.disabled_at.is_(None))
        .order_by(School.name, School.id, Person.name, Person.id)
    )
    rows = [(PlaceKind.GROUP, id_, name, person_id, who, Role.GROUP_LEAD) for id_, name, person_id, who in groups]
    rows += [(PlaceKind.SCHOOL, id_, name, person_id, who, role) for id_, name, person_id, who, role in schools]
    rows += [(PlaceKind.SITE, 0, "This installation", person_id, who, Role.SITE_ADMIN) for person_id, who in site]
    held: dict[tuple[str, str], dict[tuple[int, str], set[Role]]] = {}
    for kind, id_, name, person_id, who, role in rows:
        held.setdefault((f"{kind.value}-{id_}", name), {}).setdefault((person_id, who), set()).add(role)
    return [_demo_place(key, name, people) for (key, name), people in held.items()]


def _demo_place(key: str, name: str, people: dict[tuple[int, str], set[Role]]) -> DemoPlace:
    order = list(Role)
    leads = [who for who, roles in people.items() if roles != {Role.TEACHER}]
    leads.sort(key=lambda who: min(map(order.index, people[who])))
    teachers = [who for who, roles in people.items() if roles == {Role.TEACHER}]

    def shown(whom: list[tuple[int, str]]) -> tuple[DemoPerson, ...]:
        return tuple(DemoPerson(id_, name, tuple(r.label for r in order if r in people[id_, name])) for id_, name in whom)

    return DemoPlace(key, name, shown(leads), shown(teachers))
