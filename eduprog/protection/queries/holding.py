"""Reads of holds, and of what is due to go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, not_, or_, select

from eduprog.core import clock
from eduprog.core.db import session
from eduprog.core.tenancy import current_school_id
from eduprog.protection.models import LegalHold
from eduprog.protection.queries.tables import table
from eduprog.protection.rules import Schedule, cut

Chosen = tuple[Table, ColumnElement[bool]]


def holds() -> list[LegalHold]:
    """Give the current school's holds, newest first."""
    return list(session().scalars(select(LegalHold).order_by(LegalHold.id.desc())))


def is_held() -> bool:
    """Say whether the current school keeps everything for now."""
    return session().scalars(select(LegalHold.id).where(LegalHold.lifted_at.is_(None)).limit(1)).first() is not None


def old_rows(schedule: Schedule, now: datetime) -> Iterator[Chosen]:
    """Give the tables of the current school with rows whose time is up, and which those are; what hangs on them goes along."""
    today = _london_day(now)
    teaching, families = cut(today, schedule.teaching_years * 12), cut(today, schedule.families_months)
    yield from _teaching(teaching)
    yield from _families(families)
    yield from _messages(cut(today, schedule.messages_months))


def are_there(one: Table, which: ColumnElement[bool]) -> bool:
    """Say whether a table has any such row."""
    return bool(session().scalar(select(select(one.c.id).where(which).exists())))


def _teaching(before: datetime) -> Iterator[Chosen]:
    year, consultation, notice, pause = (table(name) for name in ("academic_year", "consultation", "sent_notice", "pause"))
    yield year, _own(year, year.c.ends_on < before.date())
    yield consultation, _own(consultation, consultation.c.closes_on < before.date())
    yield notice, _own(notice, notice.c.sent_on < before.date())
    yield pause, _own(pause, pause.c.lifted_at < before)
    change = table("calendar_change")
    yield change, _own(change, change.c.started_at < before)


def _families(before: datetime) -> Iterator[Chosen]:
    contact, consent, contacts = (table(name) for name in ("parent_carer", "consent_record", "contact_import"))
    yield contact, _own(contact, contact.c.state == "left", contact.c.left_at < before)
    staying = select(contact.c.address_hash).where(_own(contact, contact.c.state != "left"))
    later = consent.alias()
    newest = select(func.max(later.c.at)).where(
        later.c.school_id == consent.c.school_id, later.c.address_hash == consent.c.address_hash
    )
    yield consent, _own(consent, newest.scalar_subquery() < before, consent.c.address_hash.not_in(staying))
    yield contacts, _own(contacts, contacts.c.decided_at < before)


def _messages(before: datetime) -> Iterator[Chosen]:
    mail, reminder, made, asked = (table(name) for name in ("outbound_email", "reminder", "reminder_round", "invitation"))
    final = or_(mail.c.state.in_(["sent", "failed", "cancelled", "missed"]), mail.c.let_be_at.is_not(None))
    yield mail, _own(mail, final, func.coalesce(mail.c.sent_at, mail.c.due_at) < before)
    digest = table("family_digest")
    yield digest, _own(digest, digest.c.week_of < before.date())
    yield reminder, _own(reminder, reminder.c.made_on < before.date())
    yield made, _own(made, made.c.day < before.date())
    yield asked, _own(asked, asked.c.expires_at < before)


def leavers(schedule: Schedule, now: datetime) -> list[int]:
    """Give the people whose last role anywhere ended so long ago that they are to be forgotten, and were not yet."""
    before = cut(_london_day(now), schedule.staff_months)
    person, member, group = table("person"), table("membership"), table("group_membership")
    still = select(member.c.person_id).where(
        member.c.school_id.is_not(None), or_(member.c.ended_at.is_(None), member.c.ended_at >= before)
    )
    ever = select(member.c.person_id).where(member.c.school_id.is_not(None))
    wanted = select(person.c.id).where(
        person.c.id.in_(ever),
        person.c.id.not_in(still),
        person.c.id.not_in(select(group.c.person_id)),
        not_(person.c.site_admin),
        not_(person.c.email.like("%@erased.invalid")),
    )
    return list(session().scalars(wanted.order_by(person.c.id)))


def held_people() -> set[int]:
    """Give the people who worked at a school that keeps everything for now."""
    member, hold = table("membership"), table("legal_hold")
    held = select(hold.c.school_id).where(hold.c.lifted_at.is_(None), hold.c.school_id.is_not(None))
    return set(session().scalars(select(member.c.person_id).where(member.c.school_id.in_(held))))


def _own(of: Table, *conditions: Any) -> ColumnElement[bool]:
    return and_(of.c.school_id == current_school_id(), *conditions)


def _london_day(now: datetime) -> Any:
    return clock.local(now).date()
