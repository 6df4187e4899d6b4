"""Reads of sessions and of the places a person may look at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, bindparam, func, literal, select

from eduprog.accounts.models import GroupMembership, Membership, Person, SecondFactor, SessionSeen, SignInSession
from eduprog.core.db import session
from eduprog.core.permissions import Role
from eduprog.core.tenancy import across_schools
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
    records_until: datetime | None = None
    proved_at: datetime | None = None
    has_factor: bool = False
    second_step_elsewhere: bool = False

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
class OwnSession:
    """One of a person's own sign-ins."""

    id: int
    started_at: datetime
    seen_at: datetime
    place: str


_GROUP_LEAD = literal(Role.GROUP_LEAD, Membership.role.type)
_PLACES = (
    select(literal(0).label("kind"), School.id.label("id"), School.name.label("name"), Membership.role)
    .join(Membership, Membership.school_id == School.id)
    .where(Membership.person_id == bindparam("person_id"), Membership.ended_at.is_(None))
    .union_all(
        select(literal(1), SchoolGroup.id, SchoolGroup.name, _GROUP_LEAD)
        .join(GroupMembership, GroupMembership.school_group_id == SchoolGroup.id)
        .where(GroupMembership.person_id == bindparam("person_id"))
    )
    .order_by("kind", "name", "id")
)


# Every request of somebody signed in asks this, so it is built once.
_PLACE = 4
"""So many columns of each row are a place; the rest are the session, the same in each."""
_SESSION = (
    SignInSession.id, SignInSession.person_id, Person.name, Person.site_admin, Person.disabled_at.is_not(None),
    SignInSession.school_id, SignInSession.school_group_id, SignInSession.expires_at, SignInSession.ended_at,
    func.coalesce(SessionSeen.seen_at, SignInSession.started_at), SignInSession.records_until,
    func.coalesce(SignInSession.proved_at, SignInSession.started_at), SecondFactor.confirmed_at.is_not(None),
    SignInSession.second_step_elsewhere,
)  # fmt: skip


def _of_session(wanted: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        wanted.join(Person, Person.id == SignInSession.person_id)
        .join(SessionSeen, SessionSeen.session_id == SignInSession.id, isouter=True)
        .join(SecondFactor, SecondFactor.person_id == SignInSession.person_id, isouter=True)
        .where(SignInSession.token_hash == bindparam("token_hash"))
    )


_AT_SCHOOLS = (
    select(literal(0).label("kind"), School.id.label("id"), School.name.label("name"), Membership.role, *_SESSION)
    .select_from(SignInSession)
    .outerjoin(Membership, (Membership.person_id == SignInSession.person_id) & Membership.ended_at.is_(None))
    .outerjoin(School, School.id == Membership.school_id)
)
_AT_GROUPS = (
    select(literal(1), SchoolGroup.id, SchoolGroup.name, _GROUP_LEAD, *_SESSION)
    .select_from(SignInSession)
    .join(GroupMembership, GroupMembership.person_id == SignInSession.person_id)
    .join(SchoolGroup, SchoolGroup.id == GroupMembership.school_group_id)
)
_SESSION_AND_PLACES = _of_session(_AT_SCHOOLS).union_all(_of_session(_AT_GROUPS)).order_by("kind", "name", "id")


def session_and_places(token_hash: str) -> tuple[SessionFacts, list[Place]] | None:
    """Give the session whose token has this hash, and where its person may be now as `places_of` does; None for an unknown token.

    One statement. Only across schools.
    """
    rows = session().execute(_SESSION_AND_PLACES, {"token_hash": token_hash}).all()
    if not rows:
        return None
    facts = SessionFacts(*rows[0][_PLACE:])
    return facts, _places((row[:_PLACE] for row in rows if row[1] is not None), site_admin=facts.site_admin)


def places_of(person_id: int, *, site_admin: bool) -> list[Place]:
    """Give where a person may be now: schools by name, then groups by name, then the installation. Only across schools."""
    return _places(session().execute(_PLACES, {"person_id": person_id}), site_admin=site_admin)


def _places(rows: Iterable[Sequence[Any]], *, site_admin: bool) -> list[Place]:
    roles: dict[tuple[PlaceKind, int, str], set[Role]] = {}
    for is_group, id_, name, role in rows:
        roles.setdefault((PlaceKind.GROUP if is_group else PlaceKind.SCHOOL, id_, name), set()).add(role)
    found = [Place(*place, frozenset(held)) for place, held in roles.items()]
    if site_admin:
        found.append(Place(PlaceKind.SITE, 0, "This installation", frozenset({Role.SITE_ADMIN})))
    return found


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


def school_to_write_from(person_id: int, *, site_admin: bool) -> int | None:
    """Give a school whose outbox can carry a person's own mail, or None without a place. Only across schools.

    A school they work at, else one of a group they look over, else, for a site admin, the oldest.
    """
    own = select(func.min(Membership.school_id)).where(Membership.person_id == person_id, Membership.ended_at.is_(None))
    of_group = (
        select(func.min(School.id))
        .join(GroupMembership, GroupMembership.school_group_id == School.school_group_id)
        .where(GroupMembership.person_id == person_id)
    )
    found = session().scalar(own) or session().scalar(of_group)
    return found or (session().scalar(select(func.min(School.id))) if site_admin else None)
