"""Calendars as iCalendar text: school wall time, right on both sides of each clock change."""

from __future__ import annotations

from datetime import datetime, timedelta

from icalendar import Calendar, Event

from eduprog.core.clock import LONDON
from eduprog.planning.queries import Feed, FeedLesson


def calendar_text(feed: Feed) -> bytes:
    """Give a calendar as iCalendar text. Times carry the zone Europe/London, and the calendar says when its clocks change."""
    calendar = Calendar()
    calendar.add("prodid", "-//eduprog//lessons//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", feed.name)
    calendar.add("refresh-interval", timedelta(hours=4), parameters={"VALUE": "DURATION"})
    for lesson in feed.lessons:
        calendar.add_component(_event(lesson))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(lesson: FeedLesson) -> Event:
    event = Event()
    event.add("uid", f"{lesson.uid}@eduprog")
    event.add("dtstamp", lesson.changed_at)
    event.add("sequence", lesson.version - 1)
    event.add("summary", lesson.title)
    event.add("class", "PRIVATE")
    if lesson.starts_at is None:
        event.add("dtstart", lesson.day)
        event.add("dtend", lesson.day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    else:
        starts = datetime.combine(lesson.day, lesson.starts_at, tzinfo=LONDON)
        event.add("dtstart", starts)
        event.add("dtend", starts + timedelta(minutes=lesson.minutes))
    return event
