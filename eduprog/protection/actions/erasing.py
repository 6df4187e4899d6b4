"""Erase a person: what only concerns them goes, what the school must keep loses their name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, or_, select, update

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Actor
from eduprog.core.tenancy import across_schools, current_school_id, school_scope
from eduprog.families import actions as families
from eduprog.protection import queries
from eduprog.protection.rules import Schedule

_NAME = "Former member of staff"
# What only concerns the person, and is of no use to anybody else.
_THEIRS = (
    "sign_in_session", "second_factor", "recovery_code", "provider_account", "reminder_choice", "reminder", "teaching_confidence",
    "imported_person", "group_membership",
)  # fmt: skip


class NothingHeld(Refusal):
    """Nothing is held about that address here."""


class HeldForNow(Refusal):
    """A school keeps everything for now, because of a legal hold. Lift it first, or erase later."""


class StillWorksHere(Refusal):
    """This person still works at a school. End their roles first (page Staff), then erase."""


class WorkedElsewhere(Refusal):
    """They work or worked at another school of this installation too, so whoever hosts eduprog has to erase them."""


def erase_person(*, person_id: int, by: Actor, now: datetime) -> list[queries.Found]:
    """Forget a member of staff who works nowhere any more, across schools. Their acts stay, nobody's name on them.

    Gives the places where words of theirs still stand, for a person to look at. Raises NothingHeld, HeldForNow, StillWorksHere.
    """
    person, member = queries.table("person"), queries.table("membership")
    row = session().execute(person.select().where(person.c.id == person_id)).one_or_none()
    if row is None:
        raise NothingHeld
    if person_id in queries.held_people():
        raise HeldForNow
    current = member.select().where(member.c.person_id == person_id, member.c.ended_at.is_(None), _everywhere(member))
    if session().execute(current).first() is not None or row.site_admin:
        raise StillWorksHere
    schools = session().scalars(_schools_of(person_id)).all()
    _forget(person_id, email=row.email, name=row.name, now=now)
    for school_id in schools:
        with school_scope(school_id):
            audit.record(act="erased", subject="person", subject_id=person_id, by=by, at=now)
    return queries.words_of([row.email, row.name])


def erase_colleague(*, address: str, by: Actor, now: datetime) -> list[queries.Found]:
    """Forget somebody who has left the current school and worked at no other. Their acts stay, nobody's name on them.

    Gives the places here where words of theirs still stand. Raises NothingHeld, WorkedElsewhere, HeldForNow, StillWorksHere.
    """
    here = current_school_id()
    with across_schools("a school erases somebody who has left it"):
        found = queries.person_by_email(address)
        schools = set(session().scalars(_schools_of(found[0]))) if found is not None else set()
        if found is None or here not in schools:
            raise NothingHeld
        if schools != {here} or _looks_over_more(found[0]):
            raise WorkedElsewhere
        left = erase_person(person_id=found[0], by=by, now=now)
    return [one for one in left if one.school_id == here]


def _looks_over_more(person_id: int) -> bool:
    group, person = queries.table("group_membership"), queries.table("person")
    over = session().execute(group.select().where(group.c.person_id == person_id)).first()
    return over is not None or bool(session().scalar(select(person.c.site_admin).where(person.c.id == person_id)))


def _schools_of(person_id: int) -> Any:
    member = queries.table("membership")
    return member.select().with_only_columns(member.c.school_id).where(member.c.person_id == person_id).distinct()


def _forget(person_id: int, *, email: str, name: str, now: datetime) -> None:
    sessions, seen = queries.table("sign_in_session"), queries.table("session_seen")
    mine = sessions.select().with_only_columns(sessions.c.id).where(sessions.c.person_id == person_id)
    session().execute(delete(seen).where(seen.c.session_id.in_(mine)))
    for one in _THEIRS:
        table = queries.table(one)
        for hanging, condition in _with_all(one, table.c.person_id == person_id):
            session().execute(delete(hanging).where(condition))
    _forget_words(email=email, name=name)
    sent = queries.table("outbound_email")
    theirs = and_(sent.c.recipient_kind == "person", sent.c.recipient_id == person_id)
    session().execute(delete(sent).where(theirs))
    person = queries.table("person")
    forgotten = {"name": _NAME, "email": f"erased-{person_id}@erased.invalid", "password_hash": None, "disabled_at": now}
    session().execute(update(person).where(person.c.id == person_id).values(forgotten))


def _with_all(name: str, which: Any) -> list[Any]:
    if name != "reminder":
        return [(queries.table(name), which)]
    reminder, lesson = queries.table("reminder"), queries.table("reminder_lesson")
    theirs = reminder.select().with_only_columns(reminder.c.id).where(which)
    return [(lesson, lesson.c.reminder_id.in_(theirs)), (reminder, which)]


def _forget_words(*, email: str, name: str) -> None:
    """Take the name out of the few places where a school types names of staff."""
    invitation, role = queries.table("invitation"), queries.table("invitation_role")
    asked = invitation.select().with_only_columns(invitation.c.id).where(invitation.c.email == email)
    session().execute(delete(role).where(role.c.invitation_id.in_(asked)))
    session().execute(delete(invitation).where(invitation.c.email == email))
    cover, settings = queries.table("deputy_cover"), queries.table("school_settings")
    session().execute(delete(cover).where(cover.c.name == name))
    for column in (settings.c.dsl_name, settings.c.dsl_deputies, settings.c.question_box_reader):
        session().execute(update(settings).where(column == name).values({column.name: ""}))


def erase_contact(*, address: str, by: Actor, now: datetime) -> int:
    """Erase a parent or carer of the current school; give how many rows went.

    What stays is a keyed hash in the list of addresses not to be written to, and answers that nobody can tie to them any more.
    Raises NothingHeld, HeldForNow.
    """
    if queries.is_held():
        raise HeldForNow
    held = queries.held_about_contact(address)
    if not held:
        raise NothingHeld
    for contact in held.get("parent_carer", []):
        families.leave(contact_id=contact["id"], now=now)
    session().flush()
    held = queries.held_about_contact(address)
    gone = 0
    for name in ("family_digest_prompt", "outbound_email", "family_digest", "consent_record", "parent_carer"):
        table, ids = queries.table(name), [row["id"] for row in held.get(name, [])]
        session().execute(delete(table).where(table.c.school_id == current_school_id(), table.c.id.in_(ids)))
        gone += len(ids)
    audit.record(act="erased", subject="parent_carer", subject_id=None, by=by, at=now, rows=gone)
    return gone


def forget_leavers(*, schedule: Schedule, by: Actor, now: datetime) -> int:
    """Forget the staff whose time is up, but for those of schools that keep everything. Gives how many."""
    held = queries.held_people()
    due = [person_id for person_id in queries.leavers(schedule, now) if person_id not in held]
    for person_id in due:
        erase_person(person_id=person_id, by=by, now=now)
    return len(due)


def _everywhere(table: Any) -> Any:
    return or_(table.c.school_id.is_not(None), table.c.school_id.is_(None))
