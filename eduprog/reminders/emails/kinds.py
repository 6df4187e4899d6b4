"""Whether a reminder is still due, asked at the moment it is to be sent: the data decide, not what was queued."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial

from eduprog.core import clock
from eduprog.families.rules import in_sending_hours, monday_of
from eduprog.mail.rules import MailKind, Send, Stop
from eduprog.reminders import queries
from eduprog.reminders.emails.letters import write_letter
from eduprog.reminders.models import Reminder
from eduprog.reminders.queries import Staff
from eduprog.reminders.rules import (
    About,
    DayBeforeLetter,
    MissingRecordLetter,
    OwnDuties,
    ReminderKind,
    ReminderLetter,
    WhyNot,
    day_after,
)
from eduprog.school.rules import SchoolCalendar

_LABELS = {
    ReminderKind.WEEKLY: "Monday message to staff",
    ReminderKind.DAY_BEFORE: "Note the day before to staff",
    ReminderKind.MISSING_RECORD: "Question about a lesson without a record",
}
_Answer = ReminderLetter | WhyNot
_Answers = Mapping[int, _Answer]
_Tell = Callable[[Sequence[Reminder], Mapping[int, Staff], SchoolCalendar, date], _Answers]


def mail_kinds(base_url: str) -> tuple[MailKind, ...]:
    """Give the kinds of message staff get, with links that begin with `base_url`."""
    render = partial(write_letter, base_url=base_url)
    told = {ReminderKind.WEEKLY: _weekly, ReminderKind.DAY_BEFORE: _day_before, ReminderKind.MISSING_RECORD: _missing_records}
    return tuple(
        MailKind(kind.mail_kind, partial(_still_due, tell=told[kind]), render, label=_LABELS[kind], about=_names)
        for kind in ReminderKind
    )


def _names(ids: Sequence[int]) -> Mapping[int, str]:
    found = queries.reminders(ids)
    people = queries.staff({row.person_id for row in found.values()})
    return {row.id: f"to {people[row.person_id].name}" for row in found.values() if row.person_id in people}


def _still_due(ids: Sequence[int], now: datetime, *, tell: _Tell) -> Mapping[int, Send | Stop]:
    local = clock.local(now)
    chosen, calendar = queries.hours()
    if not calendar.is_open(local.date()):
        return dict.fromkeys(ids, Stop(WhyNot.CLOSED))
    if not in_sending_hours(local, calendar, quiet_from=chosen.quiet_from, quiet_until=chosen.quiet_until):
        return dict.fromkeys(ids, Stop(WhyNot.QUIET))
    found = queries.reminders(ids)
    people = queries.staff({row.person_id for row in found.values()})
    here = [row for row in found.values() if row.person_id in people]
    letters = tell(here, people, calendar, local.date()) if here else {}
    return {row.id: _answer(people.get(row.person_id), letters.get(row.id, WhyNot.LEFT)) for row in found.values()}


def _answer(who: Staff | None, letter: _Answer) -> Send | Stop:
    if who is None or isinstance(letter, WhyNot):
        return Stop(letter if isinstance(letter, WhyNot) else WhyNot.LEFT)
    return Send(who.email, letter, slots={"name": who.name})


def _weekly(rows: Sequence[Reminder], people: Mapping[int, Staff], calendar: SchoolCalendar, today: date) -> _Answers:
    """Tell what is left of the week; in another week there is another message."""
    if all(row.day != monday_of(today) for row in rows):
        return {row.id: WhyNot.OVER for row in rows}
    facts = queries.week_facts(calendar, today=today)
    told: dict[int, _Answer] = {}
    for row in rows:
        letter = facts.letter(row.person_id, people[row.person_id].wants)
        told[row.id] = WhyNot.OVER if row.day != facts.week_of else letter or WhyNot.DONE
    return told


def _day_before(rows: Sequence[Reminder], people: Mapping[int, Staff], calendar: SchoolCalendar, today: date) -> _Answers:
    day = day_after(today, calendar)
    if day is None:
        return {row.id: WhyNot.OVER for row in rows}
    ahead = queries.duties(first=day, last=day, today=today, since=today)
    told: dict[int, _Answer] = {}
    for row in rows:
        own = OwnDuties(ahead.lessons.get(row.person_id, ()), ahead.follow_ups.get(row.person_id, ()))
        if row.day != today:
            told[row.id] = WhyNot.OVER
        elif About.DAY_BEFORE not in people[row.person_id].wants:
            told[row.id] = WhyNot.NOT_WANTED
        else:
            told[row.id] = DayBeforeLetter(day, today, own) if own else WhyNot.DONE
    return told


def _missing_records(rows: Sequence[Reminder], people: Mapping[int, Staff], _calendar: SchoolCalendar, today: date) -> _Answers:
    missing = queries.missing_records(before=today, since=queries.year_start(today))
    asked = queries.lessons_asked_after([row.id for row in rows])
    told: dict[int, _Answer] = {}
    for row in rows:
        pairs = asked.get(row.id, set())
        lines = tuple(line for line in missing.get(row.person_id, ()) if (line.planned_lesson_id, line.day) in pairs)
        if About.MISSING_RECORD not in people[row.person_id].wants:
            told[row.id] = WhyNot.NOT_WANTED
        else:
            told[row.id] = MissingRecordLetter(lines) if lines else WhyNot.DONE
    return told
