"""Signed-in people for tests, without going through the sign-in page."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from flask import current_app

from eduprog.accounts.models import GroupMembership, Membership, Person, SessionSeen, SignInSession
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Role
from eduprog.core.tenancy import school_scope
from eduprog.organisations.models import School, SchoolGroup
from eduprog.organisations.rules import GroupKind
from eduprog.web.security import cookie_name
from tests.support.page import Browser


def make_person(*, name: str, school_id: int | None = None, roles: tuple[Role, ...] = ()) -> int:
    """Add a person with roles in a school; give the id."""
    with transaction() as work:
        row = Person(email=f"{secrets.token_hex(6)}@school.example", name=name, created_at=clock.now())
        work.add(row)
        work.flush()
        if school_id is not None:
            with school_scope(school_id):
                work.add_all(Membership(person_id=row.id, role=role, started_at=clock.now()) for role in roles)
                work.flush()
        return row.id


def group_lead_of(school_id: int) -> tuple[int, int]:
    """Put a school into a group with a lead; give the ids of the lead and of the group."""
    lead = make_person(name="Trust lead")
    with transaction() as work:
        group = SchoolGroup(name="Riverbank Trust", slug="riverbank", kind=GroupKind.TRUST, created_at=clock.now())
        work.add(group)
        work.flush()
        work.get_one(School, school_id).school_group_id = group.id
        work.add(GroupMembership(school_group_id=group.id, person_id=lead, started_at=clock.now()))
        return lead, group.id


def site_admin() -> int:
    """Add somebody who looks after the installation; give the id."""
    admin = make_person(name="Site admin")
    with transaction() as work:
        work.get_one(Person, admin).site_admin = True
    return admin


def sign_in(browser: Browser, person_id: int, school_id: int | None = None, school_group_id: int | None = None) -> None:
    """Give the browser a session of this person in this school."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    with transaction() as work:
        row = SignInSession(
            token_hash=hashlib.sha256(token.encode()).hexdigest(), person_id=person_id, school_id=school_id,
            school_group_id=school_group_id, started_at=now, expires_at=now + timedelta(hours=12),
        )  # fmt: skip
        work.add(row)
        work.flush()
        work.add(SessionSeen(session_id=row.id, seen_at=now))
    name = cookie_name("session", current_app.extensions["eduprog"])
    browser.client.set_cookie(name, token, domain="127.0.0.1")
