"""Reads of schools, school groups and a school's choices."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from eduprog.core.db import is_writing, session
from eduprog.core.errors import NotHere
from eduprog.core.held import held
from eduprog.core.tenancy import current_school_id
from eduprog.organisations.models import School, SchoolGroup, SchoolSettings


@dataclass(frozen=True)
class PublicSchool:
    """What anybody may know of a school: who is responsible, and how to ask."""

    name: str
    contact_email: str
    contact_phone: str
    group_name: str


def current_school() -> School:
    """Give the current school's row; read once for a page, with its settings."""
    return school(current_school_id()) if is_writing() else _school_and_settings()[0]


def school(school_id: int) -> School:
    """Give a school's row. Raises NotHere."""
    found = session().get(School, school_id)
    if found is None:
        raise NotHere
    session().info["school"] = found  # many parts of a page ask for it; what nobody holds, a session reads again
    return found


def schools() -> list[School]:
    """Give every school of the installation, by name."""
    return list(session().scalars(select(School).order_by(School.name, School.id)))


def school_group(school_group_id: int) -> SchoolGroup:
    """Give a group's row. Raises NotHere."""
    found = session().get(SchoolGroup, school_group_id)
    if found is None:
        raise NotHere
    return found


def school_by_slug(slug: str) -> School:
    """Give the school with that name in addresses. Raises NotHere."""
    found = session().scalars(select(School).where(School.slug == slug)).one_or_none()
    if found is None:
        raise NotHere
    return found


def school_settings() -> SchoolSettings:
    """Give what the current school has chosen; read once for a page. Raises NotHere for a school made without `create_school`."""
    found = session().scalars(select(SchoolSettings)).one_or_none() if is_writing() else _school_and_settings()[1]
    if found is None:
        raise NotHere
    return found


def _school_and_settings() -> tuple[School, SchoolSettings | None]:
    school_id = current_school_id()
    asked = select(School, SchoolSettings).outerjoin(SchoolSettings, SchoolSettings.school_id == School.id)
    found = held("school and settings", lambda: session().execute(asked.where(School.id == school_id)).one_or_none())
    if found is None:
        raise NotHere
    return found[0], found[1]


def public_schools() -> list[PublicSchool]:
    """Give every school as the privacy notice names it, by name."""
    asked = (
        select(School.name, School.contact_email, School.contact_phone, SchoolGroup.name.label("group_name"))
        .join(SchoolGroup, SchoolGroup.id == School.school_group_id, isouter=True)
        .order_by(School.name, School.id)
    )
    rows = session().execute(asked)
    return [PublicSchool(row.name, row.contact_email, row.contact_phone, row.group_name or "") for row in rows]
