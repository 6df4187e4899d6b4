"""Reads of people."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import String, Table, bindparam, select, type_coerce

from eduprog.accounts.models import Membership, Person, SecondFactor
from eduprog.accounts.rules import password_fingerprint, read_reset_token
from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.core.held import held
from eduprog.core.permissions import SCHOOL_ROLES, Role
from eduprog.core.tenancy import current_school_id


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


def person(person_id: int) -> Person:
    """Give a person's row. Raises NotHere."""
    found = session().get(Person, person_id)
    if found is None:
        raise NotHere
    return found


def person_by_email(email: str) -> Person | None:
    """Give the person with this address (in lower case), or None."""
    return session().scalars(select(Person).where(Person.email == email)).one_or_none()


def people_by_id(ids: Collection[int]) -> dict[int, Person]:
    """Give people's rows by id."""
    return {row.id: row for row in session().scalars(select(Person).where(Person.id.in_(set(ids))))}


def site_admins_without_password() -> list[Person]:
    """Give who looks after the installation and could never sign in yet, by name."""
    asked = select(Person).where(Person.site_admin, Person.password_hash.is_(None), Person.disabled_at.is_(None))
    return list(session().scalars(asked.order_by(Person.name, Person.id)))


def person_of_school(person_id: int) -> PersonRow:
    """Give somebody who works at the current school. Raises NotHere for anybody else."""
    found = next((row for row in people_of_school() if row.id == person_id), None)
    if found is None:
        raise NotHere
    return found


def have_second_factor(ids: Collection[int]) -> frozenset[int]:
    """Give which of these people are asked for a code when they sign in."""
    asked = select(SecondFactor.person_id).where(SecondFactor.person_id.in_(set(ids)), SecondFactor.confirmed_at.is_not(None))
    return frozenset(session().scalars(asked))


def people_of_school(role: Role | None = None) -> list[PersonRow]:
    """Give who works at the current school (in this role), by name; each with all their current roles there. Read once a page."""
    return [found for found in held("people of the school", _people_of_school) if role is None or role in found.roles]


_PEOPLE, _MEMBERSHIPS = cast(Table, Person.__table__).c, cast(Table, Membership.__table__).c
_OF_SCHOOL = (
    select(_PEOPLE.id, _PEOPLE.name, _PEOPLE.email, type_coerce(_MEMBERSHIPS.role, String))
    .join_from(Person.__table__, Membership.__table__, _MEMBERSHIPS.person_id == _PEOPLE.id)
    .where(_MEMBERSHIPS.ended_at.is_(None), _MEMBERSHIPS.school_id == bindparam("school"))
    .order_by(_PEOPLE.name, _PEOPLE.id)
)
"""What many pages ask stands ready for any school."""


def _people_of_school() -> list[PersonRow]:
    people: dict[tuple[int, str, str], list[Role]] = {}
    session().flush()
    for *who, role in session().execute(_OF_SCHOOL, {"school": current_school_id()}).all():
        people.setdefault((who[0], who[1], who[2]), []).append(Role(role))
    return [PersonRow(*who, in_order(roles)) for who, roles in people.items()]


def names_of(ids: Collection[int]) -> dict[int, str]:
    """Give people's names by id; those who left too."""
    rows = session().execute(select(Person.id, Person.name).where(Person.id.in_(set(ids))))
    return {row.id: row.name for row in rows}


def person_of_reset(token: str, now: datetime) -> int | None:
    """Give whose password a reset link may set now, or None if it has run out, was used, or is none of ours."""
    claim = read_reset_token(token)
    if claim is None or claim.expires_at <= now:
        return None
    asked = select(Person.password_hash).where(Person.id == claim.person_id, Person.disabled_at.is_(None))
    row = session().execute(asked).one_or_none()
    return claim.person_id if row is not None and password_fingerprint(row[0]) == claim.fingerprint else None


def in_order(roles: Iterable[Role]) -> tuple[Role, ...]:
    """Give roles of a school in the order pages list them."""
    held = set(roles)
    return tuple(role for role in SCHOOL_ROLES if role in held)


def people_by_email(addresses: Collection[str]) -> list[Person]:
    """Give the people with these addresses (in lower case), by name; in the whole installation."""
    return list(session().scalars(select(Person).where(Person.email.in_(set(addresses))).order_by(Person.name, Person.id)))
