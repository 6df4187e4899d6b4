"""Make the reminders whose time has come: one round for a week or a day, one message for a person."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from eduprog.core import clock
from eduprog.core.permissions import Actor
from eduprog.families.rules import in_sending_hours, monday_of
from eduprog.mail import actions as mail
from eduprog.reminders import queries
from eduprog.reminders.actions.making import NewReminder, make
from eduprog.reminders.queries import Hours
from eduprog.reminders.rules import (
    About,
    LessonLine,
    ReminderKind,
    afternoon_moment,
    asks_before,
    day_after,
    morning_moment,
    weekly_moment,
)
from eduprog.school.rules import wall_time

_FRIDAY = timedelta(days=4)


@dataclass(frozen=True)
class _Now:
    """The moment a round is made at, and what the school has chosen."""

    now: datetime
    hours: Hours

    @property
    def today(self) -> date:
        return clock.local(self.now).date()

    def may_write(self) -> bool:
        chosen, calendar = self.hours
        return in_sending_hours(clock.local(self.now), calendar, quiet_from=chosen.quiet_from, quiet_until=chosen.quiet_until)

    def is_due(self, kind: ReminderKind, day: date, moment: datetime | None) -> bool:
        """Say whether the round's moment has come, it may be made now, and it was not made before."""
        return moment is not None and self.now >= moment and not queries.was_made(kind, day)


def prepare_due(*, by: Actor, now: datetime) -> int:
    """Make every reminder of the current school whose time has come, and send on what was put off. Gives how many.

    Never outside school days or in quiet hours. A week or a day that has passed is not made up for: what waits since
    then stands in the next Monday message.
    """
    moment = _Now(now, queries.hours())
    if not moment.may_write():
        return 0
    made = _weekly(moment, by) + _missing_records(moment, by) + _day_before(moment, by)
    for email_id in queries.put_off(now):
        mail.send_again(email_id=email_id, by=by, now=now)
        made += 1
    return made


def _weekly(moment: _Now, by: Actor) -> int:
    chosen, calendar = moment.hours
    week_of = monday_of(moment.today)
    due_at = weekly_moment(week_of, calendar, at=chosen.staff_digest_time, quiet_until=chosen.quiet_until)
    if not moment.is_due(ReminderKind.WEEKLY, week_of, due_at):
        return 0
    facts = queries.week_facts(calendar, today=moment.today)
    letters = {person_id: facts.letter(person_id, who.wants) for person_id, who in queries.staff().items()}
    wanted = [NewReminder(person_id, _days(letter.own.missing)) for person_id, letter in letters.items() if letter]
    return make(
        kind=ReminderKind.WEEKLY, day=week_of, made_on=moment.today, wanted=wanted, too_late_at=_end_of_week(moment), by=by,
        now=moment.now,
    )  # fmt: skip


def _missing_records(moment: _Now, by: Actor) -> int:
    chosen, calendar = moment.hours
    today = moment.today
    due_at = morning_moment(today, at=chosen.staff_digest_time, quiet_until=chosen.quiet_until)
    if not moment.is_due(ReminderKind.MISSING_RECORD, today, due_at):
        return 0
    since = queries.year_start(today)
    missing = queries.missing_records(before=asks_before(today, calendar, since=since), since=since)
    wanted = _still_to_ask(missing, told=queries.told_on(today))
    return make(
        kind=ReminderKind.MISSING_RECORD, day=today, made_on=today, wanted=wanted, too_late_at=_end_of_week(moment), by=by,
        now=moment.now,
    )  # fmt: skip


def _still_to_ask(missing: Mapping[int, Sequence[LessonLine]], *, told: Collection[int]) -> list[NewReminder]:
    """Give the reminders of records that nobody was asked for yet; who was written to today hears of them another day."""
    asked = queries.asked_after([line.planned_lesson_id for lines in missing.values() for line in lines])
    found = []
    for person_id, who in queries.staff(missing).items():
        lessons = tuple(pair for pair in _days(missing[person_id]) if pair not in asked)
        if lessons and person_id not in told and About.MISSING_RECORD in who.wants:
            found.append(NewReminder(person_id, lessons))
    return found


def _day_before(moment: _Now, by: Actor) -> int:
    chosen, calendar = moment.hours
    today = moment.today
    due_at = afternoon_moment(today, quiet_from=chosen.quiet_from, quiet_until=chosen.quiet_until)
    day = day_after(today, calendar)
    if day is None or not moment.is_due(ReminderKind.DAY_BEFORE, today, due_at):
        return 0
    willing = [person_id for person_id, who in queries.staff().items() if About.DAY_BEFORE in who.wants]
    wanted = []
    if willing:
        ahead = queries.duties(first=day, last=day, today=today, since=today)
        busy = {*ahead.lessons, *ahead.follow_ups}
        wanted = [NewReminder(person_id) for person_id in willing if person_id in busy]
    too_late_at = wall_time(today, chosen.quiet_from)
    return make(
        kind=ReminderKind.DAY_BEFORE, day=today, made_on=today, wanted=wanted, too_late_at=too_late_at, by=by, now=moment.now
    )


def _days(lines: Sequence[LessonLine]) -> tuple[tuple[int, date], ...]:
    return tuple((line.planned_lesson_id, line.day) for line in lines)


def _end_of_week(moment: _Now) -> datetime:
    return wall_time(monday_of(moment.today) + _FRIDAY, moment.hours.chosen.quiet_from)
