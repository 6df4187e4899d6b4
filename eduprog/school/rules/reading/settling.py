"""From a date and the words beside it to an entry or a question: the one place where doubt is decided."""

from __future__ import annotations

from dataclasses import dataclass, field

from eduprog.curriculum.vocabulary import Nation
from eduprog.school.rules.bank_holidays import bank_holidays
from eduprog.school.rules.date_texts import DaysDoubted, DaysRead
from eduprog.school.rules.reading.checks import FIRST_YEAR, LAST_YEAR, question_about, said_of
from eduprog.school.rules.reading.labels import Meaning
from eduprog.school.rules.reading.values import (
    LEAVE_OUT,
    CalendarEntry,
    CalendarReading,
    Choice,
    EntryKind,
    NotUnderstood,
    Question,
)

LONGEST_EXCERPT = 160
_UNKNOWN_DAY = ((EntryKind.INSET,), (EntryKind.CLOSURE,), (EntryKind.OPENS,), (EntryKind.CLOSES,))
_UNKNOWN_DAYS = ((EntryKind.HALF_TERM_BREAK,), (EntryKind.HOLIDAY,), (EntryKind.INSET,))
_UNKNOWN_WEEKS = ((EntryKind.TEACHING,), (EntryKind.HOLIDAY,))
_LONG = 22  # days, beyond which a range is more likely taught than a break


@dataclass
class Collected:
    """What has been read so far; `reading()` closes it."""

    nation: Nation
    entries: list[CalendarEntry] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    not_understood: list[NotUnderstood] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)

    def add(self, *, read: DaysRead | DaysDoubted, meaning: Meaning, said: str, where: str) -> None:
        """Take one date with its meaning: as entries where both are sure and the entry can be right, else as a question."""
        said = excerpt(said)
        if not meaning.alternatives and isinstance(read, DaysRead):
            self._unknown(read, meaning, said, where)
        elif isinstance(read, DaysRead) and meaning.is_sure:
            self._take(_entries(read, meaning.alternatives[0], said, where))
        else:
            self._ask(read, meaning, said, where)

    def _take(self, entries: tuple[CalendarEntry, ...]) -> None:
        for entry in entries:
            question = question_about(entry, self.nation)
            if question:
                self.questions.append(question)
            else:
                self.entries.append(entry)

    def _unknown(self, read: DaysRead, meaning: Meaning, said: str, where: str) -> None:
        if meaning.off_subject:
            self.not_understood.append(NotUnderstood(where, said, "it does not say that school is open or shut"))
            return
        days = (read.last - read.first).days + 1
        ours = FIRST_YEAR <= read.first.year <= read.last.year <= LAST_YEAR
        if days == 1 and ours and read.first in bank_holidays(self.nation, read.first.year):
            self._take(_entries(read, (EntryKind.BANK_HOLIDAY,), said, where))  # shut in any case, whatever it is called
            return
        unknown = _UNKNOWN_DAY if days == 1 else _UNKNOWN_DAYS if days <= _LONG else _UNKNOWN_WEEKS
        doubt = "it does not say what happens then" if ours else f"the year {read.first.year} is not one of ours"
        self._ask(read, Meaning(unknown, doubt), said, where)

    def _ask(self, read: DaysRead | DaysDoubted, meaning: Meaning, said: str, where: str) -> None:
        spans = [DaysRead(first, last) for first, last in read.may_mean] if isinstance(read, DaysDoubted) else [read]
        spans = [span for span in spans if FIRST_YEAR <= span.first.year <= span.last.year <= LAST_YEAR]
        unknown = isinstance(read, DaysDoubted) and not meaning.alternatives
        alternatives = (_UNKNOWN_DAY if unknown else meaning.alternatives) or _UNKNOWN_DAY
        offered = [_entries(span, kinds, said, where) for span in spans for kinds in alternatives]
        choices = [Choice(said_of(entries), entries) for entries in offered[:12]]
        whys = [*([read.why] if isinstance(read, DaysDoubted) else []), *([meaning.doubt] if meaning.doubt else [])]
        kinds = alternatives[0] if len(alternatives) == 1 else ()
        self.questions.append(Question(where, said, "; ".join(whys), (*choices, LEAVE_OUT), kinds))

    def leave(self, *, said: str, where: str, why: str) -> None:
        """Take nothing from a line, and say why."""
        self.not_understood.append(NotUnderstood(where, excerpt(said), why))

    def reading(self, years: tuple[int, ...] = ()) -> CalendarReading:
        """Close the collection; what is said twice is kept once."""
        unique = {(entry.kind, entry.first, entry.last): entry for entry in reversed(self.entries)}
        kept = tuple(entry for entry in self.entries if unique[entry.kind, entry.first, entry.last] is entry)
        return CalendarReading(kept, tuple(self.questions), tuple(self.not_understood), tuple(self.passed_over), years)


def _entries(read: DaysRead, kinds: tuple[EntryKind, ...], said: str, where: str) -> tuple[CalendarEntry, ...]:
    return tuple(CalendarEntry(kind, read.first, read.last, said, where, read.filled_in) for kind in kinds)


def excerpt(text: str) -> str:
    """Give the words of a source, on one line and not too long."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_EXCERPT else text[: LONGEST_EXCERPT - 1] + "…"
