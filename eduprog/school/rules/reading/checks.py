"""Whether a calendar entry can be right: weekends, bank holidays and lengths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from eduprog.curriculum.vocabulary import Nation
from eduprog.school.rules.bank_holidays import bank_holidays
from eduprog.school.rules.date_texts import write_day, write_span
from eduprog.school.rules.reading.values import LEAVE_OUT, SHUT_DAYS, CalendarEntry, Choice, EntryKind, Question

FIRST_YEAR, LAST_YEAR = 2000, 2099
_DAY = timedelta(days=1)
NATIONS = {
    Nation.ENGLAND: "England", Nation.WALES: "Wales", Nation.SCOTLAND: "Scotland", Nation.NORTHERN_IRELAND: "Northern Ireland",
}  # fmt: skip
_TAUGHT = frozenset({EntryKind.TERM, EntryKind.TEACHING, EntryKind.OPENS, EntryKind.CLOSES})
_LENGTHS = {  # days from first to last that need no question
    EntryKind.TERM: (20, 150), EntryKind.TEACHING: (5, 110), EntryKind.HALF_TERM_BREAK: (2, 17), EntryKind.HOLIDAY: (1, 62),
    EntryKind.INSET: (1, 5), EntryKind.IN_LIEU: (1, 5), EntryKind.CLOSURE: (1, 31), EntryKind.BANK_HOLIDAY: (1, 4),
    EntryKind.POLLING: (1, 1),
}  # fmt: skip


def question_about(entry: CalendarEntry, nation: Nation) -> Question | None:
    """Give the question an entry raises by itself, or None where it can be taken."""
    if not FIRST_YEAR <= entry.first.year <= entry.last.year <= LAST_YEAR:
        return _ask(entry, f"the year {entry.first.year} is not one of ours", ())
    if entry.last < entry.first:
        turned = replace(entry, first=entry.last, last=entry.first)
        return _ask(entry, f"it ends on {write_day(entry.last)} before it begins on {write_day(entry.first)}", (turned,))
    for check in _CHECKS:
        asked = check(entry, nation)
        if asked:
            return asked
    return None


def _length(entry: CalendarEntry, _nation: Nation) -> Question | None:
    shortest, longest = _LENGTHS.get(entry.kind, (1, 1))
    days = (entry.last - entry.first).days + 1
    if shortest <= days <= longest:
        return None
    why = f"{days} {'day is' if days == 1 else 'days are'} unusual for “{entry.kind.label.lower()}”"
    friday = entry.first + timedelta(days=4 - entry.first.weekday())
    week = (
        (replace(entry, last=friday),) if entry.kind is EntryKind.HALF_TERM_BREAK and days == 1 and friday > entry.first else ()
    )
    return _ask(entry, why, (*week, entry))


def _weekend(entry: CalendarEntry, _nation: Nation) -> Question | None:
    if entry.kind in SHUT_DAYS and all(day.weekday() > 4 for day in days_of(entry)):
        return _ask(entry, f"{write_span((entry.first, entry.last))} is no school day", _moved_off_weekend(entry))
    if entry.kind in _TAUGHT:
        for day in {entry.first, entry.last}:
            if day.weekday() > 4:
                return _ask(entry, f"pupils are not in school on {write_day(day)}", (_inside_the_week(entry),))
    return None


def _over_summer(entry: CalendarEntry, _nation: Nation) -> Question | None:
    """Doubt a term that would run through the summer holiday."""
    if (
        entry.kind not in (EntryKind.TERM, EntryKind.TEACHING)
        or entry.first.month not in (6, 7)
        or entry.last.month not in (8, 9)
    ):
        return None
    return _ask(entry, "no term runs through the summer holiday", (replace(entry, kind=EntryKind.HOLIDAY), entry))


def _moved_off_weekend(entry: CalendarEntry) -> tuple[CalendarEntry, ...]:
    friday = entry.first - _DAY * (entry.first.weekday() - 4)
    monday = friday + _DAY * 3
    return replace(entry, first=friday, last=friday), replace(entry, first=monday, last=monday)


def _inside_the_week(entry: CalendarEntry) -> CalendarEntry:
    first, last = entry.first, entry.last
    if entry.kind is EntryKind.CLOSES:
        last = first = last - _DAY * max(0, last.weekday() - 4)
    elif entry.kind is EntryKind.OPENS:
        first = last = first + _DAY * ((7 - first.weekday()) % 7 if first.weekday() > 4 else 0)
    else:
        first += _DAY * (7 - first.weekday() if first.weekday() > 4 else 0)
        last -= _DAY * max(0, last.weekday() - 4)
    return replace(entry, first=first, last=last)


def _on_bank_holiday(entry: CalendarEntry, nation: Nation) -> Question | None:
    if entry.kind not in {EntryKind.INSET, EntryKind.IN_LIEU, EntryKind.POLLING, *_TAUGHT}:
        return None
    ends = set(days_of(entry)) if entry.kind not in _TAUGHT else {entry.first, entry.last}
    holidays = sorted(day for day in ends if day in bank_holidays(nation, day.year))
    if not holidays:
        return None
    why = f"{write_day(holidays[0])} is a bank holiday in {NATIONS[nation]}"
    later = replace(entry, first=entry.first + _DAY, last=entry.last + _DAY) if entry.first == entry.last else entry
    return _ask(entry, why, tuple(dict.fromkeys((later, entry))))


def _bank_holiday(entry: CalendarEntry, nation: Nation) -> Question | None:
    if entry.kind is not EntryKind.BANK_HOLIDAY:
        return None
    workdays = [day for day in days_of(entry) if day.weekday() < 5]
    strange = [day for day in workdays if day not in bank_holidays(nation, day.year)]
    if workdays and not strange:
        return None
    shut = replace(entry, kind=EntryKind.CLOSURE)
    near = [entry.first + _DAY * step for step in sorted(range(-10, 11), key=abs)]
    known = [day for day in near if day in bank_holidays(nation, day.year)][:1]
    meant = tuple(replace(entry, first=day, last=day) for day in known)
    why = f"{write_day(strange[0] if strange else entry.first)} is not a bank holiday in {NATIONS[nation]}"
    return _ask(entry, why, (*meant, *((shut,) if workdays else ())))


_CHECKS: tuple[Callable[[CalendarEntry, Nation], Question | None], ...] = (
    _weekend, _over_summer, _bank_holiday, _on_bank_holiday, _length,
)  # fmt: skip


def days_of(entry: CalendarEntry) -> list[date]:
    """Give every day of an entry, first and last included."""
    return [entry.first + _DAY * step for step in range((entry.last - entry.first).days + 1)]


def _ask(entry: CalendarEntry, why: str, meant: tuple[CalendarEntry, ...]) -> Question:
    choices = tuple(Choice(said_of((one,)), (one,)) for one in meant)
    return Question(entry.where, entry.label, why, (*choices, LEAVE_OUT), (entry.kind,))


def said_of(entries: tuple[CalendarEntry, ...]) -> str:
    """Say what entries mean, as the words of a choice."""
    if not entries:
        return LEAVE_OUT.says
    kinds = " and ".join(dict.fromkeys(entry.kind.label for entry in entries))
    return f"{kinds}: {write_span((entries[0].first, entries[-1].last))}"
