"""From first days, last days and breaks to the stretches of an academic year in which pupils are taught."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from eduprog.school.rules.date_texts import write_day, write_span
from eduprog.school.rules.half_terms import Span
from eduprog.school.rules.reading.values import LEAVE_OUT, CalendarEntry, Choice, EntryKind, Question

_DAY = timedelta(days=1)
_STAGGERED = 14  # days within which two first days are two tellings of one
_TAUGHT = frozenset({EntryKind.TERM, EntryKind.TEACHING})
BREAKS = frozenset({EntryKind.HALF_TERM_BREAK, EntryKind.HOLIDAY})


def weekdays(first: date, last: date) -> list[date]:
    """Give the Mondays to Fridays from first to last, both included."""
    days = (first + _DAY * step for step in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]


def next_weekday(day: date) -> date:
    """Give the first Monday to Friday after the day."""
    return day + _DAY * (7 - day.weekday() if day.weekday() >= 4 else 1)


def last_weekday_before(day: date) -> date:
    """Give the last Monday to Friday before the day."""
    return day - _DAY * {0: 3, 6: 2}.get(day.weekday(), 1)


@dataclass(frozen=True, slots=True)
class _Point:
    day: date
    opens: bool
    entry: CalendarEntry


@dataclass(frozen=True, slots=True)
class Taught:
    """Hold the stretches of teaching, and what must be asked before they are sure."""

    spans: tuple[Span, ...]
    questions: tuple[Question, ...] = ()


def taught(entries: Sequence[CalendarEntry], accepted: frozenset[str]) -> Taught:
    """Pair every first day with its last, and cut what a break divides. `accepted` are questions answered “as it stands”."""
    breaks = [(entry.first, entry.last) for entry in entries if entry.kind in BREAKS]
    points = _points(entries)
    if not points:
        return Taught(_between_holidays(breaks))
    spans, questions = _paired(_ended_by_summer(points, breaks), breaks)
    overlaps = [one for entry in entries if entry.kind in BREAKS for one in _overlaps(entry, spans)]
    return Taught(_cut(spans, breaks), tuple(one for one in (*questions, *overlaps) if one.key not in accepted))


def _points(entries: Iterable[CalendarEntry]) -> list[_Point]:
    found: dict[tuple[date, bool], _Point] = {}
    for entry in entries:
        for point in _points_of(entry):
            found.setdefault((point.day, point.opens), point)
    return sorted(found.values(), key=lambda point: (point.day, not point.opens))


def _points_of(entry: CalendarEntry) -> list[_Point]:
    if entry.kind in _TAUGHT:
        return [_Point(entry.first, True, entry), _Point(entry.last, False, entry)]
    if entry.kind is EntryKind.OPENS:
        return [_Point(entry.first, True, entry)]
    if entry.kind is EntryKind.CLOSES:
        return [_Point(entry.last, False, entry)]
    if entry.kind is EntryKind.BREAK_STARTS:
        return [_Point(last_weekday_before(entry.first), False, entry)]
    return [_Point(next_weekday(entry.last), True, entry)] if entry.kind is EntryKind.BREAK_ENDS else []


def _paired(points: Sequence[_Point], breaks: Sequence[Span]) -> tuple[list[Span], list[Question]]:
    spans: list[Span] = []
    questions: list[Question] = []
    begun: _Point | None = None
    for point in points:
        if point.opens and begun is not None:
            between = _break_between(breaks, begun.day, point.day)
            if between:
                spans.append((begun.day, last_weekday_before(between[0])))
            else:
                questions.append(_two_alike(begun, point))
            begun = point
        elif point.opens:
            begun = point
        elif begun is not None:
            spans.append((begun.day, point.day))
            begun = None
        else:
            after = _break_between(breaks, spans[-1][1] if spans else date.min, point.day)
            if after:
                spans.append((next_weekday(after[1]), point.day))
            else:
                questions.append(_two_alike(_last_close(points, point), point))
    if begun is not None:
        questions.append(_without_end(begun))
    return spans, questions


def _ended_by_summer(points: list[_Point], breaks: Sequence[Span]) -> list[_Point]:
    """Let the year end before the summer holiday where no line gives its last day."""
    begun = points[-1]
    long = (
        first for first, last in sorted(breaks) if first.month in (6, 7) and last.month in (7, 8, 9) and (last - first).days > 21
    )
    summer = next((first for first in long if begun.opens and first > begun.day), None)
    return [*points, _Point(last_weekday_before(summer), False, begun.entry)] if summer else points


def _last_close(points: Sequence[_Point], before: _Point) -> _Point | None:
    return next((point for point in reversed(points) if point.day < before.day and not point.opens), None)


def _break_between(breaks: Sequence[Span], first: date, last: date) -> Span | None:
    return next((one for one in sorted(breaks) if first < one[0] and one[1] < last), None)


def _two_alike(one: _Point | None, other: _Point) -> Question:
    if one is None or (other.day - one.day).days > _STAGGERED:
        return _without_partner(one, other)
    what = "first" if other.opens else "last"
    why = f"both {write_day(one.day)} and {write_day(other.day)} are given as a {what} day"
    choices = tuple(Choice(f"{write_day(point.day)} it is", _moved(point, one, other)) for point in (one, other))
    return Question(other.entry.where, other.entry.label, why, choices, about=tuple(dict.fromkeys((one.entry, other.entry))))


def _moved(chosen: _Point, one: _Point, other: _Point) -> tuple[CalendarEntry, ...]:
    """Give both entries with the chosen day in place of the other."""
    return tuple(dict.fromkeys(_with_day(entry, chosen) for entry in dict.fromkeys((one.entry, other.entry))))


def _with_day(entry: CalendarEntry, chosen: _Point) -> CalendarEntry:
    if entry.kind in _TAUGHT:
        return replace(entry, first=chosen.day) if chosen.opens else replace(entry, last=chosen.day)
    kind = EntryKind.OPENS if chosen.opens else EntryKind.CLOSES
    return replace(entry, kind=kind, first=chosen.day, last=chosen.day)


def _without_partner(one: _Point | None, other: _Point) -> Question:
    if other.opens:
        assert one is not None
        return _without_end(one)
    why = f"school ends on {write_day(other.day)}, but no line says on which day it began before that"
    choices = (Choice("Leave that last day out"),)
    return Question(other.entry.where, other.entry.label, why, choices, (EntryKind.OPENS,), about=(other.entry,), adds=True)


def _without_end(point: _Point) -> Question:
    why = f"school begins on {write_day(point.day)}, but no line says on which day it ends after that"
    choices = (Choice("Leave that first day out"),)
    return Question(point.entry.where, point.entry.label, why, choices, (EntryKind.CLOSES,), about=(point.entry,), adds=True)


def _overlaps(entry: CalendarEntry, spans: Iterable[Span]) -> list[Question]:
    """Ask where a break runs over the first or last day of teaching."""
    asked = []
    for first, last in spans:
        covers = entry.first <= last and first <= entry.last
        inside = first < entry.first and entry.last < last
        if covers and not inside and weekdays(max(first, entry.first), min(last, entry.last)):
            asked.append(_overlap(entry, (first, last)))
    return asked


def _overlap(entry: CalendarEntry, span: Span) -> Question:
    said = write_span((entry.first, entry.last))
    why = f"“{entry.kind.label.lower()}” ({said}) and days of term ({write_span(span)}) overlap"
    shorter = (
        replace(entry, first=next_weekday(span[1]))
        if entry.first > span[0]
        else replace(entry, last=last_weekday_before(span[0]))
    )
    keep = (Choice("The days of term are right", (shorter,)),) if shorter.first <= shorter.last else ()
    choices = (*keep, Choice("The break is right", (entry,)), LEAVE_OUT)
    return Question(entry.where, entry.label, why, choices, about=(entry,))


def _cut(spans: Iterable[Span], breaks: Sequence[Span]) -> tuple[Span, ...]:
    """Take the breaks out of the spans; what is left has weekdays."""
    left = list(spans)
    for first, last in sorted(breaks):
        parts = []
        for span in left:
            if last < span[0] or first > span[1]:
                parts.append(span)
                continue
            parts += [(span[0], last_weekday_before(first)), (next_weekday(last), span[1])]
        left = [part for part in parts if part[0] <= part[1]]
    return tuple(sorted(left))


def _between_holidays(breaks: Sequence[Span]) -> tuple[Span, ...]:
    """Where only holidays are given, school is what lies between the summer before and the summer after."""
    ordered = sorted(breaks)
    starts = [one for one in ordered if one[1].month in (8, 9) and one[0].month in (7, 8, 9)]
    ends = [one for one in ordered if one[0].month in (6, 7) and (not starts or one[0] > starts[0][1])]
    if not starts or not ends:
        return ()
    whole = (next_weekday(starts[0][1]), last_weekday_before(ends[0][0]))
    return _cut([whole], [one for one in ordered if whole[0] <= one[0] and one[1] <= whole[1]])
