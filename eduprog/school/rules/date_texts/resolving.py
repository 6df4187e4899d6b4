"""From dates as written to days: what is left out is filled in from around it, and what does not fit becomes a doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from eduprog.school.rules.date_texts.atoms import DateAtom
from eduprog.school.rules.date_texts.context import (
    DateContext,
    DaysDoubted,
    DaysRead,
    Span,
    day_or_none,
    write_day,
    write_span,
)
from eduprog.school.rules.date_texts.doubts import (
    broken_year_doubt,
    month_and_day_swapped,
    near_weekday,
    no_such_day,
    other_year,
    single_days,
    strange_year,
)
from eduprog.school.rules.date_texts.phrases import DatePhrase, Joint
from eduprog.school.rules.date_texts.words import MONTH_NAMES, WEEKDAY_NAMES

LONGEST_RANGE = 200  # days: no term of a British school is longer
LONGEST_GUESSED_MONTH = 16  # days that a range may last whose first month was only inferred
_WEEK = timedelta(days=4)
_ENDINGS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}


def lend(phrases: Sequence[DatePhrase]) -> list[DatePhrase]:
    """Let each date of a list lend month and year to the one before it (“3rd and 4th September 2026”)."""
    lent: list[DatePhrase] = []
    following: DatePhrase | None = None
    for phrase in reversed(_lend_on(phrases)):
        if following is not None and following.joint is Joint.LIST and phrase.last is None:
            phrase = replace(phrase, first=_borrow(phrase.first, following.first))
        lent.append(phrase)
        following = phrase
    return lent[::-1]


def _lend_on(phrases: Sequence[DatePhrase]) -> list[DatePhrase]:
    """Let a month that stands first (“September 1, 2 and 3”) hold for the days listed after it."""
    lent: list[DatePhrase] = []
    for phrase in phrases:
        atom, before = phrase.first, lent[-1].first if lent else None
        if before and before.month_first and phrase.joint is Joint.LIST and atom.month is None and before.day < atom.day:
            phrase = replace(phrase, first=replace(atom, month=before.month, month_first=True))
        lent.append(phrase)
    return lent


def _borrow(atom: DateAtom, from_: DateAtom) -> DateAtom:
    if atom.month is None and atom.day < from_.day:
        atom = replace(atom, month=from_.month, slips=(*atom.slips, *from_.slips))
    if _lacks_year(atom) and atom.month is not None and from_.month is not None and from_.year is not None:
        atom = replace(atom, year=from_.year - 1 if atom.month > 6 >= from_.month else from_.year)
    return atom


def resolve(phrase: DatePhrase, context: DateContext) -> DaysRead | DaysDoubted:
    """Read a day or a range. Nothing is guessed: what is not certain from the phrase and its context is doubted."""
    strange = strange_year(phrase.first, phrase.last, context)
    if strange is not None:
        return strange
    first, last, filled_in = _fill(phrase.first, phrase.last, context)
    firsts = _read(first, replace(context, begins_summer=last is not None and last.month in (8, 9)))
    lasts = _read(last, replace(context, ends_summer=True)) if last else firsts
    doubts = [one for one in ((firsts,) if last is None else (firsts, lasts)) if isinstance(one, DaysDoubted)]
    if doubts:
        return _joined_doubt(doubts, firsts, lasts, (first, last), context)
    assert isinstance(firsts, DaysRead)
    assert isinstance(lasts, DaysRead)
    read = DaysRead(firsts.first, lasts.last, tuple(dict.fromkeys((*filled_in, *firsts.filled_in, *lasts.filled_in))))
    if phrase.open_end:
        return DaysDoubted(phrase.open_end, ((read.first, read.last),))
    return _weeks(read, phrase.week) if phrase.week else _in_order(read, phrase, context)


def _fill(first: DateAtom, last: DateAtom | None, context: DateContext) -> tuple[DateAtom, DateAtom | None, tuple[str, ...]]:
    """Let the ends of a range lend each other month and year."""
    if last is None:
        return _with_heading(first, context), None, ()
    had_month = first.month is not None
    first, last = _months(first, last, context)
    said: tuple[str, ...] = ()
    if not had_month and first.month is not None and first.month != last.month:
        said = (f"the month changes inside the range, so it begins in {MONTH_NAMES[first.month - 1]}",)
    return *_years(*_over_summer(first, last, context)), said


def _months(first: DateAtom, last: DateAtom, context: DateContext) -> tuple[DateAtom, DateAtom]:
    if last.month is None and first.month is None:
        return _with_heading(first, context), _with_heading(last, context)
    if first.month is None and last.month is not None:
        return replace(first, month=last.month if first.day <= last.day else (last.month - 2) % 12 + 1), last
    if last.month is None and first.month is not None:
        last = replace(last, month=first.month if last.day >= first.day else first.month % 12 + 1)
    return first, last


def _over_summer(first: DateAtom, last: DateAtom, context: DateContext) -> tuple[DateAtom, DateAtom]:
    """A range without years from June or July to August or September is the summer at the end of the academic year."""
    summer = first.month in (6, 7) and last.month in (8, 9) and _lacks_year(first) and _lacks_year(last)
    year = context.year_of(7) if summer else None
    return (replace(first, year=year), replace(last, year=year)) if year else (first, last)


def _years(first: DateAtom, last: DateAtom) -> tuple[DateAtom, DateAtom]:
    if first.month is None or last.month is None:
        return first, last
    turns = first.month > 6 >= last.month  # over New Year
    if _lacks_year(first) and last.year is not None:
        first = replace(first, year=last.year - 1 if turns else last.year)
    elif _lacks_year(last) and first.year is not None:
        last = replace(last, year=first.year + 1 if turns else first.year)
    return first, last


def _lacks_year(atom: DateAtom) -> bool:
    return atom.year is None and not atom.broken_year


def _with_heading(atom: DateAtom, context: DateContext) -> DateAtom:
    return replace(atom, month=context.month) if atom.month is None else atom


def _read(atom: DateAtom, context: DateContext) -> DaysRead | DaysDoubted:
    """Read one end: first its year, then whether there is such a day, then whether everything said about it fits."""
    if atom.month is None:
        return DaysDoubted(f"“{atom.day}” stands without a month")
    if not 1 <= atom.month <= 12:
        return month_and_day_swapped(atom)
    if atom.broken_year:
        return broken_year_doubt(atom, context)
    year = atom.year or context.year_of(atom.month)
    if year is None:
        return DaysDoubted(f"“{atom.day} {MONTH_NAMES[atom.month - 1]}” has no year, and none stands above it")
    day = day_or_none(year, atom.month, atom.day)
    if day is None:
        return no_such_day(atom, year)
    return _fits(atom, day, context)


def _fits(atom: DateAtom, day: date, context: DateContext) -> DaysRead | DaysDoubted:
    filled = () if atom.year else (f"the year {day.year} is filled in",)
    if atom.weekday is not None and atom.weekday != day.weekday():
        written = f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"
        why = f"{written} is a {WEEKDAY_NAMES[day.weekday()]}, not a {WEEKDAY_NAMES[atom.weekday]}"
        return DaysDoubted(why, single_days(sorted(near_weekday(atom, day, context), key=lambda one: _strange(one, context))))
    if not context.holds(day):
        return other_year(atom, day, context)
    slip = _slip(atom)
    if slip and atom.weekday is None:
        return DaysDoubted(slip, ((day, day),))
    if _ambiguous(atom, context):
        other = date(day.year, day.day, day.month)
        return DaysDoubted(
            "day and month could be either way round: other dates here put the month first", single_days([day, other])
        )
    return DaysRead(day, day, filled + ((slip,) if slip else ()))


def _strange(day: date, context: DateContext) -> int:
    return (day.weekday() > 4) + (not context.holds(day))


def _slip(atom: DateAtom) -> str:
    if atom.slips:
        return f"“{atom.slips[0]}” is misspelt"
    ending = _ENDINGS.get(atom.day, "th")
    return f"“{atom.day}{atom.ordinal}” should be “{atom.day}{ending}”" if atom.ordinal not in ("", ending) else ""


def _ambiguous(atom: DateAtom, context: DateContext) -> bool:
    return context.month_first and atom.numeric and atom.weekday is None and atom.day <= 12 and atom.day != atom.month


def _joined_doubt(
    doubts: list[DaysDoubted],
    firsts: DaysRead | DaysDoubted,
    lasts: DaysRead | DaysDoubted,
    ends: tuple[DateAtom, DateAtom | None],
    context: DateContext,
) -> DaysDoubted:
    why = "; ".join(dict.fromkeys(doubt.why for doubt in doubts))
    first_atom, last_atom = ends
    if last_atom is None:
        return DaysDoubted(why, doubts[0].may_mean)
    spans = [(first, last) for first in _possible(firsts) for last in _possible(lasts) if _is_a_range(first, last)]

    def strangeness(span: Span) -> int:
        """Count what does not fit: weekdays, days of another academic year, days at a weekend."""
        wrong = [atom.weekday not in (None, day.weekday()) for atom, day in zip((first_atom, last_atom), span, strict=True)]
        return sum(wrong) + sum(_strange(day, context) for day in span)

    return DaysDoubted(why, tuple(sorted(dict.fromkeys(spans), key=strangeness))[:4])


def _possible(read: DaysRead | DaysDoubted) -> list[date]:
    return [read.first] if isinstance(read, DaysRead) else [first for first, _ in read.may_mean]


def _is_a_range(first: date, last: date) -> bool:
    return first <= last and (last - first).days <= LONGEST_RANGE


def _weeks(read: DaysRead, weeks: int) -> DaysRead | DaysDoubted:
    monday = read.first - timedelta(days=read.first.weekday())
    last = monday + timedelta(weeks=weeks - 1) + _WEEK
    if read.first == monday:
        return DaysRead(monday, last, read.filled_in)
    why = f"a week is said to begin on {write_day(read.first)}, which is no Monday"
    after = monday + timedelta(weeks=1)
    return DaysDoubted(why, ((monday, last), (after, last + timedelta(weeks=1))))


def _in_order(read: DaysRead, phrase: DatePhrase, context: DateContext) -> DaysRead | DaysDoubted:
    length, span = (read.last - read.first).days, (read.first, read.last)
    if length < 0:
        return _turned(read, context)
    inferred = phrase.last is not None and phrase.first.month is None and read.first.month != read.last.month
    if inferred and length > LONGEST_GUESSED_MONTH:
        return DaysDoubted(
            f"the first date has no month, and {write_span((read.first, read.last))} is long", ((read.first, read.last),)
        )
    if length > LONGEST_RANGE:
        return DaysDoubted(f"{write_span(span)} is {length + 1} days", (span,))
    return read


def _turned(read: DaysRead, context: DateContext) -> DaysDoubted:
    """Offer the two dates exchanged, or one of them in the next or last year, where that makes a range."""
    first, last = read.first, read.last
    later, earlier = day_or_none(last.year + 1, last.month, last.day), day_or_none(first.year - 1, first.month, first.day)
    tried = [(last, first), *([(first, later)] if later else []), *([(earlier, last)] if earlier else [])]
    spans = tuple(span for span in tried if _is_a_range(*span) and _one_year(span, context))
    return DaysDoubted(f"it ends on {write_day(last)} before it begins on {write_day(first)}", spans)


def _one_year(span: Span, context: DateContext) -> bool:
    return all(context.holds(day) for day in span)
