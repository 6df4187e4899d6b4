"""iCalendar files as calendars of all programs write them, faults included."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from eduprog.curriculum.vocabulary import Nation
from eduprog.school.importers.calendar.ics_lines import Event, read_lines
from eduprog.school.importers.calendar.ics_repeats import UnknownRule, first_days
from eduprog.school.importers.calendar.ics_times import BadDate, Extent, extent_of, when
from eduprog.school.rules.date_texts import DaysDoubted, DaysRead, academic_year_of
from eduprog.school.rules.reading import CalendarReading, EntryKind
from eduprog.school.rules.reading.labels import Meaning, meaning_of
from eduprog.school.rules.reading.settling import Collected

_MOST_EVENTS = 5_000
_BREAKS = {(EntryKind.HALF_TERM_BREAK,), (EntryKind.HOLIDAY,)}


def read_ics(text: str, *, nation: Nation) -> CalendarReading:
    """Read the events of an iCalendar file. Each becomes entries or a question, or is named as left out with its line."""
    collected = Collected(nation)
    file = read_lines(text)
    for number, raw in file.broken:
        collected.leave(said=raw, where=f"line {number}", why="a line of a calendar file is a name, a colon and a value")
    moved = _moved(file.events)
    for event in _latest(file.events)[:_MOST_EVENTS]:
        _read(event, moved, collected)
    if len(file.events) > _MOST_EVENTS:
        collected.leave(said="", where=f"event {_MOST_EVENTS + 1}", why=f"only the first {_MOST_EVENTS:,} events are read")
    years = {academic_year_of(entry.first) for entry in collected.entries}
    return collected.reading(tuple(sorted(years)))


def _latest(events: list[Event]) -> list[Event]:
    """Where an event stands more than once, keep its latest version; events without an id all stay."""
    kept: dict[tuple[str, str], Event] = {}
    for event in events:
        key = (event.said("UID") or event.where, event.said("RECURRENCE-ID"))
        if key not in kept or _sequence(event) >= _sequence(kept[key]):
            kept[key] = event
    return sorted(kept.values(), key=lambda event: event.number)


def _sequence(event: Event) -> int:
    said = event.said("SEQUENCE")
    return int(said) if said.isdigit() and len(said) < 9 else 0


def _moved(events: list[Event]) -> dict[str, set[date]]:
    """Give, for each repeating event, the days that a line of their own replaces."""
    found: dict[str, set[date]] = {}
    for event in events:
        line = event.first("RECURRENCE-ID")
        if line is not None:
            try:
                found.setdefault(event.said("UID"), set()).add(when(line)[0].date())
            except BadDate:
                continue
    return found


def _read(event: Event, moved: dict[str, set[date]], collected: Collected) -> None:
    title = event.said("SUMMARY")
    if event.said("STATUS").upper() == "CANCELLED":
        collected.leave(said=title, where=event.where, why="it is marked as cancelled")
        return
    try:
        extent = extent_of(event)
    except BadDate as problem:
        _undated(event, title, problem, collected)
        return
    days = (extent.last - extent.first).days + 1
    meaning = _meaning(event, title, days)
    if not meaning.alternatives:
        collected.leave(said=title or "(no title)", where=event.where, why="it does not say that school is open or shut")
        return
    if event.said("STATUS").upper() == "TENTATIVE":
        meaning = replace(meaning, doubt=meaning.doubt or "it is marked as tentative")
    for first in _days(event, extent, moved, meaning, title, collected):
        span = DaysRead(first, first + (extent.last - extent.first), extent.assumed)
        _add(span, meaning, title, event, extent, collected)


def _meaning(event: Event, title: str, days: int) -> Meaning:
    found = meaning_of(title, days=days)
    categories = event.said("CATEGORIES")
    return found if found.alternatives or not categories or found.off_subject else meaning_of(categories, days=days)


def _undated(event: Event, title: str, problem: BadDate, collected: Collected) -> None:
    meaning = meaning_of(title)
    if meaning.alternatives:
        collected.add(read=DaysDoubted(str(problem)), meaning=meaning, said=title, where=event.where)
    else:
        collected.leave(said=title or "(no title)", where=event.where, why=str(problem))


def _days(
    event: Event, extent: Extent, moved: dict[str, set[date]], meaning: Meaning, title: str, collected: Collected
) -> tuple[date, ...]:
    try:
        days = first_days(event, extent.first)
    except (UnknownRule, BadDate) as problem:
        once = DaysDoubted(str(problem), ((extent.first, extent.last),))
        collected.add(read=once, meaning=meaning, said=title, where=event.where)
        return ()
    return days if event.first("RECURRENCE-ID") else tuple(day for day in days if day not in moved.get(event.said("UID"), set()))


def _add(span: DaysRead, meaning: Meaning, title: str, event: Event, extent: Extent, collected: Collected) -> None:
    """Ask where a break from Monday would end on a Thursday: some programs count the end in, though the format does not."""
    friday = span.last + timedelta(days=1)
    counted_in = extent.is_day and event.first("DTEND") and span.first.weekday() in (0, 5) and span.last.weekday() == 3
    if counted_in and span.last > span.first and set(meaning.alternatives) <= _BREAKS:
        why = "by the rules of the format it ends on a Thursday; some programs count the last day in"
        doubt = DaysDoubted(why, ((span.first, friday), (span.first, span.last)))
        collected.add(read=doubt, meaning=meaning, said=title, where=event.where)
    else:
        collected.add(read=span, meaning=meaning, said=title, where=event.where)
