"""Which calendar addresses there are, and what stands behind one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select

from eduprog.accounts import queries as accounts
from eduprog.core import crypto
from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.core.permissions import Permission, permissions_of
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.curriculum import catalogue
from eduprog.planning.models import CalendarFeed, PlannedLesson
from eduprog.planning.queries.lessons import lessons_between, lessons_of_class
from eduprog.school import queries as school
from eduprog.school.models import TeachingGroup

FEED_PURPOSE = "calendar feed"


@dataclass(frozen=True, slots=True)
class FeedLesson:
    """A lesson as a calendar shows it: module id and year groups, nothing else. Without a time it lasts all day."""

    uid: str
    title: str
    day: date
    starts_at: time | None
    minutes: int
    changed_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar that stands behind a private address."""

    name: str
    lessons: tuple[FeedLesson, ...]


def feed_address(*, person_id: int | None = None, group_id: int | None = None) -> tuple[int, str] | None:
    """Give the id and token of the standing calendar address of a person or class; None if there is none."""
    of = CalendarFeed.person_id == person_id if group_id is None else CalendarFeed.teaching_group_id == group_id
    row = session().scalars(select(CalendarFeed).where(of, CalendarFeed.revoked_at.is_(None))).one_or_none()
    return (row.id, crypto.decrypt(row.token_encrypted)) if row else None


def feed_behind(token: str) -> Feed:
    """Give the calendar behind a private address, whatever the school. Raises NotHere if it was revoked or never was."""
    with across_schools("a calendar address names its school"):
        hashed = crypto.lookup_hash(FEED_PURPOSE, token)
        wanted = select(CalendarFeed).where(CalendarFeed.token_hash == hashed, CalendarFeed.revoked_at.is_(None))
        feed = session().scalars(wanted).one_or_none()
    if feed is None:
        raise NotHere
    with school_scope(feed.school_id):
        return _of_class(feed.teaching_group_id) if feed.teaching_group_id is not None else _of_person(feed.person_id or 0)


def _of_class(group_id: int) -> Feed:
    planned = [lesson for lesson in lessons_of_class(group_id) if lesson.planned_on is not None]
    return Feed("Lessons of a class", tuple(_lesson(lesson) for lesson in planned))


def _of_person(person_id: int) -> Feed:
    """Give a person's lessons of all known years; somebody who left the school has none, and their address is not there."""
    if Permission.SEE_OWN_CLASSES not in permissions_of(accounts.person_of_school(person_id).roles):
        raise NotHere
    years = school.academic_years()
    if not years:
        return Feed("My lessons", ())
    planned = lessons_between(years[0].starts_on, years[-1].ends_on, lead_teacher_id=person_id)
    return Feed("My lessons", tuple(_lesson(lesson) for lesson in planned))


def _lesson(lesson: PlannedLesson) -> FeedLesson:
    assert lesson.planned_on is not None
    starts_at, minutes = _when(lesson.teaching_group, lesson)
    return FeedLesson(
        uid=f"lesson-{lesson.id}",
        title=f"{lesson.module_id} · {_years(lesson.teaching_group)}",
        day=lesson.planned_on,
        starts_at=starts_at,
        minutes=minutes,
        changed_at=lesson.planned_at,
        version=lesson.version,
    )


def _when(group: TeachingGroup, lesson: PlannedLesson) -> tuple[time | None, int]:
    assert lesson.planned_on is not None
    if lesson.starts_at is not None and lesson.minutes is not None:
        return lesson.starts_at, lesson.minutes
    minutes = catalogue.current().module(lesson.module_id).lesson(lesson.lesson_number).minutes
    weekday = lesson.planned_on.weekday()
    return next((slot.starts_at for slot in group.slots if slot.weekday == weekday), None), minutes


def _years(group: TeachingGroup) -> str:
    return ", ".join(year.label for year in group.year_groups)
