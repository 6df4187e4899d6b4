"""A change of the calendar on its way: what was read, how its questions were answered, whether it was taken or dropped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Actor
from eduprog.school import queries
from eduprog.school.models import CalendarChange
from eduprog.school.rules import CalendarChangeKind, ImportState
from eduprog.school.rules.reading import CalendarReading, to_json

MOST_QUESTIONS = 150


class NothingFound(Refusal):
    """We found no dates in it. Paste the lines with the term dates, or upload the file that has them."""


class TooMuchAsked(Refusal):
    """Nearly every line of it is doubtful, so it may be something else than term dates. Paste only the part with the dates."""


class AlreadyClosedChange(Refusal):
    """This import is finished already."""


def start_import(*, readings: Mapping[str, CalendarReading], wanted_year: int | None, by: Actor, now: datetime) -> CalendarChange:
    """Keep what was read until its questions are answered. Raises NothingFound or TooMuchAsked.

    The same dates sent again while they wait are those that wait.
    """
    if not any(reading.entries or reading.questions for reading in readings.values()):
        raise NothingFound
    if any(len(reading.questions) > MOST_QUESTIONS for reading in readings.values()):
        raise TooMuchAsked
    read = {group: to_json(reading) for group, reading in readings.items()}
    waiting = select(CalendarChange).where(
        CalendarChange.kind == CalendarChangeKind.IMPORT, CalendarChange.state == ImportState.PREVIEWED
    )
    for held in session().scalars(waiting.order_by(CalendarChange.id.desc())):
        if held.read == read and held.wanted_year == wanted_year:
            return held
    change = CalendarChange(
        kind=CalendarChangeKind.IMPORT, wanted_year=wanted_year, started_at=now, started_by=by.person_id, read=read, answers={},
        undo_record={},
    )  # fmt: skip
    session().add(change)
    session().flush()
    audit.record(act="calendar read", subject="calendar_change", subject_id=change.id, by=by, at=now, wanted_year=wanted_year)
    return change


def answer_import(
    *, change_id: int, group: str | None, answers: Mapping[str, Mapping[str, Any]], now: datetime
) -> CalendarChange:
    """Keep answers to questions, beside those given before. Raises NotHere or AlreadyClosedChange."""
    change = open_change(change_id)
    held = dict(change.answers)
    if group is not None and group in change.read:
        held["group"] = group
    held["given"] = {**held.get("given", {}), **{key: dict(answer) for key, answer in answers.items()}}
    held["at"] = now.isoformat()
    change.answers = held
    session().flush()
    return change


def drop_import(*, change_id: int, by: Actor, now: datetime) -> CalendarChange:
    """Put an import away unused; what it read is wiped. Raises NotHere or AlreadyClosedChange."""
    change = open_change(change_id)
    change.state, change.read, change.answers = ImportState.DROPPED, {}, {}
    session().flush()
    audit.record(act="calendar import dropped", subject="calendar_change", subject_id=change.id, by=by, at=now)
    return change


def open_change(change_id: int) -> CalendarChange:
    """Give a change that is still being looked at. Raises NotHere or AlreadyClosedChange."""
    change = queries.calendar_change(change_id)
    if change.state is not ImportState.PREVIEWED:
        raise AlreadyClosedChange
    return change


def record_change(*, kind: CalendarChangeKind, undo_record: dict[str, Any], by: Actor, now: datetime) -> CalendarChange:
    """Keep what it takes to undo a change made without a preview: days closed, half-terms written by hand."""
    change = CalendarChange(
        kind=kind, state=ImportState.APPLIED, started_at=now, started_by=by.person_id, applied_at=now,
        read={}, answers={}, undo_record=undo_record,
    )  # fmt: skip
    session().add(change)
    session().flush()
    return change
