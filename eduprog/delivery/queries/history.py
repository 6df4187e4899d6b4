"""Who recorded, changed and undid what of a lesson, as its page tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from eduprog.accounts import queries as accounts
from eduprog.core.audit import AuditEntry
from eduprog.core.db import session
from eduprog.core.permissions import ActorKind
from eduprog.delivery.models import Delivery

_ACTS = ("lesson recorded", "lesson's day changed", "record undone")


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One act: when, who (empty if no person did), which act, and the day it named."""

    at: datetime
    who: str
    act: str
    taught_on: date | None


def history(planned_lesson_id: int) -> Sequence[HistoryLine]:
    """Give what was recorded, changed and undone of a planned lesson, oldest first, records that no longer stand included."""
    ids = session().scalars(select(Delivery.id).where(Delivery.planned_lesson_id == planned_lesson_id)).all()
    wanted = select(AuditEntry).where(AuditEntry.subject == "delivery", AuditEntry.subject_id.in_(ids), AuditEntry.act.in_(_ACTS))
    entries = session().scalars(wanted.order_by(AuditEntry.sequence)).all()
    people = {entry.actor_id for entry in entries if entry.actor_kind is ActorKind.PERSON}
    names = accounts.names_of(people)
    return [HistoryLine(entry.at, _who(entry, names), entry.act, _day(entry.facts.get("taught_on"))) for entry in entries]


def _who(entry: AuditEntry, names: Mapping[int, str]) -> str:
    if entry.actor_kind is ActorKind.SUPPLY:
        return "a supply teacher with the one-day link"
    return names.get(entry.actor_id, "") if entry.actor_kind is ActorKind.PERSON else ""


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
