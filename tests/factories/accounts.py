"""The smallest valid rows of accounts."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from eduprog.accounts.models import GroupMembership, Membership, Person
from eduprog.core import clock
from eduprog.core.permissions import Role


def a_person(**changes: Any) -> Person:
    """Somebody without a password."""
    return Person(
        **{"email": f"{secrets.token_hex(6)}@school.example", "name": "Ama Mensah", "created_at": clock.now(), **changes}
    )


def a_membership(person_id: int, role: Role = Role.TEACHER, **changes: Any) -> Membership:
    """A role in the current school."""
    return Membership(**{"person_id": person_id, "role": role, "started_at": clock.now(), **changes})


def a_group_membership(person_id: int, school_group_id: int, started_at: datetime | None = None) -> GroupMembership:
    """A look over a group."""
    return GroupMembership(person_id=person_id, school_group_id=school_group_id, started_at=started_at or clock.now())
