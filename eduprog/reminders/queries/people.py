"""Who works at a school, and what each wants to hear about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from eduprog.accounts.models import Membership, Person
from eduprog.core.db import session
from eduprog.core.permissions import Role
from eduprog.core.tenancy import current_school_id
from eduprog.reminders.models import ReminderChoice
from eduprog.reminders.rules import About, wanted_by


@dataclass(frozen=True)
class Staff:
    """Somebody who works at the current school now."""

    id: int
    name: str
    email: str
    wants: frozenset[About]


def staff(person_ids: Collection[int] | None = None) -> dict[int, Staff]:
    """Give who works at the current school and may sign in, by id; only these people if named. Two statements."""
    wanted = (
        select(Person.id, Person.name, Person.email, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.ended_at.is_(None), Membership.school_id == current_school_id(), Person.disabled_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    if person_ids is not None:
        wanted = wanted.where(Person.id.in_(person_ids))
    roles: dict[int, set[Role]] = defaultdict(set)
    known: dict[int, tuple[str, str]] = {}
    for row in session().execute(wanted):
        roles[row.id].add(row.role)
        known[row.id] = (row.name, row.email)
    chosen = _choices(known)
    return {id_: Staff(id_, name, email, wanted_by(roles[id_], chosen[id_])) for id_, (name, email) in known.items()}


def choices_of(person_id: int) -> dict[About, bool]:
    """Give what a person has said about reminders in the current school."""
    return _choices([person_id])[person_id]


def _choices(person_ids: Collection[int]) -> dict[int, dict[About, bool]]:
    found: dict[int, dict[About, bool]] = defaultdict(dict)
    wanted = select(ReminderChoice.person_id, ReminderChoice.about, ReminderChoice.wanted)
    for person_id, about, yes in session().execute(wanted.where(ReminderChoice.person_id.in_(person_ids))):
        found[person_id][about] = yes
    return found
