"""From calendar entries to academic years: six half-terms and the days on which school is shut. What does not add up is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from eduprog.curriculum.vocabulary import HalfTermBlock, Nation
from eduprog.school.rules.bank_holidays import bank_holidays
from eduprog.school.rules.date_texts import academic_year_of, write_day, write_span
from eduprog.school.rules.half_terms import HalfTermSpan, Span
from eduprog.school.rules.kinds import ClosureKind
from eduprog.school.rules.reading.checks import days_of
from eduprog.school.rules.reading.spans import BREAKS, next_weekday, taught, weekdays
from eduprog.school.rules.reading.values import SHUT_DAYS, CalendarEntry, Choice, EntryKind, Question

_TERMS = (
    ("autumn", HalfTermBlock.AUTUMN_1, HalfTermBlock.AUTUMN_2),
    ("spring", HalfTermBlock.SPRING_1, HalfTermBlock.SPRING_2),
    ("summer", HalfTermBlock.SUMMER_1, HalfTermBlock.SUMMER_2),
)
_CLOSURES = {
    EntryKind.INSET: ClosureKind.INSET, EntryKind.IN_LIEU: ClosureKind.IN_LIEU, EntryKind.POLLING: ClosureKind.POLLING,
    EntryKind.CLOSURE: ClosureKind.OTHER,
}  # fmt: skip
_NEAR_EASTER = timedelta(days=24)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class YearProposal:
    """Hold one academic year as it would be stored; `said` is what was concluded, in sentences."""

    starting: int
    half_terms: tuple[HalfTermSpan, ...]
    closures: tuple[tuple[date, ClosureKind], ...]
    said: tuple[str, ...] = ()

    @property
    def starts_on(self) -> date:
        """Give the first day: of term, or of training before it."""
        return min([span.first for span in self.half_terms] + [day for day, _ in self.closures])

    @property
    def ends_on(self) -> date:
        """Give the last day: of term, or of training after it."""
        return max([span.last for span in self.half_terms] + [day for day, _ in self.closures])


@dataclass(frozen=True, slots=True)
class Proposal:
    """Hold the academic years that entries make, what must be asked first, and entries no year could take in."""

    years: tuple[YearProposal, ...] = ()
    questions: tuple[Question, ...] = ()
    left_over: tuple[CalendarEntry, ...] = ()


def propose(
    entries: Iterable[CalendarEntry], *, nation: Nation, wanted: int | None = None, accepted: frozenset[str] = frozenset()
) -> Proposal:
    """Build academic years from entries. `wanted` is the year asked for: another one is asked about, not taken in passing.

    `accepted` are the keys of questions answered “as it stands”.
    """
    by_year: dict[int, list[CalendarEntry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda one: (one.first, one.last)):
        for starting in _years_of(entry):
            by_year[starting].append(entry)
    proposal = Proposal()
    for starting, found in sorted(by_year.items()):
        proposal = _with_year(proposal, starting, found, nation, wanted, accepted)
    used = {entry for found in by_year.values() for entry in found if not set(found) <= set(proposal.left_over)}
    return replace(proposal, left_over=tuple(entry for entry in dict.fromkeys(proposal.left_over) if entry not in used))


def _years_of(entry: CalendarEntry) -> set[int]:
    """Give the academic years an entry tells of: a summer holiday ends one and begins the next."""
    if entry.kind in BREAKS and entry.first.month in (6, 7, 8) and entry.last.month in (8, 9):
        return {entry.first.year - 1, entry.first.year} if entry.first.month < 8 else {entry.first.year}
    return {academic_year_of(entry.first)}


def _with_year(
    so_far: Proposal, starting: int, entries: list[CalendarEntry], nation: Nation, wanted: int | None, accepted: frozenset[str]
) -> Proposal:
    found = taught(entries, accepted)
    if not found.spans and not found.questions:
        return replace(so_far, left_over=so_far.left_over + tuple(entries))
    if wanted is not None and starting != wanted:
        other = _another_year(starting, wanted, entries)
        if other.key not in accepted:
            return replace(so_far, questions=(*so_far.questions, other))
    asked = list(found.questions)
    year, structure = _year(starting, found.spans, entries, nation)
    asked = [question for question in (*asked, *structure) if question.key not in accepted]
    return replace(so_far, years=(*so_far.years, year) if year else so_far.years, questions=(*so_far.questions, *asked))


def write_year(starting: int) -> str:
    """Write an academic year as schools do: ``2026/27``."""
    return f"{starting}/{(starting + 1) % 100:02}"


def _another_year(starting: int, wanted: int, entries: Sequence[CalendarEntry]) -> Question:
    why = f"these dates are for {write_year(starting)}, but you asked for {write_year(wanted)}"
    choices = (Choice(f"Leave {write_year(starting)} out"), Choice(f"Take {write_year(starting)} too", tuple(entries)))
    return Question(f"academic year {write_year(starting)}", f"{len(entries)} dates", why, choices, about=tuple(entries))


def _year(
    starting: int, spans: Sequence[Span], entries: Sequence[CalendarEntry], nation: Nation
) -> tuple[YearProposal | None, list[Question]]:
    blocks: list[HalfTermSpan] = []
    questions: list[Question] = []
    shut: list[tuple[date, ClosureKind]] = []
    said: list[str] = []
    missing: list[str] = []
    for (name, *pair), runs in zip(_TERMS, _by_term(starting, spans), strict=True):
        merged, between = _two_at_most(runs, nation)
        shut += between
        said += [f"{write_day(day)} is taken as a day off inside the {name} term" for day, _ in between]
        blocks += [HalfTermSpan(block, *run) for block, run in zip(pair, merged, strict=False)]
        missing += [] if merged else [name]
        where = f"{name} term {starting if name == 'autumn' else starting + 1}"
        questions += [_without_break(where, merged[0])] if len(merged) == 1 else []
    if not blocks:
        return None, questions
    questions += [_missing(starting, missing, entries)] if missing else []
    closed, notes = _closures(entries, blocks, nation)
    return YearProposal(
        starting, tuple(blocks), tuple(sorted({**dict(shut), **dict(closed)}.items())), (*said, *notes)
    ), questions


def _by_term(starting: int, spans: Sequence[Span]) -> tuple[list[Span], list[Span], list[Span]]:
    """Share the stretches out between three terms: before Christmas, from then to the Easter holiday, and after it."""
    christmas = date(starting, 12, 25)
    autumn = [span for span in spans if span[0] < christmas]
    rest = [span for span in spans if span[0] > christmas]
    turn = _easter_turn(rest, easter(starting + 1))
    return autumn, [span for span in rest if span[0] < turn], [span for span in rest if span[0] >= turn]


def _easter_turn(spans: Sequence[Span], sunday: date) -> date:
    """Give the first day of the summer term: after the longest gap near Easter, else Easter itself."""
    gaps = [
        (len(weekdays(before[1] + _DAY, after[0] - _DAY)), after[0])
        for before, after in pairwise(spans)
        if before[1] <= sunday + _NEAR_EASTER and after[0] >= sunday - _NEAR_EASTER + timedelta(days=14)
    ]
    longest = max(gaps, default=(0, sunday), key=lambda gap: gap[0])
    return longest[1] if longest[0] >= 3 else sunday


def easter(year: int) -> date:
    """Give Easter Sunday of a year, by the rule of the Gregorian calendar."""
    golden, century = year % 19, year // 100
    moon = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    moon -= (moon // 28) * (1 - (moon // 28) * (29 // (moon + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    offset = moon - weekday
    month = 3 + (offset + 40) // 44
    return date(year, month, offset + 28 - 31 * (month // 4))


def _two_at_most(runs: list[Span], nation: Nation) -> tuple[list[Span], list[tuple[date, ClosureKind]]]:
    """Close single-day gaps, then the shortest until two stretches are left; the days in them are days off inside a term."""
    shut: list[tuple[date, ClosureKind]] = []
    runs = list(runs)
    while len(runs) > 1:
        gaps = [weekdays(one[1] + _DAY, other[0] - _DAY) for one, other in pairwise(runs)]
        place = min(range(len(gaps)), key=lambda number: (len(gaps[number]) == 0 and len(runs) <= 2, len(gaps[number])))
        if len(runs) <= 2 and len(gaps[place]) != 1:
            break
        shut += [(day, ClosureKind.OTHER) for day in gaps[place] if day not in bank_holidays(nation, day.year)]
        runs[place : place + 2] = [(runs[place][0], runs[place + 1][1])]
    return runs, shut


def _missing(starting: int, names: Sequence[str], entries: Sequence[CalendarEntry]) -> Question:
    terms = " and the ".join(f"{name} term" for name in names)
    choices = (Choice("Take what is there; I add the rest later", tuple(entries)), Choice(f"Leave {write_year(starting)} out"))
    why = f"no dates of the {terms} are found"
    return Question(f"academic year {write_year(starting)}", "", why, choices, about=tuple(entries))


def _without_break(where: str, run: Span) -> Question:
    friday = _middle_friday(run)
    halves = (
        CalendarEntry(EntryKind.TEACHING, run[0], friday, where=where),
        CalendarEntry(EntryKind.TEACHING, next_weekday(friday), run[1], where=where),
    )
    why = f"no half-term break lies between {write_span(run)}"
    choice = Choice(f"There is none: teach in two halves, the first until {write_day(friday)}", halves)
    return Question(where, "", why, (choice,), (EntryKind.HALF_TERM_BREAK,))


def _middle_friday(run: Span) -> date:
    days = weekdays(*run)
    middle = days[len(days) // 2]
    friday = middle + _DAY * (4 - middle.weekday())
    return friday if friday < run[1] else max(run[0], friday - timedelta(weeks=1))


def _closures(
    entries: Iterable[CalendarEntry], blocks: Sequence[HalfTermSpan], nation: Nation
) -> tuple[list[tuple[date, ClosureKind]], list[str]]:
    """Give the days shut: in term whatever the reason, outside of it training days only."""
    closed: dict[date, ClosureKind] = {}
    notes = []
    for entry in entries:
        if entry.kind not in SHUT_DAYS:
            continue
        for day in days_of(entry):
            in_term = any(day in block for block in blocks)
            if day.weekday() > 4 or day in bank_holidays(nation, day.year):
                continue
            if in_term or entry.kind in (EntryKind.INSET, EntryKind.IN_LIEU):
                closed.setdefault(day, _CLOSURES[entry.kind])
            else:
                notes.append(f"{write_day(day)} lies outside every term, so nothing needs shutting ({entry.where})")
    return list(closed.items()), notes
