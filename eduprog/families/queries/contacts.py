"""Parents and carers, and the class codes that let them join."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import cast

from sqlalchemy import Table, and_, bindparam, func, select

from eduprog.core import crypto
from eduprog.core.db import session
from eduprog.core.tenancy import across_schools, current_school_id, school_scope
from eduprog.families.models import ConsentRecord, JoinCode, ParentCarer, ParentCarerClass
from eduprog.families.rules import ConsentAct, ContactState, years_label
from eduprog.organisations import queries as organisations
from eduprog.school import queries as school
from eduprog.tallies.actions import FamilyChange

JOIN_CONFIRM = "join-confirm"


@dataclass(frozen=True)
class JoinOffer:
    """What somebody with a class code may know: the school and the year groups, never the class or who is in it."""

    school_id: int
    school_name: str
    teaching_group_id: int
    years: str
    language: str = ""


@dataclass(frozen=True)
class AskedFor:
    """Somebody's wish to join a class, to be confirmed from the address they gave."""

    consent_id: int
    contact_id: int
    address_encrypted: str | None
    language: str
    years: str
    has_joined: bool


def address_hash(address: str) -> str:
    """Give the keyed hash by which a contact's address is found."""
    return crypto.lookup_hash("contact address", address.strip().lower())


def code_hash(code: str) -> str:
    """Give the keyed hash by which a class code is found."""
    return crypto.lookup_hash("class code", code)


def join_offer(code: str, today: date) -> JoinOffer | None:
    """Give what a class code offers today, whichever school it is of; None if it is unknown, revoked or has ended."""
    with across_schools("a class code says which school"):
        wanted = select(JoinCode).where(
            JoinCode.code_hash == code_hash(code), JoinCode.revoked_at.is_(None), JoinCode.expires_on >= today
        )
        found = session().scalars(wanted).one_or_none()
    return _offer(found.school_id, found.teaching_group_id, today) if found is not None else None


def offer_of_consent(school_id: int, consent_id: int, today: date) -> JoinOffer | None:
    """Give what somebody asked for, by the record of asking; None if there is none or it can no longer be had."""
    with school_scope(school_id):
        record = session().get(ConsentRecord, consent_id)
        if record is None or record.act is not ConsentAct.ASKED or record.teaching_group_id is None:
            return None
        found = contact_of(record.address_hash)
        if found is None or found.address_encrypted is None:
            return None
        group_id, language = record.teaching_group_id, found.language
    offer = _offer(school_id, group_id, today)
    return replace(offer, language=language) if offer is not None else None


def _offer(school_id: int, group_id: int, today: date) -> JoinOffer | None:
    with school_scope(school_id):
        group = school.groups_by_id([group_id]).get(group_id)
        if group is None or (group.ended_on is not None and group.ended_on <= today):
            return None
        return JoinOffer(school_id, organisations.current_school().name, group.id, years_label(group.year_groups))


def asked_for(consent_ids: Sequence[int], *, today: date) -> dict[int, AskedFor]:
    """Give what was asked for by records of asking; those of classes that have ended are left out. Four statements."""
    rows = (
        session()
        .execute(
            select(
                ConsentRecord.id,
                ConsentRecord.teaching_group_id,
                ParentCarer.id.label("contact_id"),
                ParentCarer.address_encrypted,
                ParentCarer.language,
                ParentCarer.state,
                ParentCarerClass.id.label("class_row"),
            )
            .join(ParentCarer, ParentCarer.address_hash == ConsentRecord.address_hash)
            .join(
                ParentCarerClass,
                and_(
                    ParentCarerClass.parent_carer_id == ParentCarer.id,
                    ParentCarerClass.teaching_group_id == ConsentRecord.teaching_group_id,
                ),
                isouter=True,
            )
            .where(ConsentRecord.id.in_(consent_ids), ConsentRecord.act == ConsentAct.ASKED)
            .order_by(ConsentRecord.id)
        )
        .all()
    )
    groups = school.groups_by_id([row.teaching_group_id for row in rows])
    return {
        row.id: AskedFor(
            row.id,
            row.contact_id,
            row.address_encrypted,
            row.language,
            years_label(groups[row.teaching_group_id].year_groups),
            row.state is ContactState.JOINED and row.class_row is not None,
        )
        for row in rows
        if (groups[row.teaching_group_id].ended_on or date.max) > today
    }


def contact(contact_id: int) -> ParentCarer | None:
    """Give a contact of the current school."""
    return session().scalars(select(ParentCarer).where(ParentCarer.id == contact_id)).one_or_none()


def contact_of(hashed: str) -> ParentCarer | None:
    """Give the contact with this address hash."""
    return session().scalars(select(ParentCarer).where(ParentCarer.address_hash == hashed)).one_or_none()


def known_hashes(hashes: Collection[str]) -> frozenset[str]:
    """Give those of these address hashes whose owner has joined something here."""
    joined = ParentCarer.state == ContactState.JOINED
    return frozenset(
        session().scalars(select(ParentCarer.address_hash).where(ParentCarer.address_hash.in_(list(hashes)), joined))
    )


def contact_to_change(*, contact_id: int | None = None, hashed: str | None = None) -> ParentCarer | None:
    """Give a contact by id or address hash, as it is once nobody else changes it; others wait until we are done."""
    which = ParentCarer.id == contact_id if hashed is None else ParentCarer.address_hash == hashed
    wanted = select(ParentCarer).where(which).with_for_update().execution_options(populate_existing=True)
    return session().scalars(wanted).one_or_none()


def has_class(contact_id: int, group_id: int) -> bool:
    """Say whether a contact hears about a class."""
    wanted = select(ParentCarerClass.id).where(
        ParentCarerClass.parent_carer_id == contact_id, ParentCarerClass.teaching_group_id == group_id
    )
    return session().scalar(wanted) is not None


def recently_asked(hashed: str, since: datetime) -> int:
    """Give how often somebody has asked in the name of this address since then."""
    wanted = select(func.count(ConsentRecord.id)).where(
        ConsentRecord.address_hash == hashed, ConsentRecord.act == ConsentAct.ASKED, ConsentRecord.at >= since
    )
    return session().scalar(wanted) or 0


def tally_facts() -> list[FamilyChange]:
    """Recount the current school's addresses that joined."""
    joined = session().scalar(_JOINED, {"school_id": current_school_id()}) or 0
    return [FamilyChange(joined)] if joined else []


_TABLE = cast(Table, ParentCarer.__table__)
_JOINED = select(func.count()).where(_TABLE.c.school_id == bindparam("school_id"), _TABLE.c.state == ContactState.JOINED)
