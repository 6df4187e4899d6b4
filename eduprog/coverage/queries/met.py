"""When classes last met what: by lesson and by follow-up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Date, Select, String, bindparam, func, literal, select, type_coerce
from sqlalchemy import cast as as_type
from sqlalchemy.orm import InstrumentedAttribute

from eduprog.core.db import session
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Message, Strand
from eduprog.delivery.models import Delivery
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import FollowUpState

_BETWEEN, _PARTS = "|", " "
_LESSON = "lesson"
_DAY = len("2026-09-01 ")


class About(NamedTuple):
    """What a class meets by a lesson of a module, or by one of its follow-ups."""

    by_lesson: bool
    messages: tuple[Message, ...]
    strand: Strand
    subjects: tuple[Message | Strand, ...]


class Waits(NamedTuple):
    """A follow-up that was due on a day and was neither given nor ended."""

    follow_up_id: int
    module_id: str
    day: date


class Met(NamedTuple):
    """What a class met: the last day, as an ISO date, by the words of `abouts()`; and what of it waits."""

    days: dict[str, str]
    waiting: list[Waits]


def abouts() -> Mapping[str, About]:
    """Give what lessons and follow-ups are about, by the words of `Met`; worked out once for a curriculum."""
    return _abouts(catalogue.current().content_hash)


@lru_cache(maxsize=8)
def _abouts(_content_hash: str) -> Mapping[str, About]:
    found = {}
    for module_id, module in catalogue.current().modules.items():
        own = tuple(module.messages)
        found[_PARTS.join((module_id, _LESSON))] = About(True, own, module.strand, (*own, module.strand))
        for point, given in module.follow_ups.items():
            messages = tuple(given.messages or module.messages)
            found[_PARTS.join((module_id, point.value))] = About(False, messages, module.strand, (*messages, module.strand))
    return found


def _a_class(group_id: InstrumentedAttribute[int], waits: int, *words: Any) -> Select[Any]:
    """Give, by class, texts of words joined: no row for each thing met, and no sorting, as the index has classes together."""
    first, *others = [as_type(word, String) for word in words]
    text: ColumnElement[str] = first
    for other in others:
        text = text + literal(_PARTS) + other
    in_these = group_id.in_(bindparam("group_ids", expanding=True))
    wanted: Any = select(group_id, literal(waits), func.aggregate_strings(text, _BETWEEN))
    return cast(Select[Any], wanted.where(in_these).group_by(group_id))


_LESSONS = _a_class(Delivery.teaching_group_id, 0, Delivery.taught_on, Delivery.module_id, literal(_LESSON)).where(
    Delivery.withdrawn_at.is_(None)
)
_FOLLOW_UPS = _a_class(
    FollowUp.teaching_group_id, 0, FollowUp.done_on, FollowUp.module_id, type_coerce(FollowUp.point, String)
).where(FollowUp.state == FollowUpState.DONE)
_WAITING = _a_class(FollowUp.teaching_group_id, 1, FollowUp.due_on, FollowUp.module_id, FollowUp.id).where(
    FollowUp.state == FollowUpState.DUE,
    FollowUp.due_on.between(bindparam("since", type_=Date), bindparam("today", type_=Date)),
)
_MET = _LESSONS.union_all(_FOLLOW_UPS)
_MET_AND_WAITING = _LESSONS.union_all(_FOLLOW_UPS.where(FollowUp.done_on >= bindparam("since", type_=Date)), _WAITING)


def met(group_ids: Collection[int]) -> dict[int, Met]:
    """Give when classes last met each module, by lesson and by follow-up. One statement, two rows a class."""
    return _read(session().execute(_MET, {"group_ids": list(group_ids)}).all())


def met_and_waiting(group_ids: Collection[int], *, since: date, today: date) -> dict[int, Met]:
    """Give when classes last met each module, by lesson and by follow-up from a day on.

    With it, every follow-up that was due from that day until today and was neither given nor ended. One statement.
    """
    asked = {"group_ids": list(group_ids), "since": since, "today": today}
    return _read(session().execute(_MET_AND_WAITING, asked).all())


def _read(rows: Iterable[Any]) -> dict[int, Met]:
    found: dict[int, Met] = {}
    for group_id, waits, text in rows:
        one = found.setdefault(group_id, Met({}, []))
        if not waits:
            one.days.update({part[_DAY:]: part[: _DAY - 1] for part in sorted(text.split(_BETWEEN))})
            continue
        for day, module_id, follow_up_id in (part.split(_PARTS) for part in text.split(_BETWEEN)):
            one.waiting.append(Waits(int(follow_up_id), module_id, date.fromisoformat(day)))
    return found
