"""Reads for the demo's sign-in page."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from eduprog.accounts.models import GroupMembership, Membership, Person
from eduprog.accounts.queries.places import PlaceKind
from eduprog.core.db import session
from eduprog.core.permissions import Role
from eduprog.organisations.models import School, SchoolGroup


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
