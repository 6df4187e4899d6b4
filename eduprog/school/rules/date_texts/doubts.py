"""What a date that does not fit may have meant, likeliest first."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from eduprog.school.rules.date_texts.atoms import DateAtom
from eduprog.school.rules.date_texts.context import DateContext, DaysDoubted, Span, academic_year_of, day_or_none, write_day
from eduprog.school.rules.date_texts.words import MONTH_NAMES

_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def near_weekday(atom: DateAtom, day: date, context: DateContext) -> Iterator[date]:
    """Give the day as written, then the same day of a year on whose weekday it falls, then the weekdays before and after."""
    yield day
    for year in (day.year - 1, day.year + 1):
        other = day_or_none(year, day.month, day.day)
        if other and other.weekday() == atom.weekday and context.academic_year in (None, academic_year_of(other)):
            yield other
    assert atom.weekday is not None
    after = day + timedelta(days=(atom.weekday - day.weekday()) % 7)
    yield from sorted((after - timedelta(days=7), after), key=lambda one: abs((one - day).days))


def other_year(atom: DateAtom, day: date, context: DateContext) -> DaysDoubted:
    """Doubt a day of another academic year: offer the same day of the right one."""
    assert context.academic_year is not None
    year = context.year_of(day.month)
    same = day_or_none(year, day.month, day.day) if year else None
    found = [same] if same else []
    if same and atom.weekday is not None and same.weekday() != atom.weekday:
        found += [same + timedelta(days=step) for step in range(-3, 4) if (same + timedelta(days=step)).weekday() == atom.weekday]
    if atom.numeric and day.day <= 12:
        found += [one for one in [date(day.year, day.day, day.month)] if academic_year_of(one) == context.academic_year]
    of_year = f"{context.academic_year}/{(context.academic_year + 1) % 100:02}"
    return DaysDoubted(f"{write_day(day)} is not in the academic year {of_year}", single_days([*found, day]))


def strange_year(first: DateAtom, last: DateAtom | None, context: DateContext) -> DaysDoubted | None:
    """Doubt a year that nobody alive plans for, before anything is counted on from it; None where all are possible."""
    years = (first.year, last.year if last else None, context.academic_year, context.year)
    strange = next((year for year in years if year is not None and not _FIRST_YEAR <= year <= _LAST_YEAR), None)
    return None if strange is None else DaysDoubted(f"the year {strange} is not one of ours")


def no_such_day(atom: DateAtom, year: int) -> DaysDoubted:
    """Doubt a day that no calendar has: offer the end of the month and the day after it."""
    assert atom.month is not None
    why = f"there is no {atom.day} {MONTH_NAMES[atom.month - 1]} {year}"
    if not 1 <= atom.day <= 39:
        return DaysDoubted(why)
    end = date(year, atom.month, monthrange(year, atom.month)[1])
    near = [end, end + timedelta(days=1)]
    fitting = [one for one in near if atom.weekday in (None, one.weekday())]
    return DaysDoubted(why, single_days(fitting or near))


def month_and_day_swapped(atom: DateAtom) -> DaysDoubted:
    """Doubt a numeric date whose month is none: offer it the other way round."""
    assert atom.month is not None
    swapped = day_or_none(atom.year, atom.day, atom.month) if atom.year and 1 <= atom.day <= 12 else None
    why = f"there is no month {atom.month}; day and month may be the wrong way round"
    return DaysDoubted(why, single_days([swapped] if swapped else []))


def broken_year_doubt(atom: DateAtom, context: DateContext) -> DaysDoubted:
    """Doubt a year of too many or too few digits: offer the years it may have been."""
    assert atom.month is not None
    digits = atom.broken_year
    shorter = {int(digits[:n] + digits[n + 1 :]) for n in range(len(digits))} if len(digits) == 5 else set()
    days = [day_or_none(year, atom.month, atom.day) for year in sorted(shorter) if 2000 <= year <= 2099]
    expected = context.year_of(atom.month)
    days += [day_or_none(expected, atom.month, atom.day)] if expected else []
    found = [day for day in days if day and context.academic_year in (None, academic_year_of(day))]
    found.sort(key=lambda day: atom.weekday is not None and day.weekday() != atom.weekday)
    return DaysDoubted(f"“{digits}” is not a year", single_days(found))


def single_days(days: Iterable[date]) -> tuple[Span, ...]:
    """Give the days as spans of one day, each once."""
    return tuple(dict.fromkeys((day, day) for day in days))
