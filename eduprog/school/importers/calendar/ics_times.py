"""Days and times of iCalendar properties, on the clock of a British school."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from eduprog.school.importers.calendar.ics_lines import ContentLine, Event

LONDON = ZoneInfo("Europe/London")
_WINDOWS = {
    "gmt standard time": "Europe/London",
    "greenwich standard time": "Atlantic/Reykjavik",
    "w. europe standard time": "Europe/Berlin",
}
_ZONE_PART = re.compile(r"([A-Z][A-Za-z]+/[A-Za-z_]+(?:/[A-Za-z_]+)?)$")
_STAMP = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z)?)?$", re.IGNORECASE)
_DURATION = re.compile(r"^\+?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$", re.IGNORECASE)


class BadDate(ValueError):
    """A property holds no day that we can read; the message says what it holds."""


@dataclass(frozen=True, slots=True)
class Extent:
    """The first and last day of an event, both included, and what was assumed to find them.

    `is_day` tells an all-day event from one with times.
    """

    first: date
    last: date
    is_day: bool
    assumed: tuple[str, ...] = ()


def extent_of(event: Event) -> Extent:
    """Give the days an event covers. Raises BadDate where its start cannot be read, or its end is before it."""
    start = event.first("DTSTART")
    if start is None:
        raise BadDate("it has no start date")
    begins, is_day, assumed = when(start)
    end = event.first("DTEND")
    if end is not None:
        ends, _, more = when(end)
        return _between(begins, ends, is_day, tuple(dict.fromkeys(assumed + more)))
    duration = event.first("DURATION")
    ends = begins + _duration(duration) if duration else begins
    return _between(begins, ends, is_day, assumed)


def _between(begins: datetime, ends: datetime, is_day: bool, assumed: tuple[str, ...]) -> Extent:
    first, last = begins.date(), ends.date()
    if ends < begins:
        raise BadDate(f"it ends on {last.isoformat()} before it begins on {first.isoformat()}")
    at_midnight = ends.time() == datetime.min.time()
    if last > first and (is_day or at_midnight):
        last -= timedelta(days=1)  # the end is the first moment after the event
    return Extent(first, last, is_day, assumed)


def when(line: ContentLine) -> tuple[datetime, bool, tuple[str, ...]]:
    """Give the moment of a property as a school's wall clock shows it, whether it is a whole day, and what was assumed."""
    found = _STAMP.match(line.value.strip())
    if not found:
        raise BadDate(f"“{line.value.strip()[:30]}” (line {line.number}) is not a date")
    try:
        moment = datetime(*(int(part or 0) for part in found.groups()[:6]))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError as problem:
        raise BadDate(f"“{line.value.strip()[:30]}” (line {line.number}) is no day of the calendar") from problem
    if found[4] is None:
        return moment, True, ()
    if found[7]:
        return moment.replace(tzinfo=UTC).astimezone(LONDON).replace(tzinfo=None), False, ()
    name = line.params.get("TZID")
    zone = _zone(name) if name else LONDON
    if zone is None:
        return moment, False, (f"the time zone “{name}” is not known, so the day is taken as written",)
    return moment.replace(tzinfo=zone).astimezone(LONDON).replace(tzinfo=None), False, ()


def _zone(name: str) -> tzinfo | None:
    part = _ZONE_PART.search(name)
    for candidate in (_WINDOWS.get(name.lower(), name), part[1] if part else ""):
        try:
            return ZoneInfo(candidate)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return None


def _duration(line: ContentLine) -> timedelta:
    found = _DURATION.match(line.value.strip())
    if not found:
        raise BadDate(f"“{line.value.strip()[:30]}” (line {line.number}) is no length of time")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(
        weeks=min(weeks, 60), days=min(days, 400), hours=min(hours, 9999), minutes=minutes % 1440, seconds=seconds % 60
    )
