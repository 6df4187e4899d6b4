"""Writes to schools, school groups and a school's choices."""

from __future__ import annotations

import re
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import Conflict
from eduprog.core.permissions import Actor
from eduprog.core.tenancy import school_scope
from eduprog.organisations import queries
from eduprog.organisations.models import School, SchoolGroup, SchoolSettings
from eduprog.organisations.rules import GroupKind, Nation, Phase


class SettingsChanged(Conflict):
    """Somebody else changed these settings while you were looking at them. Check what they say now and save again."""


def create_school(
    *,
    name: str,
    nation: Nation,
    phase: Phase,
    contact_email: str,
    contact_phone: str = "",
    school_group_id: int | None = None,
    by: Actor,
    now: datetime,
) -> School:
    """Add a school with the usual settings; its slug is made of its name."""
    made = School(
        name=name.strip(), slug=_free_slug(School, name), nation=nation, phase=phase, school_group_id=school_group_id,
        contact_email=contact_email.strip(), contact_phone=contact_phone.strip(), created_at=now,
    )  # fmt: skip
    session().add(made)
    session().flush()
    with school_scope(made.id):
        session().add(SchoolSettings())
        audit.record(act="school created", subject="school", subject_id=made.id, by=by, at=now)
        session().flush()
    return made


def create_school_group(*, name: str, kind: GroupKind, by: Actor, now: datetime) -> SchoolGroup:
    """Add a trust, federation or authority; its slug is made of its name. No school is current, so no chain holds it."""
    made = SchoolGroup(name=name.strip(), slug=_free_slug(SchoolGroup, name), kind=kind, created_at=now)
    session().add(made)
    session().flush()
    return made


def save_school_settings(
    *,
    version: int,
    digest_weekday: int,
    digest_time: time,
    quiet_from: time,
    quiet_until: time,
    weekly_follow_up_cap: int,
    sex_education_prompts: bool,
    doubtful_prompts_wait: bool,
    dsl_name: str,
    dsl_deputies: str,
    dsl_place: str,
    question_box_reader: str,
    staff_digest_time: time | None = None,
    by: Actor,
    now: datetime,
) -> SchoolSettings:
    """Replace what the current school has chosen; without a time for staff theirs stays as it is.

    Raises SettingsChanged if `version` is not the one in the table.
    """
    held = queries.school_settings()
    if held.version != version:
        raise SettingsChanged
    wanted = {
        "digest_weekday": digest_weekday, "digest_time": digest_time, "quiet_from": quiet_from, "quiet_until": quiet_until,
        "weekly_follow_up_cap": weekly_follow_up_cap, "sex_education_prompts": sex_education_prompts,
        "doubtful_prompts_wait": doubtful_prompts_wait, "dsl_name": dsl_name, "dsl_deputies": dsl_deputies,
        "dsl_place": dsl_place, "question_box_reader": question_box_reader,
        "staff_digest_time": staff_digest_time or held.staff_digest_time,
    }  # fmt: skip
    changed = [field for field, value in wanted.items() if getattr(held, field) != value]
    for field in changed:
        setattr(held, field, wanted[field])
    if changed:
        audit.record(act="settings saved", subject="school_settings", subject_id=held.id, by=by, at=now, changed=changed)
        session().flush()
    return held


def save_contact(*, contact_email: str, contact_phone: str, by: Actor, now: datetime) -> School:
    """Change how people reach the current school; whoever has an older page of its settings open is told when they save."""
    held = queries.current_school()
    wanted = (contact_email.strip(), contact_phone.strip())
    if (held.contact_email, held.contact_phone) == wanted:
        return held
    held.contact_email, held.contact_phone = wanted
    flag_modified(queries.school_settings(), "dsl_name")  # both stand on one page: its version goes up with either
    audit.record(act="contact saved", subject="school", subject_id=held.id, by=by, at=now)
    session().flush()
    return held


def _free_slug(table: type[School] | type[SchoolGroup], name: str) -> str:
    """Give a slug nobody has yet: "st-marys", then "st-marys-2"."""
    plain = re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’]", "", name.lower())).strip("-")[:50].strip("-") or "school"
    taken = set(session().scalars(select(table.slug).where(table.slug.startswith(plain, autoescape=True))))
    if plain not in taken:
        return plain
    return next(f"{plain}-{n}" for n in range(2, len(taken) + 3) if f"{plain}-{n}" not in taken)
