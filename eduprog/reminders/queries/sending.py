"""What was made and sent, and what a reminder holds at the moment it is to go."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from eduprog.core import clock
from eduprog.core.db import session
from eduprog.families.rules import monday_of
from eduprog.mail.models import OutboundEmail
from eduprog.mail.rules import MailState
from eduprog.organisations import queries as organisations
from eduprog.organisations.models import SchoolSettings
from eduprog.reminders.models import Reminder, ReminderLesson, ReminderRound
from eduprog.reminders.queries.duties import ByPerson, Duties, duties, sensitive_lessons
from eduprog.reminders.queries.exceptions import classes_to_look_at
from eduprog.reminders.rules import PUT_OFF, About, ActLine, ClassLine, LessonLine, ReminderKind, WeeklyLetter, weekly_letter
from eduprog.school import queries as school
from eduprog.school.rules import SchoolCalendar
from eduprog.wholeschool import queries as wholeschool

_TWO_WEEKS = timedelta(days=13)
_A_YEAR = timedelta(days=365)


class Hours(NamedTuple):
    """What decides when a school's reminders go."""

    chosen: SchoolSettings
    calendar: SchoolCalendar


@dataclass(frozen=True)
class WeekFacts:
    """Everything the Monday messages of a school are made of."""

    week_of: date
    today: date
    duties: Duties
    sensitive: tuple[LessonLine, ...]
    classes: tuple[ClassLine, ...]
    acts: ByPerson[ActLine]
    without_owner: tuple[ActLine, ...]

    def letter(self, person_id: int, wants: Collection[About]) -> WeeklyLetter:
        """Give one person's message; it is false where there is nothing to tell."""
        nobodys = self.without_owner if About.EXCEPTIONS in wants else ()
        return weekly_letter(
            week_of=self.week_of, today=self.today, wants=wants, own=self.duties.of(person_id), sensitive=self.sensitive,
            classes=self.classes, acts=tuple(sorted((*self.acts.get(person_id, ()), *nobodys), key=lambda line: line.day)),
        )  # fmt: skip


def hours() -> Hours:
    """Give the current school's choices and calendar."""
    return Hours(organisations.school_settings(), school.calendar())


def year_start(today: date) -> date:
    """Give the first day of the academic year, from which what was forgotten is told."""
    year = school.academic_year_on(today)
    return year.starts_on if year is not None else today - _A_YEAR


def week_facts(calendar: SchoolCalendar, *, today: date) -> WeekFacts:
    """Give what the messages of this week are made of, from today on. A fixed number of statements."""
    monday = monday_of(today)
    year = school.academic_year_on(today)
    since = year.starts_on if year is not None else today - _A_YEAR
    acts = _acts(since, monday + timedelta(days=6))
    return WeekFacts(
        week_of=monday,
        today=today,
        duties=duties(first=today, last=monday + timedelta(days=6), today=today, since=since),
        sensitive=sensitive_lessons(
            first=today, last=monday + _TWO_WEEKS, academic_year_id=year.id if year is not None else None
        ),
        classes=classes_to_look_at(year, calendar, today=today) if year is not None else (),
        acts={person_id: lines for person_id, lines in acts.items() if person_id is not None},
        without_owner=acts.get(None, ()),
    )


def _acts(first: date, last: date) -> dict[int | None, tuple[ActLine, ...]]:
    """Give the whole-school acts of a span of days that are not done, by who leads them."""
    return {
        owner_id: tuple(ActLine(line.id, line.title, line.due_on, owner_id is None) for line in lines)
        for owner_id, lines in wholeschool.due_between(first, last).items()
    }


def was_made(kind: ReminderKind, *days: date) -> bool:
    """Say whether the reminders of a kind for this week or day, or one of these, were made."""
    asked = select(ReminderRound.id).where(ReminderRound.kind == kind, ReminderRound.day.in_(days))
    return session().scalar(asked.limit(1)) is not None


def told_on(day: date) -> set[int]:
    """Give the people for whom a reminder was made on this day."""
    return set(session().scalars(select(Reminder.person_id).where(Reminder.made_on == day)))


def asked_after(planned_lesson_ids: Collection[int]) -> set[tuple[int, date]]:
    """Give those of these lessons, with their day, of which a reminder has said that the record is missing."""
    asked = select(ReminderLesson.planned_lesson_id, ReminderLesson.planned_on)
    rows = session().execute(asked.where(ReminderLesson.planned_lesson_id.in_(planned_lesson_ids)))
    return {(row.planned_lesson_id, row.planned_on) for row in rows}


def reminders(reminder_ids: Sequence[int]) -> dict[int, Reminder]:
    """Give reminders by id; those of other schools are left out."""
    rows = session().scalars(select(Reminder).where(Reminder.id.in_(reminder_ids)).order_by(Reminder.id))
    return {row.id: row for row in rows}


def lessons_asked_after(reminder_ids: Sequence[int]) -> Mapping[int, set[tuple[int, date]]]:
    """Give, by reminder, the lessons with their day after which it asks."""
    found: dict[int, set[tuple[int, date]]] = {}
    for row in session().scalars(select(ReminderLesson).where(ReminderLesson.reminder_id.in_(reminder_ids))):
        found.setdefault(row.reminder_id, set()).add((row.planned_lesson_id, row.planned_on))
    return found


def put_off(now: datetime) -> Sequence[int]:
    """Give the ids of this week's messages that were stopped for the hour or the day alone, and are not too late yet."""
    this_week = select(Reminder.id).where(Reminder.made_on >= monday_of(clock.local(now).date()))
    asked = select(OutboundEmail.id).where(
        OutboundEmail.kind.in_([kind.mail_kind for kind in ReminderKind]),
        OutboundEmail.subject_id.in_(this_week),
        OutboundEmail.state == MailState.CANCELLED,
        OutboundEmail.outcome.in_([why.value for why in PUT_OFF]),
        OutboundEmail.too_late_at > now,
    )
    return session().scalars(asked.order_by(OutboundEmail.id)).all()
