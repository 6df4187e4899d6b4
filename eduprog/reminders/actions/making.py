"""Write a round of reminders and queue their messages, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.permissions import Actor
from eduprog.core.tenancy import current_school_id
from eduprog.mail import actions as mail
from eduprog.mail.actions import NewMessage
from eduprog.mail.rules import RecipientKind
from eduprog.reminders.models import Reminder, ReminderLesson, ReminderRound
from eduprog.reminders.rules import ReminderKind

KEPT = timedelta(days=400)
"""How long it is kept what was sent: long enough that no lesson of the academic year is asked after twice."""

_AT_ONCE = 500


@dataclass(frozen=True)
class NewReminder:
    """A reminder to make: for whom, and after which lessons with their day it asks."""

    person_id: int
    lessons: tuple[tuple[int, date], ...] = ()


def make(
    *, kind: ReminderKind, day: date, made_on: date, wanted: Sequence[NewReminder], too_late_at: datetime, by: Actor,
    now: datetime,
) -> int:  # fmt: skip
    """Make the round of a week or day with these reminders. Gives how many; 0 if another process was quicker."""
    school_id = current_school_id()
    round_row = {"school_id": school_id, "kind": kind, "day": day, "made_at": now, "reminders": len(wanted)}
    if not _insert(ReminderRound, [round_row], ("school_id", "kind", "day")):
        return 0
    rows = [
        {"school_id": school_id, "person_id": each.person_id, "kind": kind, "day": day, "made_on": made_on} for each in wanted
    ]
    made = {row.person_id: row.id for row in _insert(Reminder, rows, ("school_id", "person_id", "kind", "day"))}
    _ask_after(made, wanted, school_id)
    messages = [
        NewMessage(
            f"{kind.mail_kind}:{person_id}:{day}", kind.mail_kind, reminder_id, RecipientKind.PERSON, person_id, now, too_late_at
        )
        for person_id, reminder_id in made.items()
    ]
    mail.enqueue_all(messages=messages, now=now)
    if made:
        audit.record(act="reminders made", subject=kind.mail_kind, subject_id=None, by=by, at=now, people=len(made))
    if kind is ReminderKind.WEEKLY:
        _forget(before=made_on - KEPT)
    return len(made)


def _ask_after(made: Mapping[int, int], wanted: Sequence[NewReminder], school_id: int) -> None:
    rows = [
        {"school_id": school_id, "reminder_id": made[each.person_id], "planned_lesson_id": lesson_id, "planned_on": planned_on}
        for each in wanted
        if each.person_id in made
        for lesson_id, planned_on in each.lessons
    ]
    _insert(ReminderLesson, rows, ("planned_lesson_id", "planned_on"))


def _insert(model: type[Any], rows: Sequence[dict[str, Any]], unique: tuple[str, ...]) -> list[Any]:
    """Write rows unless they are there. Gives the new ones."""
    work = session()
    dialect = postgresql if work.get_bind().dialect.name == "postgresql" else sqlite
    table = cast(Any, model.__table__)
    new: list[Any] = []
    for start in range(0, len(rows), _AT_ONCE):
        insert = dialect.insert(table).values(list(rows[start : start + _AT_ONCE]))
        new += work.execute(insert.on_conflict_do_nothing(index_elements=list(unique)).returning(*table.c)).all()
    return new


def _forget(*, before: date) -> None:
    session().execute(delete(Reminder).where(Reminder.made_on < before))
    session().execute(delete(ReminderRound).where(ReminderRound.day < before))
