"""Load the trust: found its schools, then let each live through its year week by week, as the clock would have driven it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from eduprog.core import clock
from eduprog.core.db import session, transaction
from eduprog.core.permissions import person
from eduprog.core.settings import Settings
from eduprog.core.tenancy import school_scope
from eduprog.demo import actions, queries
from eduprog.demo.rules import SCHOOLS, YearDates, first_morning, snow_day, starting_year, year_dates
from eduprog.demo.rules.choosing import classes_with_parents, move_to_today, shown_today
from eduprog.families import jobs as families_jobs
from eduprog.families import queries as families
from eduprog.families.rules import digest_moment, monday_of
from eduprog.mail.jobs import Dispatcher, make_dispatcher
from eduprog.mail.transports import MemoryTransport
from eduprog.organisations import queries as organisations
from eduprog.school import queries as school
from eduprog.school.rules import wall_time

SEED = "riverbank"
_SUMMER_DAYS_BEFORE_TERM = timedelta(days=9)
_WEEK = timedelta(days=7)
_AFTERNOON_BEFORE = timedelta(hours=17)
_FOUNDING, _LIVING = 4, 24  # about how many steps of the bar a school takes
STEPS = len(SCHOOLS) * (_FOUNDING + _LIVING)

Tick = Callable[[int], None]


@dataclass(frozen=True)
class _Span:
    """From when to when the trust has lived, and the dates of its year."""

    dates: YearDates
    began: datetime
    ends: datetime

    @property
    def today(self) -> date:
        return clock.local(self.ends).date()


def load(*, settings: Settings, today: date, tick: Tick) -> datetime:
    """Load the whole trust into an empty database; give what time it is in the demo then. `tick` hears of each step done."""
    starting = starting_year(today)
    years = (year_dates(starting - 1), year_dates(starting))
    began = wall_time(years[-1].first - _SUMMER_DAYS_BEFORE_TERM, time(9, 30))
    with transaction():
        trust = actions.found_trust(seed=SEED, now=began)
    founded = []
    for sketch in SCHOOLS:
        with transaction():
            founded.append(actions.found_school(sketch=sketch, trust=trust, years=years, now=began))
        tick(_FOUNDING)
    span = _Span(years[-1], began, first_morning(starting, queries.calendars()))
    dispatcher = make_dispatcher(settings, MemoryTransport())
    try:
        for one in founded:
            with school_scope(one.school_id):
                _live(one, span, dispatcher, tick)
    finally:
        dispatcher.close()
    return span.ends


def _live(founded: actions.Founded, span: _Span, dispatcher: Dispatcher, tick: Tick) -> None:
    """Let a school live from the summer to the morning on which the demo begins."""
    lessons = queries.planned_lessons(founded.group_ids)
    meetings = queries.meeting_days(founded.group_ids, span.today, monday_of(span.today) + timedelta(days=4))
    move = move_to_today(lessons, meetings, span.today)
    first = [move.group_id] if move else [one.group_id for one in shown_today(lessons, span.today)]
    with_parents = classes_with_parents(lessons, span.today, founded.sketch.classes_with_parents, list(dict.fromkeys(first))[:2])
    snow = snow_day(span.dates) if founded.sketch.had_snow else None
    history = actions.History(founded=founded, seed=SEED, began=span.began, ends=span.ends, snow=snow, move=move)
    evening = wall_time(span.dates.half_terms[0].first + timedelta(days=8), time(18, 5))
    with transaction():
        actions.plan_beyond_lessons(founded=founded, now=span.began, today=clock.local(span.began).date())
        history.live_until(evening)
    _let_parents_join(founded, with_parents, evening, dispatcher)
    ticked = 0
    for week_of, moment in _digests(span, evening):
        with transaction():
            history.live_until(moment)
        _send_digest(founded.school_id, week_of, moment, dispatcher)
        ticked += 1
        tick(1 if ticked < _LIVING else 0)
    afternoon = span.ends - _AFTERNOON_BEFORE
    with transaction():
        history.live_until(afternoon)
        by, today = person(founded.admin), clock.local(afternoon).date()
        actions.make_codes(group_ids=with_parents, by=by, now=afternoon, today=today)
        history.live_until(span.ends)
        actions.live_beyond_lessons(founded=founded, now=span.ends, today=span.today)
    tick(max(0, _LIVING - ticked))


def _let_parents_join(founded: actions.Founded, group_ids: list[int], evening: datetime, dispatcher: Dispatcher) -> None:
    """Parents ask one evening in September; the mails go out, and most confirm before night."""
    seed = f"{SEED}:{founded.sketch.domain}"
    with transaction():
        asked = actions.ask_parents(group_ids=group_ids, seed=seed, now=evening)
    dispatcher.drain(evening)
    with transaction():
        actions.confirm_parents(consent_ids=asked, seed=seed, now=evening + timedelta(minutes=50))


def _digests(span: _Span, after: datetime) -> list[tuple[date, datetime]]:
    """Give the weeks with a digest after the moment from which there are parents to read it, with its own, in order."""
    chosen, calendar = organisations.school_settings(), school.calendar()
    weeks = (monday_of(span.dates.half_terms[0].first) + number * _WEEK for number in range(60))
    moments = ((week, digest_moment(week, calendar, weekday=chosen.digest_weekday, at=chosen.digest_time)) for week in weeks)
    return [(week, moment) for week, moment in moments if moment is not None and after < moment < span.ends]


def _send_digest(school_id: int, week_of: date, moment: datetime, dispatcher: Dispatcher) -> None:
    """Do what the jobs would have done that afternoon, but hand the mail to a list in memory."""
    session().rollback()
    if not families.waiting_prompts(moment):
        return
    if not families_jobs.prepare_digests(school_id=school_id, now=moment):
        return
    digests = list(families.waiting_messages(week_of))
    dispatcher.drain(moment)
    families_jobs.settle_prompts(school_id=school_id, now=moment)
    later = moment + timedelta(hours=3)
    with transaction():
        actions.answer_digests(digest_ids=digests, seed=f"{SEED}:{school_id}", now=later, today=clock.local(later).date())
