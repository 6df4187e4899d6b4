"""What is held about one person: a member of staff, or a parent or carer of one school."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, Text, and_, cast, func, or_, select

from eduprog.core import crypto
from eduprog.core.db import session
from eduprog.core.tenancy import current_school_id, has_current_school
from eduprog.families import queries as families
from eduprog.mail import queries as mail
from eduprog.protection.queries.tables import person_columns, table, tables, wordy_columns

WITHHELD = ("password_hash", "secret_encrypted", "code_hash", "token_hash", "token_encrypted", "salt", "digest", "facts_digest")
Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Found:
    """A place where words about a person stand: table, column, number of the row, and its school if it has one."""

    table: str
    column: str
    row_id: int
    school_id: int | None


def person_by_email(email: str) -> tuple[int, str, str] | None:
    """Give (id, name, e-mail) of a member of staff."""
    person = table("person")
    found = session().execute(select(person.c.id, person.c.name, person.c.email).where(person.c.email == email.strip().lower()))
    row = found.one_or_none()
    return (row.id, row.name, row.email) if row else None


def held_about_person(person_id: int, email: str) -> Rows:
    """Give every row, in every school, that is about a member of staff or says that they did something; secrets withheld."""
    found: Rows = {}
    for one in tables():
        condition = _about_person(one, person_id, email)
        if condition is not None:
            _take(found, one, condition)
    return found


def held_about_colleague(address: str) -> Rows:
    """Give every row of the current school that is about somebody who works or worked here; nothing about anybody else."""
    found: Rows = {}
    person, member = person_by_email(address), table("membership")
    if person is None:
        return found
    worked_here = select(member.c.id).where(_here(member, member.c.person_id == person[0]))
    if session().execute(worked_here).first() is None:
        return found
    for one in tables():
        condition = _about_person(one, person[0], person[2]) if "school_id" in one.c or one.name == "person" else None
        if condition is not None:
            _take(found, one, condition)
    return found


def held_about_oneself(person_id: int) -> tuple[str, Rows]:
    """Give a person's e-mail address and all that is held about them."""
    person = table("person")
    email = str(session().scalars(select(person.c.email).where(person.c.id == person_id)).one())
    return email, held_about_person(person_id, email)


def _about_person(one: Table, person_id: int, email: str) -> ColumnElement[bool] | None:
    named: list[ColumnElement[bool]] = [column == person_id for column in person_columns(one)]
    if one.name == "person":
        named.append(one.c.id == person_id)
    elif one.name == "audit_entry":
        named.append(and_(one.c.actor_kind == "person", one.c.actor_id == person_id))
        named.append(and_(one.c.subject == "person", one.c.subject_id == person_id))
    elif one.name == "outbound_email":
        named.append(and_(one.c.recipient_kind == "person", one.c.recipient_id == person_id))
    elif one.name == "invitation":
        named.append(one.c.email == email)
    elif one.name == "session_seen":
        sessions = table("sign_in_session")
        named.append(one.c.session_id.in_(select(sessions.c.id).where(sessions.c.person_id == person_id)))
    return _anywhere(one, or_(*named)) if named else None


def held_about_contact(address: str) -> Rows:
    """Give every row of the current school that is about a parent or carer with that address."""
    found: Rows = {}
    hashed = families.address_hash(address)
    contact = table("parent_carer")
    _take(found, contact, _here(contact, contact.c.address_hash == hashed))
    _take_hashed(found, "consent_record", hashed)
    _take_hashed(found, "suppressed_address", mail.address_hash(address))
    ids = [row["id"] for row in found.get("parent_carer", [])]
    for name in ("parent_carer_class", "family_digest"):
        _take(found, table(name), _here(table(name), table(name).c.parent_carer_id.in_(ids)))
    for name, conditions in _by_numbers(found, ids).items():
        _take(found, table(name), _here(table(name), or_(*conditions)))
    return found


def _by_numbers(found: Rows, ids: list[int]) -> dict[str, list[ColumnElement[bool]]]:
    sent, entry, answers = table("outbound_email"), table("audit_entry"), table("prompt_answer")
    carried, asked, consultation = table("family_digest_prompt"), table("consultation_answer"), table("consultation")
    consents = [row["id"] for row in found.get("consent_record", [])]
    digests = [row["id"] for row in found.get("family_digest", [])]
    prompts = session().scalars(select(carried.c.parent_prompt_id).where(_here(carried, carried.c.family_digest_id.in_(digests))))
    replies = [families.family_hash(contact_id, prompt_id) for prompt_id in prompts for contact_id in ids]
    opened = session().scalars(select(consultation.c.id).where(_here(consultation)))
    opinions = [crypto.lookup_hash("consultation answer", f"{one}:{contact_id}") for one in opened for contact_id in ids]
    return {
        "family_digest_prompt": [carried.c.family_digest_id.in_(digests)],
        "outbound_email": [
            and_(sent.c.recipient_kind == "contact", sent.c.recipient_id.in_(ids)),
            and_(sent.c.kind == families.DIGEST, sent.c.subject_id.in_(digests)),
            and_(sent.c.kind == families.JOIN_CONFIRM, sent.c.subject_id.in_(consents)),
        ],
        "audit_entry": [
            and_(entry.c.actor_kind == "contact", entry.c.actor_id.in_(ids)),
            and_(entry.c.subject == "consent_record", entry.c.subject_id.in_(consents)),
        ],
        "prompt_answer": [answers.c.family_hash.in_(replies)],
        "consultation_answer": [asked.c.family_hash.in_(opinions)],
    }


def words_of(texts: Iterable[str]) -> list[Found]:
    """Give every place in every table in sight where one of these texts stands, in any case of letters."""
    found = []
    for one, column in wordy_columns():
        key = next(iter(one.primary_key.columns))
        said = func.lower(cast(column, Text))
        for text in texts:
            wanted = select(key, *([one.c.school_id] if "school_id" in one.c else []))
            condition = _anywhere(one, said.contains(text.lower(), autoescape=True))
            rows = session().execute(wanted.where(condition).order_by(key))
            found += [Found(one.name, column.name, row[0], row[1] if len(row) > 1 else None) for row in rows]
    return found


def places_of(words: str) -> list[Found]:
    """Give where these words stand in the current school's records, its own row among them and no other school's."""
    mine = (one for one in words_of([words.strip()]) if one.school_id is not None or one.table == "school")
    return [one for one in mine if one.table != "school" or one.row_id == current_school_id()]


def _take_hashed(found: Rows, name: str, hashed: str) -> None:
    _take(found, table(name), _here(table(name), table(name).c.address_hash == hashed))


def _take(found: Rows, one: Table, condition: ColumnElement[bool]) -> None:
    rows = session().execute(select(one).where(condition).order_by(*one.primary_key.columns)).all()
    if rows:
        found[one.name] = [_shown(row._mapping) for row in rows]


def _shown(row: Any) -> dict[str, Any]:
    return {name: "withheld" if name in WITHHELD and value else value for name, value in row.items()}


def _here(one: Table, *conditions: Any) -> ColumnElement[bool]:
    return and_(one.c.school_id == current_school_id(), *conditions)


def _anywhere(one: Table, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Keep to the current school, where one is current."""
    return _here(one, condition) if has_current_school() and "school_id" in one.c else condition
