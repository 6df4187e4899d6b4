"""When classes last met what: by lesson and by follow-up."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, cast, func, literal, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from eduprog.core.db import session
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Message, Strand
from eduprog.delivery.models import Delivery
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import FollowUpState

_BETWEEN, _PARTS = "|", " "
_LESSON = "lesson"


class About(NamedTuple):
    """What a class meets by a lesson of a module, or by one of its follow-ups."""

    by_lesson: bool
    messages: tuple[Message, ...]
    strand: Strand


class Waits(NamedTuple):
    """A follow-up that was due on a day and was neither given nor ended."""

    follow_up_id: int
    module_id: str
    day: date


class Met(NamedTuple):
    """What a class met: the last day, as an ISO date, of what `abouts()` knows by the same word; and what of it waits."""

    days: list[tuple[str, str]]
    waiting: list[Waits]


def abouts() -> Mapping[str, About]:
    """Give what lessons and follow-ups are about, by the words of `Met`; worked out once for a curriculum."""
    return _abouts(catalogue.current().content_hash)


@lru_cache(maxsize=8)
def _abouts(_content_hash: str) -> Mapping[str, About]:
    found = {}
    for module_id, module in catalogue.current().modules.items():
        found[_PARTS.join((module_id, _LESSON))] = About(True, tuple(module.messages), module.strand)
        for point, given in module.follow_ups.items():
            messages = tuple(given.messages or module.messages)
            found[_PARTS.join((module_id, point.value))] = About(False, messages, module.strand)
    return found


def met(
    group_ids: Collection[int], *, follow_ups_since: date = date.min, waiting: tuple[date, date] | None = None
) -> dict[int, Met]:
    """Give when classes last met each module, by lesson and by follow-up (those from a day on). One statement, a row a class.

    With `waiting`, also every follow-up that was due between two days, both included, and was neither given nor ended.
    """
    point = type_coerce(FollowUp.point, String)
    lessons = (
        select(Delivery.teaching_group_id, literal(0), _words(Delivery.module_id, literal(_LESSON), func.max(Delivery.taught_on)))
        .where(Delivery.teaching_group_id.in_(group_ids), Delivery.withdrawn_at.is_(None))
        .group_by(Delivery.teaching_group_id, Delivery.module_id)
    )
    follow_ups = (
        select(FollowUp.teaching_group_id, literal(0), _words(FollowUp.module_id, point, func.max(FollowUp.done_on)))
        .where(
            FollowUp.teaching_group_id.in_(group_ids),
            FollowUp.state == FollowUpState.DONE,
            FollowUp.done_on >= follow_ups_since,
        )
        .group_by(FollowUp.teaching_group_id, FollowUp.module_id, FollowUp.point)
    )
    every: list[Select[int, int, str]] = [follow_ups]
    if waiting is not None:
        due = select(FollowUp.teaching_group_id, literal(1), _words(FollowUp.module_id, FollowUp.id, FollowUp.due_on))
        of_these = FollowUp.teaching_group_id.in_(group_ids)
        every.append(due.where(of_these, FollowUp.state == FollowUpState.DUE, FollowUp.due_on.between(*waiting)))
    group_id, waits, words = lessons.union_all(*every).subquery().columns
    found: dict[int, Met] = {}
    wanted = select(group_id, waits, func.aggregate_strings(words, _BETWEEN)).group_by(group_id, waits)
    for class_id, waiting_here, text in session().execute(wanted):
        one = found.setdefault(class_id, Met([], []))
        for what, _, day in (part.rpartition(_PARTS) for part in text.split(_BETWEEN)):
            if waiting_here:
                module_id, _, follow_up_id = what.rpartition(_PARTS)
                one.waiting.append(Waits(int(follow_up_id), module_id, date.fromisoformat(day)))
            else:
                one.days.append((what, day))
    return found


def _words(module_id: InstrumentedAttribute[str], what: Any, day: Any) -> ColumnElement[str]:
    return module_id + literal(_PARTS) + cast(what, String) + literal(_PARTS) + cast(day, String)
