"""Events that repeat: the days on which they fall."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice, takewhile

from eduprog.school.importers.calendar.ics_lines import Event
from eduprog.school.importers.calendar.ics_times import BadDate, when

_MOST = 400
_LONGEST = timedelta(days=800)
_DAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTH", "BYMONTHDAY", "WKST"}


class UnknownRule(ValueError):
    """A rule says something that we do not follow; the message says what."""


@dataclass(frozen=True, slots=True)
class _Rule:
    freq: str
    interval: int
    count: int | None
    until: date | None
    by_day: tuple[tuple[int, int], ...]
    by_month: frozenset[int]
    by_month_day: frozenset[int]


def first_days(event: Event, first: date) -> tuple[date, ...]:
    """Give the first day of each time an event takes place, in order. Raises UnknownRule or BadDate.

    A rule without an end is followed for as long as two school years last.
    """
    rules = event.properties.get("RRULE", [])
    days = {first}
    for line in rules:
        days |= set(_followed(_rule(line.value), first))
    days |= set(_listed(event, "RDATE"))
    days -= set(_listed(event, "EXDATE"))
    return tuple(sorted(days))


def _listed(event: Event, name: str) -> Iterator[date]:
    for line in event.properties.get(name, []):
        for value in line.value.split(","):
            stamp = value.split("/")[0].strip()
            if stamp:
                yield when(type(line)(line.number, line.name, line.params, stamp))[0].date()


def _rule(value: str) -> _Rule:
    parts = dict(part.strip().upper().split("=", 1) for part in value.split(";") if "=" in part)
    strange = sorted(set(parts) - _KNOWN)
    freq = parts.get("FREQ", "")
    if strange or freq not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        raise UnknownRule(f"it repeats by a rule we do not follow ({value[:60]})")
    try:
        return _Rule(
            freq, max(1, int(parts.get("INTERVAL", "1"))), int(parts["COUNT"]) if "COUNT" in parts else None, _until(parts),
            tuple(_by_day(part) for part in parts.get("BYDAY", "").split(",") if part),
            frozenset(int(part) for part in parts.get("BYMONTH", "").split(",") if part),
            frozenset(int(part) for part in parts.get("BYMONTHDAY", "").split(",") if part),
        )  # fmt: skip
    except ValueError as problem:
        raise UnknownRule(f"it repeats by a rule we do not follow ({value[:60]})") from problem


def _until(parts: dict[str, str]) -> date | None:
    stamp = parts.get("UNTIL", "")[:8]
    return date(int(stamp[:4]), int(stamp[4:6]), int(stamp[6:8])) if stamp else None


def _by_day(part: str) -> tuple[int, int]:
    found = re.fullmatch(r"([+-]?\d+)?([A-Z]{2})", part)
    if not found or found[2] not in _DAYS:
        raise ValueError(part)
    return int(found[1] or 0), _DAYS[found[2]]


def _followed(rule: _Rule, first: date) -> list[date]:
    last = min(rule.until or date.max, first + _LONGEST)
    days = takewhile(lambda day: day <= last, (day for day in _candidates(rule, first) if day >= first))
    return list(islice(days, min(rule.count or _MOST, _MOST)))


def _candidates(rule: _Rule, first: date) -> Iterator[date]:
    steps = {"DAILY": _daily, "WEEKLY": _weekly, "MONTHLY": _monthly, "YEARLY": _yearly}
    for day in islice(steps[rule.freq](rule, first), 5000):
        if not rule.by_month or day.month in rule.by_month:
            yield day


def _daily(rule: _Rule, first: date) -> Iterator[date]:
    weekdays = {day for _, day in rule.by_day}
    for step in range(0, _LONGEST.days, rule.interval):
        day = first + timedelta(days=step)
        if (not weekdays or day.weekday() in weekdays) and (not rule.by_month_day or day.day in rule.by_month_day):
            yield day


def _weekly(rule: _Rule, first: date) -> Iterator[date]:
    weekdays = sorted({day for _, day in rule.by_day}) or [first.weekday()]
    monday = first - timedelta(days=first.weekday())
    for step in range(0, _LONGEST.days // 7, rule.interval):
        yield from (monday + timedelta(weeks=step, days=day) for day in weekdays)


def _monthly(rule: _Rule, first: date) -> Iterator[date]:
    for step in range(0, 30, rule.interval):
        number = first.month - 1 + step
        yield from _of_month(rule, first, first.year + number // 12, number % 12 + 1)


def _yearly(rule: _Rule, first: date) -> Iterator[date]:
    for step in range(0, 4, rule.interval):
        for month in sorted(rule.by_month or {first.month}):
            yield from _of_month(rule, first, first.year + step, month)


def _of_month(rule: _Rule, first: date, year: int, month: int) -> list[date]:
    length = monthrange(year, month)[1]
    days = [date(year, month, number) for number in range(1, length + 1)]
    if rule.by_day:
        return [day for day in days if any(_is_nth(day, nth, weekday, length) for nth, weekday in rule.by_day)]
    wanted = rule.by_month_day or {first.day}
    return [day for day in days if day.day in wanted or day.day - length - 1 in wanted]


def _is_nth(day: date, nth: int, weekday: int, length: int) -> bool:
    if day.weekday() != weekday:
        return False
    return nth in (0, (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1))


__all__ = ["BadDate", "UnknownRule", "first_days"]
