"""What a journey of one family needs around it, made and looked up inside the server: other families, and what is kept of one."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import String, Text, select

from eduprog.core import clock, crypto
from eduprog.core.db import Base, session, transaction
from eduprog.core.permissions import person
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.delivery import actions as delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.families import actions, queries
from eduprog.families.models import ConsentRecord, FamilyDigest
from eduprog.families.rules import PromptReply
from eduprog.planning import queries as planning


def joined(*, school_id: int, class_id: int, count: int) -> None:
    """Let so many other families join a class."""
    with school_scope(school_id):
        for number in range(count):
            with transaction():
                asked = actions.ask_to_join(
                    teaching_group_id=class_id, address=f"neighbour-{number}@street.example", now=clock.now()
                )  # fmt: skip
                actions.confirm_joining(consent_id=asked or 0, now=clock.now())


def answered(*, school_id: int, reply: str) -> None:
    """Let every family of a school answer the first activity of its newest digest."""
    with school_scope(school_id):
        newest = {row.parent_carer_id: row.id for row in session().scalars(select(FamilyDigest).order_by(FamilyDigest.id))}
        facts = queries.digest_facts(list(newest.values()), now=clock.now(), today=clock.today())
        for digest in facts.values():
            with transaction():
                first = digest.items[0].module_id
                actions.answer(digest=digest, module_id=first, reply=PromptReply(reply), now=clock.now())


def taught_next(*, school_id: int, class_id: int, teacher_id: int, after: str, on: str) -> str:
    """Record the whole of the module that a class is taught after another as taught on a day; give its id."""
    with school_scope(school_id):
        lessons = planning.lessons_of_class(class_id)
        module_id = next(lesson.module_id for lesson in lessons if lesson.module_id != after)
        for lesson_id in [lesson.id for lesson in lessons if lesson.module_id == module_id]:
            with transaction():
                delivery.record_delivery(
                    planned_lesson_id=lesson_id, taught_on=date.fromisoformat(on), outcome=LessonOutcome.AS_PLANNED,
                    by=person(teacher_id), now=clock.now(), today=clock.today(),
                )  # fmt: skip
    return module_id


def places_of(*, address: str) -> list[str]:
    """Give every column that holds an address, as it is or encrypted, and every file of the installation it stands in."""
    found = []
    with across_schools("test"):
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, (String, Text)):
                    kept = session().connection().scalars(select(column).where(column.is_not(None)))
                    found += [f"{table.name}.{column.name}" for value in kept if _reads(value, address)]
    folder = current_app.extensions["eduprog"].DATA_DIR
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        with suppress(OSError):
            found += [file.name] if address.encode() in file.read_bytes() else []
    return found


def _reads(value: Any, address: str) -> bool:
    text = str(value)
    if address in text:
        return True
    with suppress(Exception):  # most columns hold nothing encrypted
        return address in crypto.decrypt(text)
    return False


def proof_of(*, school_id: int, address: str) -> list[dict[str, str]]:
    """Give what is kept of an address's consent, in order: act, wording and day."""
    with school_scope(school_id):
        own = select(ConsentRecord).where(ConsentRecord.address_hash == queries.address_hash(address)).order_by(ConsentRecord.id)
        return [{"act": row.act.value, "wording": row.wording, "on": f"{row.at:%Y-%m-%d}"} for row in session().scalars(own)]
