"""Keep the log of the viewing room, the policy, and what families say of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy.dialects import postgresql, sqlite

from eduprog.core import audit, crypto
from eduprog.core.db import session
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Actor
from eduprog.core.tenancy import current_school_id
from eduprog.families import queries
from eduprog.families.models import Consultation, ConsultationAnswer, PolicyDocument, ViewingCount, ViewingEntry
from eduprog.families.rules import ConsultationQuestion, Opinion
from eduprog.families.rules.published import without_authors

_COUNTS = cast(Any, ViewingCount.__table__)
_ENTRIES = cast(Any, ViewingEntry.__table__)
_ANSWERS = cast(Any, ConsultationAnswer.__table__)


class NotAPdf(Refusal):
    """Upload the policy as a PDF that opens without a password"""


class WrongDays(Refusal):
    """The consultation must close on or after the day it opens"""


class NotOpen(Refusal):
    """This consultation is not open."""


def open_viewing_room(*, group_ids: Collection[int], now: datetime) -> int:
    """Note what families of these classes can see from now on. Gives how many modules are new in the log."""
    missing = queries.missing_entries(group_ids)
    if missing:
        school_id = current_school_id()
        rows = [
            {"school_id": school_id, "teaching_group_id": group_id, "module_id": module_id, "revision": revision, "since": now}
            for group_id, module_id, revision in missing
        ]
        insert = _dialect().insert(_ENTRIES).values(rows)
        session().execute(insert.on_conflict_do_nothing(index_elements=["teaching_group_id", "module_id", "revision"]))
    return len(missing)


def count_view(*, group_id: int, module_id: str, day: date) -> None:
    """Count that a page of the viewing room was opened; by whom is not known."""
    row = {"school_id": current_school_id(), "teaching_group_id": group_id, "module_id": module_id, "day": day, "opened": 1}
    insert = _dialect().insert(_COUNTS).values(row)
    once_more = {"opened": _COUNTS.c.opened + 1}
    session().execute(insert.on_conflict_do_update(index_elements=["teaching_group_id", "module_id", "day"], set_=once_more))


def publish_policy(*, title: str, content: bytes, by: Actor, now: datetime) -> PolicyDocument:
    """Let families read a policy, without who wrote its file; the same once more is once. Raises NotAPdf."""
    title = title.strip()
    shown = without_authors(content, title) if content.startswith(b"%PDF-") else None
    if shown is None:
        raise NotAPdf
    newest = queries.newest_policy()
    if newest is not None and newest.title == title and queries.policy_content(newest.id) == shown:
        return newest
    assert by.person_id is not None
    made = PolicyDocument(title=title, content=shown, published_at=now, published_by=by.person_id)
    session().add(made)
    session().flush()
    audit.record(act="policy published", subject="policy_document", subject_id=made.id, by=by, at=now)
    return made


def consult(*, policy_id: int, opens_on: date, closes_on: date, by: Actor, now: datetime) -> Consultation:
    """Ask families what they think of a policy between two days, both included; the same once more is once.

    Raises NotHere or WrongDays.
    """
    if closes_on < opens_on:
        raise WrongDays
    policy = queries.newest_policy()
    if policy is None or policy.id != policy_id:
        raise NotHere
    known = [one.consultation for one in queries.consultation_results(now.date())]
    for one in known:
        if (one.policy_document_id, one.opens_on, one.closes_on) == (policy_id, opens_on, closes_on):
            return one
    assert by.person_id is not None
    made = Consultation(policy_document_id=policy.id, opens_on=opens_on, closes_on=closes_on, opened_by=by.person_id)
    session().add(made)
    session().flush()
    audit.record(act="consultation opened", subject="consultation", subject_id=made.id, by=by, at=now)
    return made


def answer_consultation(*, contact_id: int, opinions: Mapping[ConsultationQuestion, Opinion], today: date, now: datetime) -> None:
    """Keep what a family thinks; a later answer takes its place. Raises NotOpen.

    Not in the audit chain: who answered is known to nobody.
    """
    consultation = queries.open_consultation(today)
    if consultation is None:
        raise NotOpen
    hashed = crypto.lookup_hash("consultation answer", f"{consultation.id}:{contact_id}")
    own = {"school_id": current_school_id(), "consultation_id": consultation.id, "family_hash": hashed, "answered_at": now}
    rows = [{**own, "question": question, "opinion": opinion} for question, opinion in opinions.items()]
    insert = _dialect().insert(_ANSWERS).values(rows)
    changed = {"opinion": insert.excluded.opinion, "answered_at": insert.excluded.answered_at}
    session().execute(insert.on_conflict_do_update(index_elements=["consultation_id", "family_hash", "question"], set_=changed))


def _dialect() -> Any:
    return postgresql if session().get_bind().dialect.name == "postgresql" else sqlite
